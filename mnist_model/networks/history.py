"""How a training went: the records that it made, one a row of history.csv."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Record(NamedTuple):
    """How a training does at one moment; loss and accuracy are those of the last images, 200 at least."""

    epoch: float  # a whole number at the start and at an epoch's end
    examples: int  # images seen
    seconds: float  # of the loop and its compilation, not of evaluation
    loss: float
    accuracy: float
    test_loss: float | None  # only now and then
    test_accuracy: float | None

    @property
    def is_epochs_end(self) -> bool:
        """Whether it is the start, or the end of an epoch."""
        return float(self.epoch).is_integer()


History = Sequence[Record]


def thinned(history: History, most: int) -> list[Record]:
    """A history of at most about `most` records besides those with test figures: neighbours become their mean."""
    width = -(-len(history) // most)
    kept: list[Record] = []
    group: list[Record] = []
    for record in history:
        group.append(record)
        if len(group) == width or record.test_loss is not None:
            means = {name: sum(getattr(each, name) for each in group) / len(group) for name in ("loss", "accuracy")}
            kept.append(record._replace(**means))
            group = []
    return kept + group[-1:]


def parse_record(row: Mapping[str, str]) -> Record:
    """A row of history.csv. Raises KeyError, TypeError or ValueError where it is none."""
    cells = {name: finite(row[name]) if row[name] or not name.startswith("test_") else None for name in Record._fields}
    return Record(**cells | {"examples": int(row["examples"])})  # type: ignore[arg-type]


def finite(value: Any) -> float:
    """A number. Raises ValueError where it is infinite or none."""
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{value} is not a number")
    return number


def fraction(value: Any) -> float:
    """A number from 0 to 1. Raises ValueError where it is none."""
    if not 0 <= finite(value) <= 1:
        raise ValueError(f"{value} is not a fraction")
    return float(value)
