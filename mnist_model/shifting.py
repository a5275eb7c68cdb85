"""Shift an image, and what a network says at every offset.

Shifting fills with paper and never wraps round: ink that leaves the 28×28 frame is gone.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np

SIZE = 28
FURTHEST = 14  # pixels: half the frame


class Probabilities(Protocol):
    """Anything that classifies: a Classifier, or one with a remedy in front of it."""

    def probabilities(self, images: np.ndarray) -> np.ndarray: ...


def shift(images: np.ndarray, dx: int, dy: int) -> np.ndarray:
    """Images (28, 28) or (n, 28, 28) moved by whole pixels: +dx right, +dy down, zero fill. Any type, any offset."""
    dx, dy = int(np.clip(dx, -SIZE, SIZE)), int(np.clip(dy, -SIZE, SIZE))
    shifted = np.zeros_like(images)
    shifted[..., _to(dy), _to(dx)] = images[..., _to(-dy), _to(-dx)]
    return shifted


def ink_lost(image: np.ndarray, dx: int, dy: int) -> float:
    """The fraction of an image's ink that a shift pushes out of the frame, 0–1 (0 for a blank image)."""
    ink = float(image.sum())
    return 1 - float(shift(image, dx, dy).sum()) / ink if ink else 0.0


def place_map(classifier: Probabilities, image: np.ndarray, reach: int = FURTHEST) -> np.ndarray:
    """What a classifier says of an image at every offset up to `reach`: (2·reach + 1, 2·reach + 1, 10).

    The value for (dx, dy) is at [dy + reach, dx + reach].
    """
    side = 2 * reach + 1
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(image, reach), (SIZE, SIZE))
    everywhere = windows[::-1, ::-1].reshape(-1, SIZE, SIZE)
    return classifier.probabilities(everywhere).reshape(side, side, -1)


def accuracy(classifier: Probabilities, images: np.ndarray, labels: np.ndarray) -> float:
    """The fraction of images (n, 28, 28) whose most probable digit is their label."""
    return float(np.mean(classifier.probabilities(images).argmax(1) == labels))


def accuracy_map(classifier: Probabilities, images: np.ndarray, labels: np.ndarray, reach: int = 8) -> np.ndarray:
    """Accuracy with all images at each offset up to `reach`: (2·reach + 1, 2·reach + 1), fractions."""
    offsets = range(-reach, reach + 1)
    return np.array([[accuracy(classifier, shift(images, dx, dy), labels) for dx in offsets] for dy in offsets])


def accuracy_by_shift(
    classifier: Probabilities, images: np.ndarray, labels: np.ndarray, furthest: int = FURTHEST
) -> Iterator[float]:
    """Accuracy with all images k pixels away, k = 0 to `furthest`: the mean of right, left, down and up."""
    for k in range(furthest + 1):
        directions = {(k, 0), (-k, 0), (0, k), (0, -k)}
        yield float(np.mean([accuracy(classifier, shift(images, *d), labels) for d in directions]))


def _to(offset: int) -> slice:
    """Where pixels land on one axis when moved by `offset`; with −offset, where they come from."""
    return slice(max(offset, 0), SIZE + min(offset, 0))
