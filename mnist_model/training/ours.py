"""A class's own digits in a training: mixed into MNIST's images; and other people's of the class, to measure it by."""

import io
from typing import NamedTuple

import numpy as np

from mnist_model.images.dataset import Mnist
from mnist_model.runs.durations import comparisons
from mnist_model.training.errors import NobodyElse

EVERY = 10  # one image in so many is one of ours, however few they are


class Halves(NamedTuple):
    """Digits of a class: (n, 28, 28) uint8 with labels (n,), to learn from, and of others who are not among those."""

    images: np.ndarray
    labels: np.ndarray
    others: np.ndarray
    others_labels: np.ndarray

    def mixed(self, mnist: Mnist, seed: int, count: int | None = None) -> Mnist:
        """MNIST with `count` of the digits, or all, in the place of every tenth training image, over and over.

        Of a smaller count they are some of those of a larger one.
        """
        if count == 0:
            return mnist
        places = np.arange(0, len(mnist.train_images), EVERY)
        which = np.resize(np.random.default_rng(seed).permutation(len(self.images))[:count], len(places))
        images, labels = mnist.train_images.copy(), mnist.train_labels.copy()
        images[places], labels[places] = self.images[which], self.labels[which]
        return mnist._replace(train_images=images, train_labels=labels)

    def fewer(self, seconds: float) -> list[int]:
        """With how many of them a training is to be compared that took so long: with none, and where it may be some."""
        return sorted({0, len(self.images) // 4, len(self.images) // 2})[: comparisons(seconds)]


def read(content: bytes) -> Halves:
    """Both halves of a class, as mnist_model.classroom.exchange.npz gives them. Raises NobodyElse."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        halves = Halves(*(file[name] for name in ("x_train", "y_train", "x_test", "y_test")))
    if not len(halves.images) or not len(halves.others):
        raise NobodyElse("all that is left of our digits is in one half: there are no others to measure it by.")
    return halves
