"""A digit on its way from one page to another."""

import functools
from typing import NamedTuple

import numpy as np
import streamlit as st

from mnist_model.images import ink_code
from mnist_model.images.errors import NotADrawing
from mnist_model.pages.shared import drawn
from mnist_model.pages.shared.mnist import inputs, mnist
from mnist_model.pages.shared.readers import BadValue, whole_number
from mnist_model.pages.shared.teacher import is_seen

DRAWING = "your drawing"
OPENING = 9010  # a 2 that dense is sure of, and misreads 3 px away from there whichever way; the remedies do not
SPLITS = {"train": "training", "test": "test"}  # as they are called in an address


class Digit(NamedTuple):
    """A digit on the Shift page: an image (28, 28), where it is from, and its label where that is known.

    An address calls it by its code: test-247, train-5, or ink-… with a drawing in it.
    """

    image: np.ndarray
    source: str
    code: str
    label: int | None = None
    of_class: int = 0  # the class's digit of this id


def drawing(image: np.ndarray | None) -> Digit | None:
    """A drawing (28, 28) in 0–1, as the network receives it, if there is one."""
    return None if image is None else Digit(image, DRAWING, ink_code.encode(image))


def from_mnist(split: str, index: int) -> Digit:
    """A "training" or "test" image with its label."""
    code = f"{split.removesuffix('ing')}-{index}"
    return Digit(inputs(split, index), f"{split} image {index:,}", code, int(mnist().split(split)[1][index]))


def from_code(text: str) -> Digit:
    """The digit that an address names. Raises BadValue."""
    name, _, rest = text.partition("-")
    try:
        if name in SPLITS:
            split = SPLITS[name]
            return from_mnist(split, whole_number(rest, 0, len(mnist().split(split)[1]) - 1))
        return Digit(ink_code.decode(text), "a drawing", text)
    except (BadValue, NotADrawing) as error:
        raise BadValue("a test image (test-0 to test-9999), a training image, or a drawing that is whole") from error


@functools.cache
def opening() -> Digit:
    """The digit that the Shift page opens on."""
    return from_mnist("test", OPENING)


def at_hand() -> Digit:
    """What was drawn, looked at, or taken here, last; at first, or once a class hides it, the opening one."""
    bring_drawing()
    found: Digit = st.session_state.setdefault("digit", opening())
    if found.of_class and not is_seen(found.of_class):
        take(found := opening())
    return found


def nudge(digit: Digit | None) -> None:
    """A button that takes a digit, if there is one, to the Shift page exactly as it is."""
    if st.button("Nudge it", type="primary", icon=":material/open_with:", disabled=digit is None) and digit:
        take(digit)
        st.switch_page("mnist_model/pages/shift/page.py")


def take(digit: Digit) -> None:
    """Have the Shift page show a digit, not moved yet; what has been drawn until now is not what it shows."""
    st.session_state.update(digit=digit, dx=0, dy=0, drawing_seen=drawn.stamp())


def take_called(code: str) -> None:
    """The same of the digit that an address calls so. Raises BadValue."""
    take(from_code(code))


def bring_drawing() -> None:
    """Have the Shift page show what was drawn since it got its digit; and no drawing that has been cleared."""
    if st.session_state.get("drawing_seen") == drawn.stamp():
        return
    if digit := drawing(drawn.inputs()[1]):
        take(digit)
    elif st.session_state.get("digit", opening()).source == DRAWING:
        take(opening())


def show_test_image(index: int) -> None:
    """Go to the Data page with a test image chosen, whatever its filters were."""
    st.session_state.update(split="test", digits=[], order="index", sample=("test", index), turn_to=index)
    take(from_mnist("test", index))
    st.switch_page("mnist_model/pages/data/page.py")
