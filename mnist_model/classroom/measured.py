"""The class's digits, measured: what every network makes of them, where people write, and whose hold out longest."""

from typing import NamedTuple

import numpy as np

from mnist_model.classroom import people
from mnist_model.classroom.answers import breaks_at, said, test_accuracy
from mnist_model.classroom.digits import Digit
from mnist_model.networks.remedies import REMEDIES

NETWORKS = [each.network for each in REMEDIES if not each.centred]


class Counted(NamedTuple):
    """How many of the class's digits a network reads, as they were drawn and centred."""

    network: str
    raw: np.ndarray  # (n,) whether each is right
    centred: np.ndarray  # (n,)
    test_accuracy: float  # on MNIST's test images


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
    pixels: int | None  # None where none breaks it


_last: dict[tuple[int, ...], tuple[Measured, list[HoldsOut]]] = {}  # by the digits' ids; never more than one


def measure_once(digits: list[Digit]) -> tuple[Measured, list[HoldsOut]]:
    """What each shipped network makes of at least one digit, and who holds out: once for all. Raises NoClass."""
    asked = tuple(each.id for each in digits)
    found = _last.get(asked)
    if found is None:
        made = measure(digits, NETWORKS)
        found = made, hold_out(made)
        forget()
        _last[asked] = found
    return found


def forget() -> None:
    """Keep no digit in memory."""
    _last.clear()


def measure(digits: list[Digit], networks: list[str]) -> Measured:
    """What each network makes of at least one digit. Raises NoClass."""
    images, labels = np.stack([each.ink for each in digits]), np.array([each.label for each in digits])
    counted = [
        Counted(name, said(name, images) == labels, said(name, images, True) == labels, test_accuracy(name))
        for name in networks
    ]
    return Measured(digits, counted)


def hold_out(measured: Measured, name: str = "dense") -> list[HoldsOut]:
    """For every browser its digit that holds out longest, best first; those that are misread anyway do not count."""
    (counted,) = (each for each in measured.counted if each.network == name)
    best: dict[int, HoldsOut] = {}
    for digit, is_right in zip(measured.digits, counted.raw, strict=True):
        if is_right:
            found = HoldsOut(people.person(digit.number).name, digit, breaks_at(name, digit.ink))
            best[digit.number] = max(best.get(digit.number, found), found, key=_long)
    return sorted(best.values(), key=_long, reverse=True)


def _long(each: HoldsOut) -> float:
    return float("inf") if each.pixels is None else each.pixels
