"""In which order the images are shown, and what is said under each because of it."""

from collections.abc import Callable

import numpy as np
import streamlit as st

from mnist_model.networks import ranking
from mnist_model.pages.shared.choice import choice, chosen_of
from mnist_model.pages.shared.chosen import measurement, probabilities, unmeasured
from mnist_model.pages.shared.mnist import mnist
from mnist_model.render.answers import short

ORDERS = {
    "index": "as in the file",
    "random": "shuffled, by a seed of your own",
    "unsure": "the network's least sure answers first",
    "mistakes": "only what the network misreads, its surest mistakes first",
    "fragile": "those first whose answer the smallest shift changes (test images)",
}


def order(split: str, begin: Callable[[], None]) -> np.ndarray:
    """Let an order be chosen, and call `begin` where it is another; the indices of a split's images in it."""
    meanings = "; ".join(f"**{name}**: {meaning}" for name, meaning in ORDERS.items())
    return ordered(split, choice("Order", list(ORDERS), "order", wrap=True, help=meanings, on_change=begin))


def chosen_order() -> str:
    """The order that is chosen."""
    return chosen_of(list(ORDERS), "order")


def ordered(split: str, name: str) -> np.ndarray:
    """The indices of a split's images in an order, or in the file's with a word where the order cannot be had."""
    labels = mnist().split(split)[1]
    if name == "random":
        st.session_state.setdefault("order_seed", 0)
        seed = st.number_input("Seed", 0, 9999, key="order_seed", width=130, persist_state="session")
        return np.random.default_rng(seed).permutation(len(labels))
    if name == "unsure":
        return ranking.least_sure(probabilities(split))
    if name == "mistakes":
        return ranking.surest_mistakes(probabilities(split), labels)
    if name == "fragile":
        breaking = breaking_points(split)
        if breaking is not None:
            return ranking.most_fragile(breaking, probabilities(split))
        st.caption("Breaking points are measured on the test images only." if split == "training" else unmeasured())
    return np.arange(len(labels))


def legend(split: str) -> str:
    """What the words under the pictures are."""
    name = chosen_order()
    if name in ("unsure", "mistakes"):
        return "Under each image: its label → what the network says, and the probability."
    if name == "fragile" and breaking_points(split) is not None:
        return "Under each image: its label, and the smallest shift that changes the answer."
    return "Under each image: its label."


def breaking_points(split: str) -> np.ndarray | None:
    """The smallest shift that changes the chosen network's answer, for each test image, where it was measured."""
    found = measurement() if split == "test" else None
    return found.shifts.breaking if found else None


def captions(split: str, shown: np.ndarray) -> list[str]:
    """A word under each picture: its label, and what it is ordered by."""
    labels, name = mnist().split(split)[1][shown], chosen_order()
    if name in ("unsure", "mistakes"):
        said = probabilities(split)[shown]
        return [f"{label} → {short(p)}" for label, p in zip(labels, said, strict=True)]
    breaking = breaking_points(split) if name == "fragile" else None
    if breaking is not None:
        return [f"{label}: {f'{k} px' if k else 'never'}" for label, k in zip(labels, breaking[shown], strict=True)]
    return [str(label) for label in labels]
