"""Let one nasty client after another loose on a server of its own, and print what three neighbours notice of it.

python -m tests.attack [--seconds 60] [NAME …]

Without names all of them, two minutes each; crowds, too. Ends with status 1 where a bar was missed.
"""

import argparse
import asyncio
import multiprocessing
import sys
import threading
import time
from typing import NamedTuple

import psutil

from tests.attack import neighbours
from tests.attack.crowds import CROWDS, Level, seconds_until_level, window
from tests.attack.greed import CLIENTS, let_loose
from tests.attack.neighbours import Moves
from tests.bench.processes import ROOT, resident, runs_elsewhere, serve

BEFORE = 20  # seconds of moves with nobody else there
AFTER = 30  # seconds after which memory is level again
SETTLED = 45  # seconds after which those are forgotten who came before
MEDIAN, P95, FREEZE, MEMORY, LEVEL = 1.5, 3.0, 1000, 400, 1.1  # times, times, ms, MB, times


class Harm(NamedTuple):
    """What a client did."""

    before: Moves
    during: Moves
    memory: list[float]  # MB: before, at most during, and afterwards
    files: list[int]  # before, afterwards

    @property
    def is_bounded(self) -> bool:
        before, during, (was, most, after) = self.before, self.during, self.memory
        is_fast = during.median <= MEDIAN * before.median and during.p95 <= P95 * before.p95
        return is_fast and not during.failed and during.longest <= FREEZE and most <= MEMORY and after <= LEVEL * was

    def __str__(self) -> str:
        before, during = self.before, self.during
        return (
            f"median {before.median:4.0f} → {during.median:4.0f} ms  95th {before.p95:4.0f} → {during.p95:4.0f} ms  "
            f"longest {during.longest:5.0f} ms  failed {during.failed}  "
            f"memory {' → '.join(f'{each:.0f}' for each in self.memory)} MB  files {self.files[0]} → {self.files[1]}"
        )


class Highest(threading.Thread):
    """The most memory that a process has taken since."""

    def __init__(self, process: psutil.Process) -> None:
        super().__init__(daemon=True)
        self._process, self._over = process, threading.Event()
        self.most = 0.0
        self.start()

    def run(self) -> None:
        while not self._over.wait(0.5):
            self.most = max(self.most, resident(self._process))

    def end(self) -> float:
        self._over.set()
        return self.most


def harm(name: str, seconds: float) -> Harm:
    """Serve the app, and let a client loose on it."""
    with serve(ROOT / "app.py", ROOT) as server:
        asyncio.run(visit(server.url))
        before = asyncio.run(neighbours.move(server.url, BEFORE))
        was, files, highest = resident(server.process), server.process.num_fds(), Highest(server.process)
        client = multiprocessing.get_context("spawn").Process(target=let_loose, args=(name, server.url, seconds))
        client.start()
        during = asyncio.run(neighbours.move(server.url, seconds))
        client.join(seconds)
        if client.is_alive():
            client.kill()
        time.sleep(AFTER)
        most = highest.end()
        if during.failed:
            print(server.last_words(), flush=True)
        return Harm(before, during, [was, most, resident(server.process)], [files, server.process.num_fds()])


async def visit(url: str) -> None:
    """Somebody has seen every page: what all share is there."""
    for page in ("", "data", "train", "shift"):
        async with window(url, page):
            pass
    await neighbours.move(url, 5)


async def crowd(name: str) -> bool:
    """Let a crowd come to a server of its own, and print how soon the server is as it was."""
    with runs_elsewhere(), serve(ROOT / "app.py", ROOT) as server:
        await visit(server.url)
        await asyncio.sleep(SETTLED)
        before = Level.of(server.process)
        said, at_most = await CROWDS[name](server.url), Level.of(server.process)
        seconds = await seconds_until_level(server, before)
        after = Level.of(server.process)
    again = f"level after {seconds:.0f} s" if seconds is not None else "not level"
    print(f"{name:12} {said}: {before} → {at_most} → {after}, {again}", flush=True)
    return seconds is not None


def alone(name: str, seconds: float) -> bool:
    found = harm(name, seconds)
    print(f"{name:12} {found}  {'met' if found.is_bounded else 'missed'}", flush=True)
    return found.is_bounded


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attack", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of: {', '.join([*CLIENTS, *CROWDS])}")
    parser.add_argument("--seconds", type=float, default=60)
    asked = parser.parse_args()
    if unknown := set(asked.names) - {*CLIENTS, *CROWDS}:
        parser.error(f"no such attack: {', '.join(sorted(unknown))}")
    names = asked.names or [*CLIENTS, *CROWDS]
    met = [alone(name, asked.seconds) if name in CLIENTS else asyncio.run(crowd(name)) for name in names]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
