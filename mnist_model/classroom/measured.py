"""The class's digits, measured: what every network makes of them, where people write, and whose hold out longest."""

from typing import NamedTuple

import numpy as np

from mnist_model.classroom import people
from mnist_model.classroom.answers import network
from mnist_model.classroom.digits import Digit
from mnist_model.images.shifting import DIRECTIONS, shift
from mnist_model.networks.positions import steps

FURTHEST = 8  # pixels that a digit is nudged


class Counted(NamedTuple):
    """How many of the class's digits a network reads, as they were drawn and centred."""

    network: str
    raw: np.ndarray  # (n,) whether each is right
    centred: np.ndarray  # (n,)


class Measured(NamedTuple):
    """All that is measured of n digits."""

    digits: list[Digit]
    counted: list[Counted]

    @property
    def images(self) -> np.ndarray:
        """(n, 28, 28) in 0–1."""
        return np.stack([each.ink for each in self.digits])

    @property
    def labels(self) -> np.ndarray:
        return np.array([each.label for each in self.digits])

    @property
    def misread_by_all(self) -> list[Digit]:
        """Those that no network reads, however they are prepared."""
        read = np.any([each for one in self.counted for each in (one.raw, one.centred)], axis=0)
        return [digit for digit, is_read in zip(self.digits, read, strict=True) if not is_read]


class HoldsOut(NamedTuple):
    """A browser, and the digit of its that dense reads after the longest nudge: pixels until the answer breaks."""

    name: str
    digit: Digit
    pixels: int


def measure(digits: list[Digit], networks: list[str]) -> Measured:
    """What each network makes of at least one digit. Raises NetworkError."""
    images, labels = np.stack([each.ink for each in digits]), np.array([each.label for each in digits])
    counted = [
        Counted(name, *(network(name, centred).probabilities(images).argmax(1) == labels for centred in (False, True)))
        for name in networks
    ]
    return Measured(digits, counted)


def hold_out(measured: Measured, name: str = "dense") -> list[HoldsOut]:
    """For every browser its digit that holds out longest, best first; those that are misread anyway do not count."""
    (counted,) = (each for each in measured.counted if each.network == name)
    best: dict[int, HoldsOut] = {}
    for digit, is_right in zip(measured.digits, counted.raw, strict=True):
        if is_right:
            found = HoldsOut(people.person(digit.number).name, digit, breaks_at(digit.ink, name))
            best[digit.number] = max(best.get(digit.number, found), found, key=lambda each: each.pixels)
    return sorted(best.values(), key=lambda each: -each.pixels)


def breaks_at(image: np.ndarray, name: str) -> int:
    """The smallest nudge, in pixels, in any of eight directions that changes a network's answer; 9 for none up to 8."""
    offsets = [steps(way, k) for k in range(1, FURTHEST + 1) for way in DIRECTIONS.values()]
    moved = np.stack([image, *(shift(image, *offset) for offset in offsets)])
    said = network(name).probabilities(moved).argmax(1)
    changed = (said[1:] != said[0]).reshape(FURTHEST, len(DIRECTIONS)).any(1)
    return int(changed.argmax()) + 1 if changed.any() else FURTHEST + 1
