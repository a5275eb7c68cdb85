"""A study: networks trained with several seeds each, to tell a difference between them from chance.

The conditions are the networks of the registry and variants of them: one change each, so that it is seen what that
does. Anti-aliased pooling is Zhang's (ICML 2019): the maxima of all squares, blurred, then every second one.
"""

import functools
import json
import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from mnist_model.networks.places import Figures
from mnist_model.networks.registry import NETWORKS, OWN, Network

FILE = "study.json"
ERRORS = 3  # standard errors that a difference must have to be called one


class Condition(NamedTuple):
    """What is trained with several seeds, under a name: a network, with its own recipe or another one."""

    name: str
    network: Network


class Spread(NamedTuple):
    """A figure of several seeds."""

    mean: float
    deviation: float  # the standard deviation of a sample (n − 1); NaN for one seed
    seeds: int


@dataclass(frozen=True)
class Row:
    """What a study has of one condition: the seeds, and the figures of each. Asked at every move of a slider."""

    parameters: int
    seeds: tuple[int, ...]
    figures: tuple[Figures, ...]

    @functools.cached_property
    def shown(self) -> list[Spread]:
        """The figures of the tables, in their order."""
        return [spread(values) for values in zip(*(each.shown for each in self.figures), strict=True)]

    @functools.cached_property
    def by_shift(self) -> list[Spread]:
        """Accuracy at 0 to 14 pixels."""
        return [spread(values) for values in zip(*(each.by_shift for each in self.figures), strict=True)]

    @functools.cached_property
    def points(self) -> list[tuple[float, float]]:
        """Mean accuracy in % by shift in pixels, to a hundredth."""
        return [(k, round(100 * at.mean, 2)) for k, at in enumerate(self.by_shift)]

    @functools.cached_property
    def band(self) -> list[tuple[float, float, float]]:
        """By shift in pixels, a standard deviation below that and one above; nothing for one seed."""
        spreads = self.by_shift if len(self.seeds) > 1 else []
        around = [(100 * (at.mean - at.deviation), 100 * (at.mean + at.deviation)) for at in spreads]
        return [(k, round(low, 2), round(high, 2)) for k, (low, high) in enumerate(around)]


Study = Mapping[str, Row]  # by condition; what was also measured with centring in front has a row of its own

_SHIFTED, _CONV = NETWORKS["dense-shifted"], NETWORKS["conv"]
_BLURRED = replace(_CONV.recipe, layers="conv-16,max-2-1,blur,conv-32,max-2-1,blur,flatten")
VARIANTS = {
    "dense-shifted": [
        Condition(f"dense-shifted-{units}", replace(_SHIFTED, recipe=replace(_SHIFTED.recipe, hidden=units)))
        for units in (256, 512)
    ],
    "conv": [
        Condition("conv-blur", replace(OWN, recipe=_BLURRED)),
        Condition("conv-shifted", replace(_CONV, recipe=replace(_CONV.recipe, shift=_SHIFTED.recipe.shift))),
    ],
}
CONDITIONS = {
    condition.name: condition
    for name, network in NETWORKS.items()
    for condition in (Condition(name, network), *VARIANTS.get(name, ()))
}


def spread(values: Sequence[float]) -> Spread:
    """The mean and the standard deviation of some seeds' figures."""
    return Spread(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else math.nan, len(values))


def differ(one: Spread, other: Spread) -> bool:
    """Whether two means differ by more than chance would have it; never where one is of a single seed."""
    error = math.hypot(*(each.deviation / math.sqrt(each.seeds) for each in (one, other)))
    return abs(one.mean - other.mean) > ERRORS * error


def chance(of: Spread) -> float:
    """By how much the figures of two single networks must differ for that to be called a difference."""
    return ERRORS * math.sqrt(2) * of.deviation


def to_json(study: Study) -> str:
    """The content of a study's file."""
    kept = {name: {"parameters": row.parameters, "seeds": _seeds(row)} for name, row in study.items()}
    return json.dumps(kept, indent=1) + "\n"


def from_json(content: bytes) -> dict[str, Row]:
    """What a study's file says. Raises ValueError, KeyError, TypeError or AttributeError where that is none."""
    return {str(name): _row(kept) for name, kept in json.loads(content).items()}


def _seeds(row: Row) -> list[dict[str, Any]]:
    return [{"seed": seed} | figures._asdict() for seed, figures in zip(row.seeds, row.figures, strict=True)]


def _row(kept: Mapping[str, Any]) -> Row:
    seeds = kept["seeds"]
    if not seeds:
        raise ValueError("no seeds")
    return Row(
        int(kept["parameters"]),
        tuple(int(each["seed"]) for each in seeds),
        tuple(Figures.from_json(each) for each in seeds),
    )
