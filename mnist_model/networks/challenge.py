"""The challenge: right on moved digits with the fewest parameters."""

from collections.abc import Iterable
from itertools import groupby
from typing import Literal, NamedTuple

View = Literal["at 4 px", "at all 49 places"]  # where a digit has to be read rightly
VIEWS: tuple[View, View] = ("at 4 px", "at all 49 places")


class Contender(NamedTuple):
    """A network by its shipped name or run folder, and the fractions of the test images that it reads rightly."""

    network: str
    parameters: int
    right: dict[View, float]  # where it has been measured


def best_line(contenders: Iterable[Contender], view: View) -> list[Contender]:
    """Those that no other beats (the Pareto front), fewest parameters first.

    Beaten is whoever has at least as many parameters and is right at most as often as another, unless in both alike.
    """

    def rank(each: Contender) -> tuple[int, float]:
        return each.parameters, -each.right[view]

    line: list[Contender] = []
    for _, alike in groupby(sorted((each for each in contenders if view in each.right), key=rank), rank):
        best, *others = alike
        if not line or best.right[view] > line[-1].right[view]:
            line += best, *others
    return line


def is_new_on_the_line(network: str, contenders: Iterable[Contender], view: View) -> bool:
    """Whether a network is on the best line, and no other with its two figures is."""
    line = {each.network: (each.parameters, each.right[view]) for each in best_line(contenders, view)}
    return network in line and list(line.values()).count(line[network]) == 1
