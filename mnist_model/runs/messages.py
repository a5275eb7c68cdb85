"""What the server and a worker process say to each other: jobs one way, how they go the other way.

Both ends are this project on this machine, so that objects travel as they are (pickle), one after the other.
"""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

from mnist_model.networks.history import Record
from mnist_model.networks.recipe import Recipe


@dataclass(frozen=True)
class Train:
    """Train a network of the registry into a new run folder."""

    network: str
    recipe: Recipe
    folder: Path


@dataclass(frozen=True)
class Evaluate:
    """Evaluate a training that was stopped."""

    folder: Path


@dataclass(frozen=True)
class MeasureShifts:
    """Measure a network on the shifted test images."""

    folder: Path


@dataclass(frozen=True)
class Progress:
    """How much of an evaluation or measurement is done, 0–1: a training itself is over by then."""

    done: float


@dataclass(frozen=True)
class Done:
    """The job is done, and what it writes is written."""


@dataclass(frozen=True)
class Failed:
    """The job could not be done; why, as one sentence."""

    sentence: str


@dataclass(frozen=True)
class Stop:
    """To the worker: end, and keep what was learned."""


Job = Train | Evaluate | MeasureShifts
JobT = TypeVar("JobT", bound=Job)
Message = Record | Progress | Done | Failed


def send(stream: IO[bytes], message: Job | Message | Stop) -> None:
    pickle.dump(message, stream)
    stream.flush()


def received(stream: IO[bytes]) -> Iterator[object]:
    """What comes, until the other end is gone."""
    while True:
        try:
            yield pickle.load(stream)
        except EOFError:
            return
