"""What an answer rests on: how probable it stays where a part of the image is covered with paper.

An occlusion map, after Zeiler and Fergus (arXiv 1311.2901). It tells of one answer to one image and of nothing else.
"""

import functools
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mnist_model.images.resampling import SIZE

SIDE = 5  # pixels, of the square of paper


class Occlusion(NamedTuple):
    """An answer, its probability, and what is left of that with the square centred at each pixel: (28, 28)."""

    answer: int
    probability: float
    covered: np.ndarray


def occlusion_map(probabilities: Callable[[np.ndarray], np.ndarray], image: np.ndarray) -> Occlusion:
    """What the answer of a network, images (n, 28, 28) -> probabilities (n, 10), to one image (28, 28) rests on."""
    whole, *covered = probabilities(np.concatenate([image[None], np.where(_squares(), 0, image)]))
    answer = int(whole.argmax())
    return Occlusion(answer, float(whole[answer]), np.array(covered)[:, answer].reshape(SIZE, SIZE))


@functools.cache
def _squares() -> np.ndarray:
    """Which pixels the square covers, centred at each of them, row by row: (784, 28, 28); at an edge it is cut."""
    near = np.abs(np.subtract.outer(np.arange(SIZE), np.arange(SIZE))) <= SIDE // 2
    return (near[:, None, :, None] & near[None, :, None, :]).reshape(-1, SIZE, SIZE)
