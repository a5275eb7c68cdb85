"""The digits of a photo that has several."""

import numpy as np
import streamlit as st

from mnist_model.images import drawing
from mnist_model.pages.draw.answer import brief
from mnist_model.pages.shared import drawn
from mnist_model.render.png import data_url, png


def photo_digits() -> None:
    """From left to right, each with its answer under it; a press puts one onto the canvas."""
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
