"""In which order the images are shown, and what is said under each because of it."""

import hashlib
from collections.abc import Callable

import numpy as np
import streamlit as st

from mnist_model.networks import ranking
from mnist_model.pages.data.split import OURS, Split
from mnist_model.pages.shared.choice import choice, chosen_of
from mnist_model.pages.shared.chosen import measurement, network, probabilities, unmeasured
from mnist_model.render.answers import short

ORDERS = {
    "index": "as in the file",
    "random": "shuffled, by a seed of your own",
    "unsure": "the network's least sure answers first",
    "mistakes": "only what the network misreads, its surest mistakes first",
    "fragile": "those first whose answer the smallest shift changes (test images)",
}


def order(split: Split, begin: Callable[[], None]) -> np.ndarray:
    """Let an order be chosen, and call `begin` where it is another; the indices of a split's images in it."""
    meanings = "; ".join(f"**{name}**: {meaning}" for name, meaning in ORDERS.items())
    return ordered(split, choice("Order", list(ORDERS), "order", wrap=True, help=meanings, on_change=begin))


def chosen_order() -> str:
    """The order that is chosen."""
    return chosen_of(list(ORDERS), "order")


def ordered(split: Split, name: str) -> np.ndarray:
    """The indices of a split's images in an order, or in the file's with a word where the order cannot be had."""
    labels = split.labels
    if name == "random":
        st.session_state.setdefault("order_seed", 0)
        seed = st.number_input("Seed", 0, 9999, key="order_seed", width=130, persist_state="session")
        return np.random.default_rng(seed).permutation(len(labels))
    if name == "unsure":
        return ranking.least_sure(said(split))
    if name == "mistakes":
        return ranking.surest_mistakes(said(split), labels)
    if name == "fragile":
        breaking = breaking_points(split)
        if breaking is not None:
            return ranking.most_fragile(breaking, said(split))
        st.caption("Breaking points are measured on the test images only." if split.name != "test" else unmeasured())
    return np.arange(len(labels))


def said(split: Split) -> np.ndarray:
    """What the chosen network says of all of a split's images, (n, 10)."""
    if split.name != OURS:
        return probabilities(split.name)
    asked = network(), hashlib.sha256(split.images.tobytes()).hexdigest()
    if st.session_state.get("said_of_ours", (None,))[0] != asked:
        st.session_state.said_of_ours = asked, asked[0].probabilities(split.inputs(slice(None)))
    of_ours: np.ndarray = st.session_state.said_of_ours[1]
    return of_ours


def legend(split: Split) -> str:
    """What the words under the pictures are."""
    name = chosen_order()
    if name in ("unsure", "mistakes"):
        return "Under each image: its label → what the network says, and the probability."
    if name == "fragile" and breaking_points(split) is not None:
        return "Under each image: its label, and the smallest shift that changes the answer."
    return "Under each image: its label."


def breaking_points(split: Split) -> np.ndarray | None:
    """The smallest shift that changes the chosen network's answer, for each test image, where it was measured."""
    found = measurement() if split.name == "test" else None
    return found.shifts.breaking if found else None


def captions(split: Split, shown: np.ndarray) -> list[str]:
    """A word under each picture: its label, and what it is ordered by."""
    labels, name = split.labels[shown], chosen_order()
    if name in ("unsure", "mistakes"):
        said_so = zip(labels, said(split)[shown], strict=True)
        return [f"{label} → {short(p)}".replace(", ", ",<br>") for label, p in said_so]
    breaking = breaking_points(split) if name == "fragile" else None
    if breaking is not None:
        return [f"{label}: {f'{k} px' if k else 'never'}" for label, k in zip(labels, breaking[shown], strict=True)]
    return [str(label) for label in labels]
