"""A photographed digit onto the canvas, where it can be drawn on, undone and cleared like a stroke."""

import streamlit as st

from mnist_model.images import photo
from mnist_model.images.errors import BlankDrawing, NotAPicture
from mnist_model.images.picture_file import from_address
from mnist_model.pages.shared import drawn
from mnist_model.pages.shared.frontend import script

MEANING = "Read a photo or picture of one digit: dark on light or light on dark"
_photo = st.components.v2.component(
    "nudge_photo",
    html=f"""<button class="photo" title="{MEANING}" >Photo</button>
        <input type="file" accept="image/*" hidden>""",
    js=script("show", "photo"),
    isolate_styles=False,
)


def photo_button() -> None:
    """A button that asks for a picture; phones offer their camera. The browser shrinks it (frontend/photo.js)."""
    _photo(key="photo", on_taken_change=taken, width="content")


def taken() -> None:
    """Put the picture on the canvas; where that cannot be done, the drawing stays as it is."""
    try:
        drawn.replace(photo.to_canvas(photo.read(from_address(st.session_state.photo.get("taken")))))
    except (NotAPicture, BlankDrawing) as error:
        st.session_state.refused_drawing = str(error)
    else:
        st.session_state.pop("refused_drawing", None)
