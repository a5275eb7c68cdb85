"""What every run begins with: page config, navigation, the sidebar all pages share."""

from typing import Any

import streamlit as st

from mnist_model.pages.shared import lessons, links
from mnist_model.pages.shared.layout import FAVICON
from mnist_model.pages.shared.queue import is_open
from mnist_model.pages.shared.sidebar import LINK, sidebar

PAGES = {
    "draw": ":material/draw:",
    "data": ":material/grid_view:",
    "train": ":material/school:",
    "shift": ":material/open_with:",
    "class": ":material/groups:",
}
FOLDERS = {"class": "classroom"}  # class is a word of Python's
ABOUT = """**Nudge**: why a network that reads digits well fails when they move a few pixels.

Keys: **P** for a projector, **H** hides the answers, **R** reveals them, **Page Up** and **Page Down** go through the
pages on a projector."""


def front() -> None:
    """Set the page up and run the one that was asked for."""
    look: dict[str, Any] = {"page_icon": FAVICON, "layout": "wide", "initial_sidebar_state": 264}
    st.set_page_config("Nudge", menu_items={"About": ABOUT}, **look)  # with an entry the menu shows, and has the theme
    if "pages" not in st.session_state:  # once a session: every st.Page looks its file up on disk
        st.session_state.pages = [
            st.Page(
                f"mnist_model/pages/{FOLDERS.get(name, name)}/page.py",
                title=name.capitalize(),
                icon=icon,
                url_path=name,
                default=name == "draw",
                visibility="visible" if name != "class" or is_open() else "hidden",
            )
            for name, icon in PAGES.items()
        ]
    page = st.navigation(st.session_state.pages)
    lessons.go(page.title.lower())
    links.enter(page.title.lower(), LINK)
    sidebar()
    lessons.show()
    page.run()
