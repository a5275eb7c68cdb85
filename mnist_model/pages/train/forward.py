"""A digit's way through the chosen network, number by number."""

import html
from collections.abc import Callable

import numpy as np
import streamlit as st

from mnist_model.pages.shared import forward, links
from mnist_model.pages.shared.choice import choice, chosen_of
from mnist_model.pages.shared.digit import at_hand, from_mnist, take_called
from mnist_model.pages.shared.mnist import mnist
from mnist_model.pages.shared.pick import pick
from mnist_model.pages.shared.readers import Reader, one_of
from mnist_model.render.answers import labelled
from mnist_model.render.tables import gallery

LOOKS = {"layers": "Layer by layer", "forward": "Number by number"}  # at what is inside


def look(text: str) -> None:
    """What is shown of the network's inside; where a link asks for the forward pass, it is scrolled to."""
    one_of("inside", LOOKS)(text)
    st.session_state.opened = st.session_state.get("opened", 0) + (text == "forward")


LINK: dict[str, Reader] = {"look": look, "digit": take_called, "unit": forward.read_unit}


def address() -> dict[str, object]:
    """What the page's address says of it: nothing where it is not shown."""
    if chosen_of(list(LOOKS), "inside") == "layers":
        return {}
    return {"look": "forward", "digit": at_hand().code, "unit": forward.unit()}


def is_chosen() -> bool:
    """The choice between the two looks at what is inside, and whether this is chosen."""
    look = choice("Look inside", list(LOOKS), "inside", label_visibility="collapsed", format_func=LOOKS.__getitem__)
    return look == "forward"


def show(network: bytes, recipe: Callable[[], dict[str, object]]) -> None:
    """The way through a network, packed for the browser; `recipe` says what else stands in the page's address."""
    forward.send(network, "chosen")
    st.fragment(follow)(recipe)


def follow(recipe: Callable[[], dict[str, object]]) -> None:
    """One digit of each kind to choose from, and the way of the one at hand."""
    examples = [from_mnist("test", int(np.argmax(mnist().test_labels == each))) for each in range(10)]
    codes, chosen = [each.code for each in examples], at_hand()
    picked = pick(gallery(np.stack([each.image for each in examples]), [""] * 10, codes, chosen.code), "examples")
    if picked is not None:
        take_called(picked)
        st.rerun(scope="fragment")
    where = links.address(**recipe(), **address())
    forward.forward(
        chosen.image, html.escape(chosen.source) + labelled(chosen.label), where, st.session_state.get("opened", 0)
    )
