"""The data set as a whole: counts, shapes, mean images."""

import numpy as np
import streamlit as st

from mnist_model.images.dataset import means
from mnist_model.pages.shared.layout import chart
from mnist_model.pages.shared.mnist import mnist
from mnist_model.render import charts
from mnist_model.render.pictures import captioned, picture


def overview() -> None:
    """How many of each digit, shapes and ranges, and the mean images."""
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.subheader("How many of each digit", anchor=False)
        chart(charts.columns(counts(), "digit", "images"), "Images of each digit in the two splits")
    with right:
        st.subheader("Shapes and ranges", anchor=False)
        st.markdown(shapes())
        st.markdown("Divided by 255, ink runs from 0 to 1: that is what the networks receive.")
    st.subheader("The mean image of each digit", anchor=False)
    st.markdown(
        "All 60,000 training images, averaged digit by digit. They can be read only because every digit "
        "was put in the middle first: remember that on the Shift page."
    )
    cells = (captioned(picture(image, f"The mean {digit}"), str(digit)) for digit, image in enumerate(mean_images()))
    st.html(f'<div class="means">{"".join(cells)}</div>')


@st.cache_data(show_spinner=False)
def counts() -> dict[str, list[int]]:
    return {split: np.bincount(mnist().split(split)[1]).tolist() for split in ("training", "test")}


@st.cache_data(show_spinner="Averaging 60,000 images …")
def mean_images() -> np.ndarray:
    return means(mnist().train_images, mnist().train_labels)


@st.cache_data(show_spinner=False)
def shapes() -> str:
    """Shape, type and range of the four arrays, as a Markdown table."""
    rows = (
        f"| `{name}` | {array.shape} | {array.dtype} | {array.min()}–{array.max()} |"
        for name, array in mnist()._asdict().items()
    )
    return "\n".join(["| array | shape | type | range |", "|---|---|---|---|", *rows])
