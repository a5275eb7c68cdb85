"""What each epoch of a training learns from: MNIST's images, moved or changed as hands would; drawn digits besides."""

import queue
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mnist_model.images.dataset import scale
from mnist_model.networks.recipe import SCRIBBLES, Recipe
from mnist_model.training import augmentation, scribbles, synthetic_digits

CHUNK = 2_000  # images at a time: 100 MB
PATIENCE = 0.2  # seconds
SHOWN = 8  # images


class Epoch(NamedTuple):
    """Images (n, 28, 28) uint8, their labels (n,), and the order (n,) in which they are learned from."""

    images: np.ndarray
    labels: np.ndarray
    order: np.ndarray


def epochs(images: np.ndarray, labels: np.ndarray, recipe: Recipe) -> Iterator[Epoch | None]:
    """What each epoch of a recipe learns from, given MNIST's training images (n, 28, 28) uint8 and labels (n,).

    Where that takes long it is made ahead, and there is a None every PATIENCE seconds until it is there.
    """
    made = _epochs(images, labels, recipe, np.random.default_rng(recipe.seed))
    return _ahead(made) if recipe.imitate != "nothing" or recipe.drawn else made


def learned(images: np.ndarray, labels: np.ndarray, recipe: Recipe) -> np.ndarray:
    """The first images, what the first epoch makes of them, and as many drawn digits, if there are any.

    (2 or 3, n, 28, 28) uint8, n at most 8. Where other than moved, an epoch of n images stands for that of all.
    """
    first = images[:SHOWN]
    drawn = len(first) * (recipe.drawn > 0)
    epoch = next(_epochs(first, labels[:SHOWN], replace(recipe, drawn=drawn), np.random.default_rng(recipe.seed)))
    return np.concatenate([first, epoch.images[: len(first) + drawn]]).reshape(-1, *first.shape)


def _epochs(images: np.ndarray, labels: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> Iterator[Epoch]:
    for _ in range(recipe.epochs):
        moved = images
        if recipe.shift:
            moved = augmentation.shifted(images, rng, recipe.shift)
        mixed, theirs = _with_drawn(moved, labels, recipe.drawn, rng) if recipe.drawn else (moved, labels)
        if recipe.imitate != "nothing":
            mixed = _imitated(mixed, rng, augmentation.HANDS[recipe.imitate])
        yield Epoch(mixed, theirs, rng.permutation(len(mixed)))


def _with_drawn(images: np.ndarray, labels: np.ndarray, count: int, rng: np.random.Generator) -> tuple:
    """Images (n, 28, 28) and labels (n,) with `count` new digits and ink that is none, whose labels are drawn by lot.

    As such labels differ each time, the smallest loss is to call all ten digits equally likely.
    """
    drawn, meant = synthetic_digits.digits(count, rng)
    nothing = scribbles.scribbles(count // SCRIBBLES, rng)
    lots = rng.integers(0, 10, len(nothing)).astype(np.uint8)
    return np.concatenate([images, drawn, nothing]), np.concatenate([labels, meant, lots])


def _imitated(images: np.ndarray, rng: np.random.Generator, hand: augmentation.Hand) -> np.ndarray:
    parts = (images[first : first + CHUNK] for first in range(0, len(images), CHUNK))
    changed = (augmentation.imitated(scale(part), rng, hand) for part in parts)
    return np.concatenate([np.rint(255 * part).astype(np.uint8) for part in changed])


def _ahead(items: Iterator) -> Iterator:
    """The same items, each made in a thread while the one before is in use; None every PATIENCE seconds of waiting.

    The thread ends with the process, and once nobody wants any more, so that it keeps no epoch.
    """
    made: queue.Queue = queue.Queue(1)
    unwanted = threading.Event()

    def make() -> None:
        """Put the items into the queue, and last what ended them."""
        try:
            while not unwanted.is_set():
                made.put(next(items))
        except Exception as error:  # their end, too; raised again where the items are used
            made.put(error)

    threading.Thread(target=make, daemon=True).start()
    try:
        while not isinstance(item := _next(made), StopIteration):
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        unwanted.set()
        _next(made, 0)  # the thread may be waiting to put another


def _next(made: queue.Queue, patience: float = PATIENCE) -> object:
    try:
        return made.get(timeout=patience)
    except queue.Empty:
        return None
