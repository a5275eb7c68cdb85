"""Training: the tutorial's `model.fit` of 5 epochs against the project's train command, each in its own process."""

import json
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.line import Line, ratios
from tests.bench.processes import run

SEEDS = [0, 1, 2]
FASTER, POINTS = 10, 0.3


def measure() -> Iterator[Line]:
    pairs = [(tutorial(seed), ours(seed)) for seed in SEEDS]
    theirs, mine = ([pair[side]["seconds"] for pair in pairs] for side in (0, 1))
    faster = statistics.median(ratios(theirs, mine))
    seconds = f"{statistics.median(theirs):.1f} s / {statistics.median(mine):.1f} s"
    yield Line("training: fit / ours", f"{faster:.1f} ({seconds})", f"at least {FASTER}", faster >= FASTER)

    fit, own = (100 * statistics.mean(pair[side]["test_accuracy"] for pair in pairs) for side in (0, 1))
    accuracies = f"{own - fit:+.2f} points ({fit:.2f} % / {own:.2f} %)"
    yield Line("training: accuracy, ours − fit", accuracies, f"within {POINTS} points", abs(own - fit) <= POINTS)


def tutorial(seed: int) -> dict:
    return json.loads(run("-m", "tests.bench.tutorial", str(seed)))


def ours(seed: int) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        run("-m", "mnist_model", "train", "dense", "--seed", str(seed), "--out", str(out), "--progress", "json")
        return json.loads((out / "report.json").read_text())
