"""Numbers that whoever starts the server may set in its environment."""

import logging
import os


def number(name: str, default: int) -> int:
    """The environment's whole number of at least 1 under a name; where there is none or no such number, the default."""
    text = os.environ.get(name) or str(default)
    if text.isdecimal() and int(text) > 0:
        return int(text)
    logging.getLogger(__name__).warning("%s must be a whole number of at least 1, not %r.", name, text)
    return default
