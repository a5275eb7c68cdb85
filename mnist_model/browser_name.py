"""A browser's name: 16 hex digits in a cookie, so that after a reload or a nap its runs and votes are found again."""

import re
import secrets
from collections.abc import Mapping

COOKIE = "nudge"
YEAR = 365 * 24 * 3600  # seconds for which a cookie is kept


def known(cookies: Mapping[str, str]) -> str | None:
    """The name that a browser's cookies have, if they have one."""
    name = str(cookies.get(COOKIE))
    return name if re.fullmatch("[0-9a-f]{16}", name) else None


def new() -> str:
    """A name for a browser that has none."""
    return secrets.token_hex(8)
