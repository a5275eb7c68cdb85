"""The canvas with its tools: undo, clear, a photo, an example, the brush."""

from typing import Any

import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_model.images import canvas as drawing_canvas
from mnist_model.images.errors import NotADrawing
from mnist_model.pages.draw.photo import photo_button, photo_frame, put_away
from mnist_model.pages.draw.photo_digits import photo_digits
from mnist_model.pages.shared import drawn
from mnist_model.pages.shared.digit import from_mnist


def canvas() -> None:
    """The canvas with its tools; entering the page shows again what was drawn before."""
    width = st.session_state.get("brush", 20)
    drop_forged()
    if "canvas" not in st.session_state:  # the page was just entered, or what it sent was refused
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
    photo_frame()
    photo_digits()
    if "refused_drawing" in st.session_state:
        st.error(st.session_state.refused_drawing)


def drop_forged() -> None:
    """Forget what no canvas of ours sends and st_canvas would trip over: ours has no background."""
    if "canvas" in st.session_state and st.session_state.canvas.get("backgroundFit") is not None:
        del st.session_state.canvas


def tools() -> None:
    """Undo, Clear and the photo button, for touch too: the canvas's own toolbar shows on hover only."""
    empty = not drawn.state()["strokes"]
    with st.container(horizontal=True, gap="small", key="tools"):
        st.button("Undo", on_click=rewind, args=(slice(-1),), disabled=empty)
        st.button("Clear", on_click=rewind, args=(slice(0),), disabled=empty)
        photo_button()
        st.button("Example", on_click=example, help="One of MNIST's test images; another one at each press")


def brush() -> None:
    """How thick the pen is."""
    keep: dict[str, Any] = {"key": "brush", "persist_state": "session", "label_visibility": "collapsed"}
    st.slider("Brush", 8, 36, 20, 2, format="brush %d px", **keep)


def received() -> None:
    """Keep what the canvas has just sent; where that cannot be, the drawing stays as it was, and why is said."""
    try:
        sent = drawing_canvas.parse(st.session_state.canvas.get("drawing"))
    except NotADrawing as error:
        st.session_state.refused_drawing = str(error)
        del st.session_state.canvas
        return
    if len(sent.strokes) != len(drawn.state()["strokes"]):  # else the canvas only shows what it was told to
        st.session_state.pop("refused_drawing", None)
    drawn.keep(sent)


def example() -> None:
    """Put a test image on the canvas, another one at each press."""
    put_away()
    index = st.session_state.get("examples", 0)
    st.session_state.examples = index + 1
    drawn.replace(drawing_canvas.enlarged(from_mnist("test", index % 10_000).image))


def rewind(keep: slice) -> None:
    """Undo and Clear."""
    put_away()
    drawn.rewind(keep)
