"""What a worker can be asked to do."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from mnist_model.networks.recipe import Recipe

OURS = "ours.npz"  # a class's digits on their way to a worker; no run folder has it


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
