"""What whoever starts the server may set about runs, in its environment."""

import logging
import os
from pathlib import Path

ROOT = Path(__file__).parents[2]


def home() -> Path:
    """The folder of all runs, and of the class: MNIST_RUNS, or runs/ in the project."""
    return Path(os.environ.get("MNIST_RUNS") or ROOT / "runs")


def number(name: str, default: int) -> int:
    """The environment's whole number of at least 1 under a name; where there is none or no such number, the default."""
    text = os.environ.get(name) or str(default)
    if text.isdecimal() and int(text) > 0:
        return int(text)
    logging.getLogger(__name__).warning("%s must be a whole number of at least 1, not %r.", name, text)
    return default
