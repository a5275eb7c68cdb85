"""A lab: thirty default runs on two workers with a core each, against one on one core; and with one of them killed."""

import contextlib
import os
import time
from collections.abc import Iterator

from mnist_model.engine.cluster import Cluster
from mnist_model.runs import store
from mnist_model.runs.queue import Queue
from mnist_model.runs.run import Run, State
from tests.bench.line import Line
from tests.bench.processes import runs_elsewhere
from tests.bench.turns import PATIENCE, RUNS, press
from tests.lab import Lab, kill, lab
from tests.steps import until

FASTER = 0.6
LEARNED = 30  # records of a run in its middle


def measure() -> Iterator[Line]:
    if not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2:
        yield Line("two workers / one", "needs taskset and two cores")
        return
    one, two = seconds(1), seconds(2)
    shown = f"{two / one:.2f} ({two:.0f} s / {one:.0f} s)"
    yield Line(f"{RUNS} runs: two workers / one", shown, f"at most {FASTER}", two / one <= FASTER)
    done, kept = one_killed()
    shown = f"{done} done, {kept} run folders"
    yield Line(f"{RUNS} runs, one worker of two killed", shown, f"{RUNS}, {RUNS}", done == kept == RUNS)


def seconds(workers: int) -> float:
    """Until the last of the runs has its network, with so many workers that have compiled theirs."""
    with ready(workers) as (queue, _, _):
        begun = time.perf_counter()
        wait(press(queue, RUNS))
        return time.perf_counter() - begun


def one_killed() -> tuple[int, int]:
    """How many runs were done, and how many run folders there are, where one of two workers ends in the middle."""
    with ready(2) as (queue, workers, earlier):
        runs = press(queue, RUNS)
        wait(runs[: RUNS // 3])
        until(lambda: sum(run.state is State.RUNNING and len(run.history) > LEARNED for run in runs) == 2, PATIENCE)
        kill(workers[0])
        wait(runs)
        return sum(run.state is State.DONE for run in runs), len(store.runs()) - earlier


@contextlib.contextmanager
def ready(workers: int) -> Iterator[tuple[Queue, list, int]]:
    """A queue for a lab of workers with a core each, the workers, and how many runs they have done to get ready."""
    with runs_elsewhere(), lab() as made, contextlib.closing(Queue(lambda: Cluster(address=made.address))) as queue:
        made.scheduler()
        joined = join(made, workers)
        first = press(queue)
        wait(first)
        while queue._started().slots < workers:
            first += press(queue)
            wait(first[-1:])
        warm = press(queue, workers)
        wait(warm)
        yield queue, joined, len(first + warm)


def join(made: Lab, workers: int) -> list:
    """Workers, each bound to a core of its own."""
    cores = sorted(os.sched_getaffinity(0))
    return [made.worker("taskset", "--cpu-list", str(core)) for core in cores[:workers]]


def wait(runs: list[Run]) -> None:
    last = time.monotonic() + PATIENCE
    for run in runs:
        if not run.ended.wait(max(0.0, last - time.monotonic())):
            raise RuntimeError(f"a run did not end in {PATIENCE} s")
