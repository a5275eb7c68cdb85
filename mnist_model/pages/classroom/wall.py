"""Who joins, and the wall of the class's digits: the browser's own (frontend/class_wall.js), as the class goes on."""

import streamlit as st

from mnist_model.pages.shared.frontend import script
from mnist_model.pages.shared.share import addresses

_wall = st.components.v2.component(
    "nudge_wall",
    html='<div class="class-room"></div>',
    js=script("show", "class_wall"),
    isolate_styles=False,
)


def show() -> None:
    """Fills itself as the browser is told of the class."""
    _wall(data={"places": addresses()}, key="wall")
