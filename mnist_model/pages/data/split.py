"""What is browsed: MNIST's training and test images, and the digits of the class."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from mnist_model.classroom.people import person
from mnist_model.images import ink_code
from mnist_model.pages.shared.digit import Digit, from_mnist, take
from mnist_model.pages.shared.mnist import mnist
from mnist_model.pages.shared.teacher import is_in_class, our_digits

OURS = "ours"
SPLITS = ["training", "test", OURS]


class Split(NamedTuple):
    """Images that are browsed together, as they are at one moment: a class goes on writing, and hiding."""

    name: str
    images: np.ndarray  # (n, 28, 28) uint8, 0 paper to 255 ink
    labels: np.ndarray  # (n,)
    artists: tuple[str, ...] = ()  # of our digits: who wrote each
    ids: tuple[int, ...] = ()
    lacks: str = ""  # why there is no image, in one sentence

    @property
    def noun(self) -> str:
        return "digit" if self.name == OURS else f"{self.name} image"

    def inputs(self, which: np.ndarray | int | slice) -> np.ndarray:
        """Some of the images as the network receives them, float32 in 0–1."""
        scaled: np.ndarray = self.images[which] / np.float32(255)
        return scaled

    def digit(self, index: int) -> Digit:
        """One image, with its label."""
        if self.name != OURS:
            return from_mnist(self.name, index)
        image = self.inputs(index)
        source = f"our digit {index:,}, by the {self.artists[index]}"
        return Digit(image, source, ink_code.encode(image), int(self.labels[index]), self.ids[index])


def look_at(split: Split, index: int) -> None:
    """Have an image picked here, and at hand on the other pages."""
    st.session_state.sample = (split.name, index)
    take(split.digit(index))


def offered() -> list[str]:
    """The splits that can be chosen: ours where there is a class, or an address has asked for it."""
    return SPLITS if is_in_class() or st.session_state.get("split") == OURS else SPLITS[:-1]


def split(name: str) -> Split:
    """One of SPLITS, as it is now."""
    if name != OURS:
        return Split(name, *mnist().split(name))
    digits, lacks = our_digits()
    images = np.array([each.levels for each in digits], np.uint8).reshape(-1, 28, 28)
    labels = np.array([each.label for each in digits], np.uint8)
    artists, ids = tuple(person(each.number).name for each in digits), tuple(each.id for each in digits)
    return Split(OURS, images, labels, artists, ids, lacks)
