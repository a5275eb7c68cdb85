"""Thirty press Train with the tutorial's recipe: how soon each begins, and how soon the last one has its network."""

import contextlib
import statistics
import time
from collections.abc import Iterator

import psutil

from mnist_model.engine.cluster import Cluster
from mnist_model.networks.registry import PRESETS
from mnist_model.runs import store
from mnist_model.runs.jobs import Train
from mnist_model.runs.queue import Queue
from mnist_model.runs.run import Run, State
from tests.bench.line import Line
from tests.bench.processes import runs_elsewhere

RUNS, WARM = 30, 3
LAST, FIRST = 1.5, 0.5
PATIENCE = 600  # seconds


def measure() -> Iterator[Line]:
    with runs_elsewhere(), contextlib.closing(Queue(Cluster)) as queue:
        press(queue)[0].ended.wait(PATIENCE)
        first = statistics.median(first_record(queue) for _ in range(WARM))
        yield Line("Train to first record, a worker that has", f"{first:.2f} s", f"at most {FIRST} s", first <= FIRST)
        begun = time.perf_counter()
        runs = press(queue, RUNS)
        for run in runs:
            run.ended.wait(PATIENCE)
        last = time.perf_counter() - begun
        if any(run.state is not State.DONE for run in runs):
            raise RuntimeError("not every run was done")
        loop = statistics.median(run.history[-1].seconds for run in runs)
        ratio = last / (RUNS * loop)
        shown = f"{ratio:.2f} ({last:.0f} s / {RUNS} × {loop:.2f} s)"
        yield Line(f"{RUNS} default runs / their steps", shown, f"at most {LAST}", ratio <= LAST)
        worker = max(each.memory_info().rss for each in psutil.Process().children(recursive=True)) / 2**20
        yield Line("memory of a worker", f"{worker:.0f} MB")


def press(queue: Queue, times: int = 1) -> list[Run]:
    network, recipe = PRESETS["Tutorial"]
    return [queue.submit(Train(network, recipe, store.new(network))) for _ in range(times)]


def first_record(queue: Queue) -> float:
    """Seconds from the press to the first record; the run is over after that."""
    begun = time.perf_counter()
    (run,) = press(queue)
    while not run.history:
        time.sleep(0.002)
    first = time.perf_counter() - begun
    run.ended.wait(PATIENCE)
    return first
