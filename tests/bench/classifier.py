"""A fresh process's first prediction: `classifier.load` against loading the same network with Keras."""

import json
import statistics
from collections.abc import Iterator

from tests.bench.line import Line, ratios
from tests.bench.processes import run

PAIRS = 5
SECONDS = 0.5


def measure() -> Iterator[Line]:
    pairs = [(first_answer("keras"), first_answer("ours")) for _ in range(PAIRS)]
    theirs, mine = ([pair[side]["seconds"] for pair in pairs] for side in (0, 1))
    seconds, faster = statistics.median(mine), statistics.median(ratios(theirs, mine))
    measured = f"{seconds:.2f} s, Keras {faster:.0f} × as long ({statistics.median(theirs):.1f} s)"
    yield Line("import to first prediction", measured, f"under {SECONDS} s", seconds < SECONDS)
    imported = any(pair[1]["tensorflow"] for pair in pairs)
    yield Line("TensorFlow for a prediction", "imported" if imported else "not imported", "not imported", not imported)


def first_answer(whose: str) -> dict:
    return json.loads(run("-m", "tests.bench.first_answer", whose))
