"""How a network does on the shifted test images: what the shift command counts, keeps beside it, and reads again."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mnist_model import shifting
from mnist_model.shifting import DIRECTIONS, FURTHEST, MAP_REACH, STRAIGHT, Offset


def _steps(direction: Offset, k: int) -> Offset:
    return k * direction[0], k * direction[1]


BEYOND = [_steps(way, k) for k in range(MAP_REACH + 1, FURTHEST + 1) for way in DIRECTIONS.values()]
OFFSETS = shifting.square() + BEYOND


class Shifts(NamedTuple):
    """One network, or one with centring in front of it, on the 10,000 test images."""

    by_shift: np.ndarray  # (15,) accuracy at k = 0 to 14 pixels, the mean of right, left, down and up
    map: np.ndarray  # (17, 17) accuracy at [dy + 8, dx + 8]
    breaking: np.ndarray  # (10000,) uint8, pixels: the smallest shift in any of 8 directions that changes the answer

    @property
    def nearby(self) -> float:
        """Mean accuracy over the 81 offsets with |dx| and |dy| of at most 4 pixels."""
        return float(self.map[4:-4, 4:-4].mean())


def summarise(answers: Mapping[Offset, np.ndarray], labels: np.ndarray) -> Shifts:
    """The answers (n,) at each of OFFSETS, and the labels (n,) -> what is kept of them."""
    accuracy = {offset: float(np.mean(said == labels)) for offset, said in answers.items()}
    side = 2 * MAP_REACH + 1
    by_shift = [np.mean([accuracy[_steps(way, k)] for way in STRAIGHT]) for k in range(FURTHEST + 1)]
    grid = np.reshape([accuracy[offset] for offset in shifting.square()], (side, side))
    lines = np.array([[answers[_steps(way, k)] for k in range(FURTHEST + 1)] for way in DIRECTIONS.values()])
    return Shifts(np.array(by_shift), grid, _smallest(shifting.breaking_points(lines.transpose(0, 2, 1))))


def save(folder: Path, shifts: Shifts, centred: bool, about: dict) -> Path:
    """Write the figures beside the network, with what `about` says of their origin; returns the JSON file."""
    figures, breaking = _files(folder, centred)
    np.save(breaking, shifts.breaking)
    kept = about | {"accuracy": shifts.by_shift.tolist(), "map": shifts.map.tolist()}
    figures.write_text(json.dumps(kept) + "\n")
    return figures


def exists(folder: Path, centred: bool = False) -> bool:
    """Whether the network in a run folder has been measured."""
    return all(file.exists() for file in _files(folder, centred))


def read(folder: Path, centred: bool = False) -> Shifts:
    """What was measured of the network in a run folder."""
    figures, breaking = _files(folder, centred)
    kept = json.loads(figures.read_text())
    return Shifts(np.array(kept["accuracy"]), np.array(kept["map"]), np.load(breaking))


def broken_by(breaking: np.ndarray, labels: np.ndarray, furthest: int = MAP_REACH) -> np.ndarray:
    """Of each digit's images, the fraction whose answer a shift of at most k pixels changes: (10, furthest)."""
    reach = np.arange(1, furthest + 1)
    broken = (breaking[:, None] > 0) & (breaking[:, None] <= reach)
    return np.array([broken[labels == digit].mean(0) for digit in range(10)])


def _smallest(points: np.ndarray) -> np.ndarray:
    """Breaking points (8, n), 0 for never -> the smallest of each column (n,), 0 where all are never."""
    never = FURTHEST + 1
    smallest = np.where(points == 0, never, points).min(0)
    return np.where(smallest == never, 0, smallest).astype(np.uint8)


def _files(folder: Path, centred: bool) -> tuple[Path, Path]:
    suffix = "-centred" if centred else ""
    return folder / f"shift{suffix}.json", folder / f"breaking{suffix}.npy"
