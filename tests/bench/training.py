"""Training: the tutorial's `model.fit` of 5 epochs against the project's, in a process of its own and in a worker."""

import contextlib
import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from mnist_model.engine.cluster import Cluster
from mnist_model.networks.registry import NETWORKS
from mnist_model.runs.queue import Queue
from tests.bench.line import Line, ratios
from tests.bench.processes import run, runs_elsewhere
from tests.bench.turns import PATIENCE, press

SEEDS = [0, 1, 2]
FASTER, POINTS, GOAL = 10, 0.3, 2


def measure() -> Iterator[Line]:
    pairs = [(tutorial(seed), ours(seed)) for seed in SEEDS]
    faster, seconds = compared([(fitted["seconds"], own["seconds"]) for fitted, own in pairs])
    yield Line("training: fit / ours, in a process of its own, which compiles", f"{faster:.1f} ({seconds})")

    fitted, own = (100 * statistics.mean(pair[side]["test_accuracy"] for pair in pairs) for side in (0, 1))
    accuracies = f"{own - fitted:+.2f} points ({fitted:.2f} % / {own:.2f} %)"
    yield Line("training: accuracy, ours − fit", accuracies, f"within {POINTS} points", abs(own - fitted) <= POINTS)
    yield from in_a_worker()
    yield from convolutions()


def in_a_worker() -> Iterator[Line]:
    """The same in a worker that has trained it before, as all but the first of a class have it."""
    with runs_elsewhere(), contextlib.closing(Queue(Cluster)) as queue:
        again(queue)
        pairs = [(tutorial(seed)["seconds"], again(queue)) for seed in SEEDS]
    faster, seconds = compared(pairs)
    name = "training: fit / ours, in a worker that has compiled"
    yield Line(name, f"{faster:.1f} ({seconds})", f"at least {FASTER}", faster >= FASTER)


def again(queue: Queue) -> float:
    """Seconds of a default run's loop."""
    (run,) = press(queue)
    run.ended.wait(PATIENCE)
    return run.history[-1].seconds


def convolutions() -> Iterator[Line]:
    """One epoch of each convolutional network, Keras's `fit` against ours, with the batch of its recipe."""
    for name in ("conv", "conv-global"):
        batch = NETWORKS[name].recipe.batch
        pairs = [(fit(name, batch), ours(0, name, "--epochs", "1")["seconds"]) for _ in SEEDS]
        faster, seconds = compared(pairs)
        shown = f"{faster:.1f} ({seconds}; goal {GOAL})"
        yield Line(f"an epoch of {name}: fit / ours", shown, "at least 1", faster >= 1)


def compared(pairs: list[tuple[float, float]]) -> tuple[float, str]:
    """Of seconds theirs and ours: how many times as fast ours is, and both medians in words."""
    theirs, mine = ([pair[side] for pair in pairs] for side in (0, 1))
    seconds = f"{statistics.median(theirs):.1f} s / {statistics.median(mine):.1f} s"
    return statistics.median(ratios(theirs, mine)), seconds


def fit(name: str, batch: int) -> float:
    return json.loads(run("-m", "tests.bench.fit", name, "1", str(batch)))["seconds"]


def tutorial(seed: int) -> dict:
    return json.loads(run("-m", "tests.bench.tutorial", str(seed)))


def ours(seed: int, name: str = "dense", *options: str) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        run("-m", "mnist_model", "train", name, *options, "--seed", str(seed), "--out", str(out), "--progress", "json")
        return json.loads((out / "report.json").read_text())
