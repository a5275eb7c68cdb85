"""Strangers' handwriting, drawn on the canvas: for measuring only. The strokes and how they are drawn lie outside the
project, in ../shared/handwriting; nothing of them may be committed or trained on."""

import gzip
import importlib.util
import json
from pathlib import Path

import numpy as np

EVERY = 4  # of the digits, so that measuring takes a minute


def drawn(file: Path) -> dict[str, tuple[list[np.ndarray], np.ndarray]]:
    """By condition of the score.py beside the file: canvases (280, 280, 4), and their labels (n,)."""
    score = _score(file.with_name("score.py"))
    with gzip.open(file, "rt") as lines:
        rows = [row for row in map(json.loads, lines) if not row["suspect"]][::EVERY]
    labels, rng = np.array([row["label"] for row in rows]), np.random.default_rng(0)
    result = {}
    for condition, (width, height, jitter) in score.CONDITIONS.items():
        offsets = (
            rng.normal(0, jitter, (len(rows), 2)) if jitter <= 20 else rng.uniform(-jitter, jitter, (len(rows), 2))
        )
        canvases = [score.draw(row["strokes"], width, height, at) for row, at in zip(rows, offsets, strict=True)]
        result[condition] = canvases, labels
    return result


def _score(path: Path):
    spec = importlib.util.spec_from_file_location("score", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
