"""How a network does at the 49 places within 3 pixels: what a mean over places hides; and what a study keeps of it.

Of the figures, `changed` is the P(top-1 change) of Azulay and Weiss (JMLR 20:184), 1 minus the consistency of Zhang
(ICML 2019), with all moves by 1 pixel instead of drawn ones. `mnist_c` is what accuracy on MNIST-C's "translate" (Mu
and Gilmer, arXiv 1906.02337; severity 3) is a sample of: there each image was moved to one of the four corners, drawn
by lot; here each is moved to all four.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from mnist_model.networks.history import fraction
from mnist_model.networks.positions import NEARBY, PLACES, PLACES_REACH, accuracies, by_shift

SIDE = 2 * PLACES_REACH + 1
SHIFTS = (0, 2, 4, 6)  # pixels, of the tables


class Places(NamedTuple):
    """How a network does at the 49 places within 3 pixels: fractions, 0–1."""

    everywhere: float  # of the images, those that are read rightly at every one of the places: the worst case
    changed: float  # of the moves by 1 pixel from one of the places to the next (84 an image): those to another answer
    mnist_c: float  # of the images at the four corners, those that are read rightly


class Figures(NamedTuple):
    """How one network does on the moved test images: fractions, 0–1."""

    by_shift: tuple[float, ...]  # accuracy at k = 0 to 14 pixels, the mean of right, left, down and up
    nearby: float  # the mean accuracy over the 81 offsets with |dx| and |dy| of at most 4 pixels
    everywhere: float  # this and what follows: as in Places
    changed: float
    mnist_c: float

    @property
    def shown(self) -> tuple[float, ...]:
        """In the order of the tables: at 0, 2, 4 and 6 pixels, then the others."""
        return (*(self.by_shift[k] for k in SHIFTS), *self[1:])

    @classmethod
    def from_json(cls, kept: Mapping[str, object]) -> "Figures":
        """What a file keeps. Raises KeyError, TypeError or ValueError where those are no figures."""
        curve = tuple(fraction(each) for each in kept["by_shift"])  # type: ignore[attr-defined]
        if len(curve) <= max(SHIFTS):
            raise ValueError("a curve that is too short")
        return cls(curve, *(fraction(kept[name]) for name in cls._fields[1:]))


def summarise_places(answers: Mapping[tuple[int, int], np.ndarray], labels: np.ndarray) -> Places:
    """The answers (n,) at each of the PLACES, and the labels (n,) -> the figures."""
    said = np.reshape([answers[offset] for offset in PLACES], (SIDE, SIDE, -1))
    right, moves = said == labels, (said[:, 1:] != said[:, :-1], said[1:] != said[:-1])
    return Places(
        everywhere=float(right.all((0, 1)).mean()),
        changed=float(np.mean([changed.mean() for changed in moves])),
        mnist_c=float(right[:: 2 * PLACES_REACH, :: 2 * PLACES_REACH].mean()),
    )


def summarise_figures(answers: Mapping[tuple[int, int], np.ndarray], labels: np.ndarray) -> Figures:
    """The answers (n,) at each of the offsets STUDIED, and the labels (n,) -> the figures."""
    accuracy = accuracies(answers, labels)
    nearby = float(np.mean([right for offset, right in accuracy.items() if max(map(abs, offset)) <= NEARBY]))
    return Figures(tuple(by_shift(accuracy)), nearby, *summarise_places(answers, labels))
