"""One line of the table: what was measured, the figures, the bar, and whether it was met."""

from typing import NamedTuple


class Line(NamedTuple):
    """`met` is None for a figure that has no bar."""

    name: str
    measured: str
    bar: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {True: "met", False: "missed", None: ""}[self.met]
        return f"{self.name:<40}  {self.measured:<58}  {self.bar:<28}  {verdict}".rstrip()


def ratios(tops: list[float], bottoms: list[float]) -> list[float]:
    """Pair by pair, so that what slows the machine for a while slows both sides of a ratio."""
    return [top / bottom for top, bottom in zip(tops, bottoms, strict=True)]
