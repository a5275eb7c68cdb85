"""What a study measures of one training: what the tables and the curves show, and nothing more."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from mnist_model.images.shifting import FURTHEST, Offset, square
from mnist_model.networks.history import fraction
from mnist_model.networks.places import summarise_places
from mnist_model.networks.positions import NEARBY, accuracies, by_shift

SHIFTS = (0, 2, 4, 6)  # pixels, of the tables


class Figures(NamedTuple):
    """How one network does on the moved test images: fractions, 0–1."""

    by_shift: tuple[float, ...]  # accuracy at k = 0 to 14 pixels, the mean of right, left, down and up
    nearby: float  # the mean accuracy over the 81 offsets with |dx| and |dy| of at most 4 pixels
    everywhere: float  # this and what follows: as in places.py
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
        if len(curve) != FURTHEST + 1:
            raise ValueError("a curve of another length")
        return cls(curve, *(fraction(kept[name]) for name in cls._fields[1:]))


def summarise_figures(answers: Mapping[Offset, np.ndarray], labels: np.ndarray) -> Figures:
    """The answers (n,) at each of the offsets STUDIED, and the labels (n,) -> the figures."""
    accuracy = accuracies(answers, labels)
    nearby = float(np.mean([accuracy[offset] for offset in square(NEARBY)]))
    return Figures(tuple(by_shift(accuracy)), nearby, *summarise_places(answers, labels))
