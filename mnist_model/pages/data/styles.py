"""How else people write digits: the styles that our own pen draws for robust."""

import numpy as np
import streamlit as st

from mnist_model.images import pen
from mnist_model.render.png import data_url, png

TEXT = (
    "MNIST was written by Americans: it hardly has a 1 with a flag, a crossed 7 or an open 4, and networks that have "
    "learned from it alone misread them. A pen of our own draws each digit in these styles; from 20,000 such "
    "drawings, new ones in each epoch, **robust** has learned, too."
)
SEED = 5


def styles() -> None:
    """A drawing in each style, a row for each digit."""
    with st.container(key="styles"):
        st.subheader("How else people write digits", anchor=False)
        st.markdown(TEXT)
        st.html(f'<div class="styles">{rows()}</div>')


@st.cache_data(show_spinner=False)
def rows() -> str:
    rng = np.random.default_rng(SEED)
    return "".join(f"<div>{row(digit, rng)}</div>" for digit in pen.DIGITS)


def row(digit: str, rng: np.random.Generator) -> str:
    """A digit's styles, each as a picture with its name: HTML."""
    known = pen.DIGITS[digit]
    drawn = pen.images((pen.written(extremes, rng) for extremes in known.values()), len(known), rng)
    return "".join(
        f'<img class="pixels" alt="A {digit}, {name}" title="{name}" src="{data_url(png(image))}">'
        for image, name in zip(drawn, known, strict=True)
    )
