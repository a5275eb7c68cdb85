"""A photographed digit onto the canvas, where it can be drawn on, undone and cleared like a stroke."""

import streamlit as st

from mnist_model.images import photo
from mnist_model.images.errors import BlankDrawing, NotAPicture
from mnist_model.pages.shared import drawn
from mnist_model.render.png import data_url, png


def uploader() -> None:
    """A button that asks for a picture; phones offer their camera. What is wrong with a file is said below it."""
    with st.popover(":material/photo_camera:", help="Read a photo or picture of a digit"):
        st.file_uploader(
            "A photo or picture of one digit: dark on light or light on dark",
            ["png", "jpg", "jpeg"],
            key="photo",
            on_change=uploaded,
            max_upload_size=5,
        )
        if wrong := st.session_state.get("photo_wrong"):
            st.error(wrong)


def uploaded() -> None:
    """Put the picture on the canvas; where that cannot be done, the drawing stays as it is."""
    file = st.session_state.photo
    st.session_state.photo_wrong = None
    if file is None:
        return
    try:
        rgba = photo.to_canvas(photo.read(file))
    except (NotAPicture, BlankDrawing) as error:
        st.session_state.photo_wrong = str(error)
        return
    drawn.replace(data_url(png(rgba)))
