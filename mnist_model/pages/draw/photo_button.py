"""Photographed digits: one goes onto the canvas, several are read first."""

import numpy as np
import streamlit as st

from mnist_model.images import drawing, photo
from mnist_model.images.errors import BlankDrawing, NotAPicture
from mnist_model.images.picture_file import from_address
from mnist_model.pages.draw.answer import brief
from mnist_model.pages.shared import drawn
from mnist_model.pages.shared.frontend import script
from mnist_model.render.png import data_url, png

MEANING = "Read a photo or picture of a digit, or of several: dark on light or light on dark"
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
    """Find the picture's digits and put a single one on the canvas; otherwise the drawing stays as it is."""
    try:
        picture = photo.read(from_address(st.session_state.photo.get("taken")))
        found = photo.digits(picture)
    except (NotAPicture, BlankDrawing) as error:
        st.session_state.refused_drawing = str(error)
        return
    st.session_state.pop("refused_drawing", None)
    st.session_state.photographed = [drawn.packed(digit.rgba) for digit in found] if len(found) > 1 else []
    if len(found) == 1:
        drawn.replace(found[0].rgba, from_photo=True)


def several() -> None:
    """The digits of a photo that has several, from left to right, each with its answer under it."""
    pictures = [drawn.unpacked(ink) for ink in st.session_state.get("photographed", [])]
    if not pictures:
        return
    said = brief(np.stack([drawing.to_input(picture) for picture in pictures]))
    st.html(f"<p>{len(pictures)} digits found, each prepared centred. Press one to put it onto the canvas.</p>")
    with st.container(horizontal=True, gap="small", key="photographed_digits"):
        for i, (picture, each) in enumerate(zip(pictures, said, strict=True), 1):
            with st.container(width=72, gap=None):
                st.html(f'<img width="72" src="{data_url(png(picture))}" alt="Digit {i} of the photo">')
                st.button(each, key=f"digit {i}", on_click=drawn.replace, args=(picture, True))
        st.button("Close", on_click=st.session_state.pop, args=("photographed", None))
