"""What the page's address may ask for, see pages/shared/links.py: a network to train, and the fields of its recipe."""

import streamlit as st

from mnist_model.networks.errors import BadRecipe
from mnist_model.networks.recipe import FIELDS
from mnist_model.networks.registry import NETWORKS
from mnist_model.pages.shared.links import BadValue, Reader, write
from mnist_model.pages.train import form

KIND = "train"  # the network to train: the one that is asked is "network"


def kind(text: str) -> None:
    """The network to train, with its own recipe."""
    if text not in NETWORKS:
        raise BadValue(f"one of {', '.join(NETWORKS)}")
    st.session_state.kind = text
    form.changed_network()


def field(name: str) -> Reader:
    """Reads a field of the recipe."""

    def read(text: str) -> None:
        try:
            value = FIELDS[name].parse(text)
        except BadRecipe as error:
            raise BadValue(FIELDS[name].bounds) from error
        st.session_state[f"recipe_{name}"] = value
        form.changed()

    return read


LINK: dict[str, Reader] = {KIND: kind} | {name: field(name) for name in FIELDS}


def address() -> None:
    """Write the page's address: the recipe as it is in the fields, whether it can be trained or not."""
    write(**{KIND: st.session_state.kind} | {name: st.session_state.get(f"recipe_{name}") for name in FIELDS})
