"""Measuring a finished run; the figures go into its folder. What the command line and the worker both call."""

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mnist_model.images.dataset import Mnist, scale
from mnist_model.networks import classifier, positions
from mnist_model.networks.evaluation import evaluate
from mnist_model.networks.positions import Shifts
from mnist_model.networks.report import Report, origin

OFFSETS = len(positions.MEASURED)  # at which a network is measured


def evaluate_run(folder: str | Path, mnist: Mnist, show: Callable[[float], None] = lambda done: None) -> Report:
    """Evaluate a run and complete its report; `show` is told how much is done, 0–1. Raises NetworkError."""
    network = classifier.load(folder, threads=_cores())
    report = replace(network.report, evaluation=evaluate(network, mnist, network.report.recipe.examples, show))
    network.folder.write_report(report)
    return report


def measure_shifts(
    folder: str | Path, centred: bool, mnist: Mnist, show: Callable[[int], None] = lambda done: None
) -> tuple[Shifts, Path]:
    """Measure a network on the shifted test images; the figures, and the file that has them.

    `show` is told how many of the OFFSETS are done. Raises NetworkError.
    """
    network = classifier.load(folder, threads=_cores())
    front = classifier.front(network, centred)
    shifts = positions.measure(front, scale(mnist.test_images), mnist.test_labels, show)
    command = f"python -m mnist_model shift {network.name}{' --centred' * centred}"
    return shifts, network.folder.write_shifts(shifts, centred, origin(network.report.seed, command))


def _cores() -> int:
    return os.cpu_count() or 1
