"""What the page's address may ask for: see pages/shared/links.py."""

import streamlit as st

from mnist_model.lesson.states import PER_PAGE
from mnist_model.pages.data.browse import ALL, turn_to_page
from mnist_model.pages.data.order import ORDERS
from mnist_model.pages.data.split import SPLITS, Split, look_at
from mnist_model.pages.data.split import split as split_of
from mnist_model.pages.shared.choice import chosen_of
from mnist_model.pages.shared.readers import BadValue, Reader, one_of, whole, whole_number


def digits(text: str) -> None:
    """Which digits are shown: 4,9, or all."""
    chosen = [] if text == ALL else text.split(",")
    if not all(len(each) == 1 and each in "0123456789" for each in chosen):
        raise BadValue(f"some of the digits 0 to 9, as in 4,9, or {ALL}")
    st.session_state.digits = sorted(map(int, set(chosen)))


def image(text: str) -> None:
    """The image that is picked, with the page that has it."""
    split = asked()
    if not split.lacks:  # which the page says
        index = whole_number(text, 0, len(split.labels) - 1)
        look_at(split, index)
        st.session_state.turn_to = index


def page(text: str) -> None:
    """The page of images, whether it has the picked one or not; beyond the last one that is left, the last."""
    number = whole_number(text, 1, max(1, -(-len(asked().labels) // PER_PAGE)))
    st.session_state.pop("turn_to", None)
    turn_to_page(number)


def asked() -> Split:
    """The split that the address has named, or that was chosen before."""
    return split_of(chosen_of(SPLITS, "split", "test"))


LINK: dict[str, Reader] = {
    "split": one_of("split", SPLITS),
    "digits": digits,
    "order": one_of("order", ORDERS),
    "seed": whole("order_seed", 0, 9999),
    "image": image,
    "page": page,
}
