"""How long a training will take: from what others took, here or where the shipped networks were trained."""

import functools
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import replace

from mnist_model.networks import stack
from mnist_model.networks.evaluation import images_of
from mnist_model.networks.history import Record
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.registry import NETWORKS, OWN, TRAINABLE, TUTORIAL
from mnist_model.networks.report import Report
from mnist_model.networks.run_folder import RunFolder, find

PARTLY_FIXED = 0.3  # of a step's time, whatever the size of its batch
STARTING = 1.5  # seconds until the first step, from a process that is ready
ALIKE = "conv-global"  # a network that takes as long for the same work as any other of maps
PER_NUMBER = 50  # multiplications that take as long as what else is done with a number between two layers
COMPARED = 10  # seconds of a loop: what takes longer is compared with one training without a class's digits only
SHORTEST = 1.0  # seconds of a training where the shipped ones were made; a shorter one tells of its beginning and tests


def comparisons(seconds: float) -> int:
    """How often a training that took so long is done again with fewer of a class's digits, first with none of them."""
    return 3 if seconds <= COMPARED else 1


def seconds(network: str, recipe: Recipe, reports: Iterable[Report] = (), ours: bool = False) -> float:
    """Seconds of a training with its evaluation, given the reports of trainings on this machine.

    With a class's digits, `ours`, what it is compared with takes its time, too.
    """
    complete = [report for report in reports if report.epochs == report.recipe.epochs]
    known = [(report.seconds, training(report.network, report.recipe)) for report in complete]
    ratios = [here / there for here, there in known if there >= SHORTEST]
    faster = statistics.median(ratios) if ratios else 1.0
    share = images_of(recipe.examples) / 60_000  # of an epoch's images, for evaluating
    usual = TRAINABLE[network].recipe
    one_epoch = training(network, Recipe(epochs=1, batch=usual.batch, hidden=recipe.hidden, layers=recipe.layers))
    tests = (recipe.epochs + 1) * one_epoch / 12
    loop = faster * training(network, recipe)
    once = STARTING + loop + faster * (one_epoch * share / 4 + tests)
    return once * (1 + comparisons(loop)) if ours else once


def training(network: str, recipe: Recipe) -> float:
    """Seconds of the loop where the shipped networks were trained; of one that is not shipped, as if the tutorial's."""
    if network == OWN.name:
        alike = NETWORKS[ALIKE]
        return training(ALIKE, replace(recipe, layers="")) * _work(recipe.layers) / _work(alike.stack(alike.recipe))
    folder = find(network)
    known = NETWORKS[network].recipe
    shipped = _seconds(folder if folder.exists() else find(TUTORIAL))
    size = recipe.batch / known.batch
    step = PARTLY_FIXED + (1 - PARTLY_FIXED) * size
    if NETWORKS[network].has_hidden:
        step *= PARTLY_FIXED + (1 - PARTLY_FIXED) * recipe.hidden / known.hidden
    return shipped * step / size * recipe.epochs * recipe.per_epoch / (known.epochs * known.per_epoch)


def _work(layers: str) -> int:
    """What a stack of layers does with an image, in multiplications."""
    made = stack.walk(stack.parse(layers))
    return sum(each.multiplications + PER_NUMBER * math.prod(each.shape) for each in made)


def examples_per_second(history: Sequence[Record]) -> float | None:
    """How fast a training goes, without its compilation; None where there are too few records to say."""
    steps = [record for record in history if record.examples]
    if len(steps) < 2:
        return None
    first, last = steps[0], steps[-1]
    return (last.examples - first.examples) / max(1e-9, last.seconds - first.seconds)


def seconds_left(history: Sequence[Record], epochs: int) -> float | None:
    """How long a training's loop will take yet; None where it is too early to say."""
    speed = examples_per_second(history)
    if speed is None:
        return None
    last = history[-1]
    return (epochs / last.epoch - 1) * last.examples / speed


@functools.cache
def _seconds(shipped: RunFolder) -> float:
    return shipped.report().seconds
