"""Measuring a finished run; the figures go into its folder. What the command line and the worker both call."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from mnist_model.images.dataset import Mnist, scale
from mnist_model.networks import classifier, positions
from mnist_model.networks.evaluation import evaluate
from mnist_model.networks.places import Places, summarise_figures, summarise_places
from mnist_model.networks.positions import Shifts
from mnist_model.networks.report import Report, origin


class Measured(NamedTuple):
    """A network's figures on shifted images, and the file that has the last of them."""

    places: Places
    shifts: Shifts | None  # where it was measured further than at the near places
    file: Path


def offsets(near: bool) -> Sequence[tuple[int, int]]:
    """At which a network is measured: those within 3 pixels, or these and all others."""
    return positions.PLACES if near else positions.MEASURED


def evaluate_run(folder: str | Path, mnist: Mnist, show: Callable[[float], None] = lambda done: None) -> Report:
    """Evaluate a run and complete its report; `show` is told how much is done, 0–1. Raises NetworkError."""
    network = classifier.load(folder, threads=classifier.CORES)
    report = replace(network.report, evaluation=evaluate(network, mnist, network.report.recipe.examples, show))
    network.folder.write_report(report)
    return report


def measure_shifts(
    folder: str | Path,
    centred: bool,
    mnist: Mnist,
    show: Callable[[int], None] = lambda done: None,
    near: bool = False,
) -> Measured:
    """Measure a network on the shifted test images, `near` only at the places within 3 pixels.

    `show` is told how many of the `offsets` are done. Raises NetworkError.
    """
    network = classifier.load(folder, threads=classifier.CORES)
    images, labels = scale(mnist.test_images), mnist.test_labels
    answers = positions.ask(classifier.front(network, centred), images, offsets(near), show)
    command = f"python -m mnist_model shift {network.name}{' --centred' * centred}{' --near' * near}"
    made = origin(network.report.seed, command)
    places = summarise_places(answers, labels)
    file = network.folder.write_places(places, centred, made)
    if near:
        return Measured(places, None, file)
    shifts = positions.summarise(answers, labels)
    return Measured(places, shifts, network.folder.write_shifts(shifts, centred, made))


def measure_figures(folder: str | Path, mnist: Mnist, show: Callable[[float], None] = lambda done: None) -> None:
    """Measure a network as a study does; `show` is told how much is done, 0–1. Raises NetworkError."""
    network = classifier.load(folder, threads=classifier.CORES)
    images, labels = scale(mnist.test_images), mnist.test_labels
    fronts = network.about.fronts
    for i, centred in enumerate(fronts):
        part = _part(show, i, len(fronts))
        answers = positions.ask(classifier.front(network, centred), images, positions.STUDIED, part)
        made = origin(network.report.seed, f"python -m mnist_model study {network.name}")
        network.folder.write_figures(summarise_figures(answers, labels), centred, made)


def _part(show: Callable[[float], None], done: int, parts: int) -> Callable[[int], None]:
    """What shows how much is done of all parts, told how many offsets of the next one are."""
    return lambda offsets: show((done + offsets / len(positions.STUDIED)) / parts)
