"""What a worker is asked to do, and what it says of that while it does it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np

from mnist_model.networks.history import Record
from mnist_model.networks.recipe import Recipe


@dataclass(frozen=True)
class Train:
    """Train a network of the registry into a new run folder. Two are equal where they train the same."""

    network: str
    recipe: Recipe
    folder: Path = field(compare=False)
    ours: bool = False  # with a class's digits, which are in the file OURS


@dataclass(frozen=True)
class Evaluate:
    """Evaluate a training that was stopped."""

    folder: Path


@dataclass(frozen=True)
class MeasureShifts:
    """Measure a network on shifted images, `near` only at the places within 3 pixels: a seventh of the work."""

    folder: Path
    near: bool = False


@dataclass(frozen=True)
class MeasureFigures:
    """Measure a network as a study does."""

    folder: Path


Job = Train | Evaluate | MeasureShifts | MeasureFigures
JobT = TypeVar("JobT", bound=Job)


class Begun(NamedTuple):
    """A worker has begun; again, where the one that had begun before is gone."""


class Weights(NamedTuple):
    """A network's weights as it learns, in Keras's order."""

    arrays: list[np.ndarray]


class Progress(NamedTuple):
    """How much of an evaluation or a measurement is done, 0–1."""

    done: float


OURS = "ours.npz"  # a class's digits on their way to a worker; no run folder has it
Files = dict[str, bytes]  # of a run folder, by name
Message = Begun | Record | Weights | Progress
Hear = Callable[[Message], None]  # what takes messages
End = Callable[[Files | Exception], None]  # what takes the files that a job has made, or why it could not be done
