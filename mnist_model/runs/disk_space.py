"""Whose run goes when the disk is needed: the oldest of whoever holds most, and none that is in use if that can be."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

USED = 600  # seconds for which a run counts as in use after it was last used
MOST_USED = 2  # runs of one owner that count as in use: those used last


class Kept(NamedTuple):
    """A finished run."""

    path: Path
    owner: str  # "" for nobody
    megabytes: float
    completed: float  # seconds since 1970
    used: float  # seconds since 1970, 0 for never


def to_go(kept: Sequence[Kept], writing: Mapping[str, float], excess: float, now: float) -> list[Path]:
    """Which of the runs go, first to last, so that `excess` megabytes are free.

    `writing` is how many megabytes each owner is about to keep besides. They count as held, but cannot go.
    """
    going: list[Path] = []
    in_use = _in_use(kept, now)
    holding = defaultdict(float, writing)
    for run in kept:
        holding[run.owner] += run.megabytes
    left = sorted(kept, key=lambda run: run.completed)
    while excess > 0 and left:
        spare = [run for run in left if run.path not in in_use] or left
        run = max(spare, key=lambda run: holding[run.owner])  # the first of several: the oldest
        left.remove(run)
        going.append(run.path)
        holding[run.owner] -= run.megabytes
        excess -= run.megabytes
    return going


def _in_use(kept: Sequence[Kept], now: float) -> set[Path]:
    lately = sorted((run for run in kept if now - run.used < USED), key=lambda run: run.used, reverse=True)
    counted: Counter[str] = Counter()
    in_use = set()
    for run in lately:
        counted[run.owner] += 1
        if counted[run.owner] <= MOST_USED:
            in_use.add(run.path)
    return in_use
