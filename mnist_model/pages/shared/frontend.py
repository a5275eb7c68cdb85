"""The browser's part of the components: the files of frontend/, and the component that two pages share."""

import re
from pathlib import Path

import streamlit as st

FRONTEND = Path(__file__).parents[2] / "frontend"


def script(*names: str) -> str:
    """Some of the frontend's files as one module: the last one has the component, the others what it needs."""
    return "".join((FRONTEND / f"{name}.js").read_text() for name in names)


_pick = st.components.v2.component(
    "nudge_pick", html='<div class="pick"></div>', js=script("pick"), isolate_styles=False
)


def pick(markup: str, key: str) -> str | None:
    """Show HTML whose elements with `data-pick` can be clicked; the value just picked, else None.

    A value that the HTML does not offer is nobody's click, and counts as none.
    """
    picked = _pick(data=markup, key=key, on_picked_change=lambda: None).get("picked")
    return picked if picked in re.findall('data-pick="(.*?)"', markup) else None
