"""The filters, a page of images, and the one that is picked."""

from typing import Any

import numpy as np
import streamlit as st

from mnist_model.lesson.states import PER_PAGE
from mnist_model.pages.data.order import captions, chosen_order, legend, order
from mnist_model.pages.data.sample import sample, sample_numbers
from mnist_model.pages.data.split import Split, look_at, offered
from mnist_model.pages.data.split import split as split_of
from mnist_model.pages.shared import links
from mnist_model.pages.shared.choice import choice
from mnist_model.pages.shared.pick import pick
from mnist_model.render.tables import gallery
from mnist_model.render.words import counted

ALL = "all"  # digits, in an address


def browse() -> None:
    """The filters, a page of samples, and the one that is chosen."""
    split, indices = filters()
    if split.lacks:
        address(split, 1, None)
        st.info(f"Of our class there is nothing to show here. {split.lacks}")
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        jump(split)
        page = pager(indices)
        st.caption(counted(len(indices), split.noun), width="content")
    shown = indices[(page - 1) * PER_PAGE : page * PER_PAGE]
    if not len(shown):
        address(split, page, None)
        st.info("No image is left: choose other digits or another order.")
        return
    index = chosen(split, indices, int(shown[0]))
    address(split, page, index)
    found = st.container(key="found")
    with found:
        st.caption(legend(split))
        pick_one(split, shown, index)
    with found.container(key="picked"):
        sample(split, index)
    sample_numbers(split, index)


def address(split: Split, page: int, index: int | None) -> None:
    """Write the page's address; None where no image is left."""
    order, digits = chosen_order(), st.session_state.digits
    links.write(
        split=split.name,
        digits=",".join(str(digit) for digit in range(10) if digit in digits) or ALL,
        order=order,
        seed=st.session_state.order_seed if order == "random" else None,
        page=page,
        image=index,
    )


def filters() -> tuple[Split, np.ndarray]:
    """The split, and the indices that the filters leave, in the order that was chosen."""
    anew: dict[str, Any] = {"on_change": begin}
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="filters"):
        split = split_of(choice("Images", offered(), "split", first="test", **anew))
        keep: dict[str, Any] = {"persist_state": "session", "wrap": True, "key": "digits"}
        digits = st.pills("Digits", range(10), selection_mode="multi", **keep, **anew)
        indices = order(split, begin)
    return split, indices[np.isin(split.labels[indices], digits)] if digits else indices


def pick_one(split: Split, shown: np.ndarray, index: int) -> None:
    """A page of images; the one that is picked is shown at the next run."""
    indices = [str(each) for each in shown]
    picked = pick(gallery(split.inputs(shown), captions(split, shown), indices, str(index)), "gallery")
    if picked is not None:
        look_at(split, int(picked))
        st.rerun(scope="fragment")


def chosen(split: Split, indices: np.ndarray, first: int) -> int:
    """The index of the image that was picked, if the filters leave it in; else the first one's."""
    of, index = st.session_state.get("sample", (split.name, first))
    return index if of == split.name and index in indices else first


def jump(split: Split) -> None:
    """A box to type an index into; it chooses that sample."""
    last, key = len(split.labels) - 1, f"jump_{split.name}"

    def typed() -> None:
        if st.session_state[key] is not None:
            look_at(split, st.session_state[key])
            st.session_state.turn_to = st.session_state[key]

    st.number_input(
        f"Jump to index (0–{last:,})", 0, last, None, key=key, on_change=typed, placeholder="index", width=260
    )


def begin() -> None:
    """Other images or another order: show the first page and its first image."""
    st.session_state.pop("sample", None)
    turn_to_page(1)


def turn_to_page(number: int) -> None:
    """Begin the page numbers anew, as another widget: the browser keeps the old one's place."""
    turns, _ = st.session_state.get("turned", (0, 1))
    st.session_state.turned = (turns + 1, number)


def pager(indices: np.ndarray) -> int:
    """The page numbers; a jump begins anew with the page that has the image, if the filters leave it in."""
    pages = max(1, -(-len(indices) // PER_PAGE))
    places = np.flatnonzero(indices == st.session_state.pop("turn_to", -1))
    if len(places):
        turn_to_page(int(places[0]) // PER_PAGE + 1)
    turns, first = st.session_state.get("turned", (0, 1))
    return st.pagination(pages, default=min(first, pages), key=f"page-{turns}", width=430, persist_state="session")
