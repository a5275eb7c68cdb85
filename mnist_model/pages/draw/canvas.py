"""The canvas with its tools: brush, undo, clear, a photo."""

from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_model.pages.draw import photo_button
from mnist_model.pages.shared import drawn


def canvas() -> None:
    """The canvas with its tools; entering the page shows again what was drawn before."""
    width = st.session_state.get("brush", 20)
    if "canvas" not in st.session_state:  # the page was just entered
        drawn.show_again()
    st_canvas(
        stroke_width=width,
        stroke_color="#fff",
        background_color="#000",
        height=drawn.SIDE,
        width=drawn.SIDE,
        initial_drawing=st.session_state.shown,
        return_image_data=True,
        on_change=received,
        key="canvas",
    )
    tools()
    keep: dict[str, Any] = {"key": "brush", "persist_state": "session", "label_visibility": "collapsed"}
    st.slider("Brush", 8, 36, 20, 2, format="brush %d px", **keep)


def tools() -> None:
    """Undo, Clear and the photo button, for touch too: the canvas's own toolbar shows on hover only."""
    empty = not drawn.state()["strokes"]
    with st.container(horizontal=True, gap="small", key="tools"):
        st.button("Undo", icon=":material/undo:", on_click=rewind, args=(slice(-1),), disabled=empty)
        st.button("Clear", icon=":material/delete:", on_click=rewind, args=(slice(0),), disabled=empty)
        photo_button.uploader()


def received() -> None:
    """Keep what the canvas has just sent."""
    sent = st.session_state.canvas["drawing"]
    count = len(sent["raw"]["objects"])
    state = drawn.state()
    state["objects"] = sent["raw"]["objects"]
    state["strokes"] = state["strokes"][: max(0, count - 1)] + [sent["data"]] * bool(count)


def rewind(keep: slice) -> None:
    """Undo and Clear: keep some of the strokes and tell the canvas so."""
    state = drawn.state()
    state["objects"], state["strokes"] = state["objects"][keep], state["strokes"][keep]
    drawn.show_again()
