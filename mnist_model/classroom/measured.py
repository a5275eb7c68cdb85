"""The class's digits, measured: what every network makes of them, where people write, and whose hold out longest."""

import threading
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mnist_model.classroom import people
from mnist_model.classroom.answers import breaks_at, said, test_accuracy
from mnist_model.classroom.digits import Digit
from mnist_model.networks.remedies import REMEDIES

NETWORKS = [each.network for each in REMEDIES if not each.centred]
NUDGED = "dense"  # until its answer breaks


class Counted(NamedTuple):
    """Which of the class's digits a network reads, as they were drawn and centred."""

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


# What each network says of a digit, and where dense's answer breaks, by the ink's hash: it never changes, and of thirty
# who look as digits come, each asks for all of them.
_answers: dict[tuple[str, bool], dict[int, int]] = defaultdict(dict)
_breaks: dict[int, int | None] = {}
_turn = threading.Lock()


def forget() -> None:
    """Keep nothing of any digit in memory."""
    with _turn:
        _answers.clear()
        _breaks.clear()


def measure(digits: list[Digit], networks: Sequence[str] = NETWORKS) -> Measured:
    """What each network makes of at least one digit. Raises NoClass."""
    labels = np.array([each.label for each in digits])
    counted = [
        Counted(name, _said(name, digits, False) == labels, _said(name, digits, True) == labels, test_accuracy(name))
        for name in networks
    ]
    return Measured(digits, counted)


def _said(name: str, digits: list[Digit], centred: bool) -> np.ndarray:
    """What a network says of each digit: (n,)."""
    keys = [_key(each) for each in digits]
    with _turn:
        known = _answers[name, centred]
        new = {key: each.ink for key, each in zip(keys, digits, strict=True) if key not in known}
        if new:
            known.update(zip(new, said(name, np.stack([*new.values()]), centred).tolist(), strict=True))
        return np.array([known[key] for key in keys])


def _breaks_at(digit: Digit) -> int | None:
    key = _key(digit)
    with _turn:
        if key not in _breaks:
            _breaks[key] = breaks_at(NUDGED, digit.ink)
        return _breaks[key]


def _key(digit: Digit) -> int:
    return hash(digit.levels.tobytes())


def hold_out(measured: Measured) -> list[HoldsOut]:
    """For every browser its digit that holds out longest, best first; those that are misread anyway do not count."""
    (counted,) = (each for each in measured.counted if each.network == NUDGED)
    best: dict[int, HoldsOut] = {}
    for digit, is_right in zip(measured.digits, counted.raw, strict=True):
        if is_right:
            found = HoldsOut(people.person(digit.number).name, digit, _breaks_at(digit))
            best[digit.number] = max(best.get(digit.number, found), found, key=_long)
    return sorted(best.values(), key=_long, reverse=True)


def _long(each: HoldsOut) -> float:
    return float("inf") if each.pixels is None else each.pixels
