"""A digit on its way from one page to another."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from mnist_model.pages.shared.mnist import inputs, mnist


class Digit(NamedTuple):
    """A digit on the Shift page: an image (28, 28), where it is from, and its label where that is known."""

    image: np.ndarray
    source: str
    label: int | None = None


def from_mnist(split: str, index: int) -> Digit:
    """A "training" or "test" image with its label."""
    return Digit(inputs(split, index), f"{split} image {index:,}", int(mnist().split(split)[1][index]))


def nudge(digit: Digit, disabled: bool = False) -> None:
    """A button that takes a digit to the Shift page exactly as it is, not moved yet."""
    if st.button("Nudge it", type="primary", icon=":material/open_with:", disabled=disabled):
        st.session_state.digit = digit
        st.session_state.update(dx=0, dy=0)
        st.switch_page("mnist_model/pages/shift/page.py")


def show_test_image(index: int) -> None:
    """Go to the Data page with a test image chosen, whatever its filters were."""
    st.session_state.update(split="test", digits=[], order="index", sample=("test", index), turn_to=index)
    st.switch_page("mnist_model/pages/data/page.py")
