"""HTML of which something can be picked."""

import re

import streamlit as st

from mnist_model.pages.shared.frontend import script

_pick = st.components.v2.component(
    "nudge_pick", html='<div class="pick"></div>', js=script("pick"), isolate_styles=False
)


def pick(markup: str, key: str) -> str | None:
    """Show HTML whose elements with `data-pick` can be clicked; the value just picked, else None.

    A value that the HTML does not offer is nobody's click, and counts as none.
    """
    picked = _pick(data=markup, key=key, on_picked_change=lambda: None).get("picked")
    return picked if picked in re.findall('data-pick="(.*?)"', markup) else None
