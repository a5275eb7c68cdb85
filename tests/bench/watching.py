"""A training as the one who watches it has it: records a second, and how long Stop or Ctrl-C takes to end it."""

import contextlib
import json
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from mnist_model.engine.cluster import Cluster
from mnist_model.networks.registry import NETWORKS
from mnist_model.runs import store
from mnist_model.runs.jobs import Train
from mnist_model.runs.queue import Queue
from mnist_model.runs.run import Run
from tests.bench.line import Line
from tests.bench.processes import ROOT, runs_elsewhere

TIMES = 3
SECONDS = 4  # of a training that are watched
RECORDS, STOP, CTRL_C = 10, 1, 5
PATIENCE = 120  # seconds until a training has begun


def measure() -> Iterator[Line]:
    with runs_elsewhere():
        watched = [watch() for _ in range(TIMES)]
        records, stops = (statistics.median(each) for each in zip(*watched, strict=True))
        yield Line("records a second, conv-global", f"{records:.1f}", f"at least {RECORDS}", records >= RECORDS)
        yield Line("Stop to the end, conv-global", f"{stops:.2f} s", f"at most {STOP} s", stops <= STOP)
        stops = statistics.median(stop_drawing() for _ in range(TIMES))
        yield Line("the same while digits are drawn", f"{stops:.2f} s", f"at most {STOP} s", stops <= STOP)
        stops = statistics.median(interrupt() for _ in range(TIMES))
        yield Line("Ctrl-C while digits are drawn", f"{stops:.2f} s", f"at most {CTRL_C} s", stops <= CTRL_C)


def watch() -> tuple[float, float]:
    """Of a training of conv-global: records a second, once it is compiled, and seconds from Stop to its end."""
    with training("conv-global", lambda run: len(run.history) > 2) as (queue, run):
        before, begun = len(run.history), time.perf_counter()
        time.sleep(SECONDS)
        a_second = (len(run.history) - before) / (time.perf_counter() - begun)
        ended = stop(queue, run)
        if not run.is_kept:
            raise RuntimeError("a stopped training was not kept")
        return a_second, ended


def stop_drawing() -> float:
    """Seconds from Stop to the end of a training of robust that has yet to draw its digits."""
    with training("robust", lambda run: run.history) as (queue, run):
        time.sleep(1)
        return stop(queue, run)


@contextlib.contextmanager
def training(network: str, has_come: Callable[[Run], object]) -> Iterator[tuple[Queue, Run]]:
    """A training in a queue of its own, as far as it is to come before the block."""
    with contextlib.closing(Queue(Cluster)) as queue:
        run = queue.submit(Train(network, NETWORKS[network].recipe, store.new(network)))
        last = time.monotonic() + PATIENCE
        while not has_come(run):
            if run.ended.wait(0.02) or time.monotonic() > last:
                raise RuntimeError(f"{network} did not learn: {run.error or 'it takes too long'}")
        yield queue, run


def stop(queue: Queue, run: Run) -> float:
    begun = time.perf_counter()
    queue.stop(run)
    run.ended.wait()
    return time.perf_counter() - begun


def interrupt() -> float:
    """Seconds from Ctrl-C to the end of the command that trains robust, while it draws its digits."""
    command = [sys.executable, "-m", "mnist_model", "train", "robust", "--progress", "json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        json.loads(process.stdout.readline())
        begun = time.perf_counter()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
        return time.perf_counter() - begun
