"""How long a training will take: from what others took, here or where the shipped networks were trained."""

import statistics
from collections.abc import Iterable

from mnist_model import classifier
from mnist_model.evaluation import SHIFTS
from mnist_model.recipes import HIDDEN, RECIPES, Recipe, is_dense

PARTLY_FIXED = 0.3  # of a step's time, whatever the size of its batch
STARTING = 1.5  # seconds until the first step, from a process that is ready


def seconds(network: str, recipe: Recipe, reports: Iterable[dict] = ()) -> float:
    """Seconds of a training with its measuring, given the reports of trainings on this machine."""
    ratios = [
        report["seconds"] / training(report["network"], Recipe(**report["recipe"]))
        for report in reports
        if report.get("epochs") == report["recipe"]["epochs"]
    ]
    faster = statistics.median(ratios) if ratios else 1.0
    share = (recipe.examples + (1 + 4 * len(SHIFTS)) * 10_000) / 60_000  # of an epoch's images, for measuring
    one_epoch = training(network, Recipe(epochs=1, batch=RECIPES[network].batch, hidden=recipe.hidden))
    tests = (recipe.epochs + 1) * one_epoch / 12
    return STARTING + faster * (training(network, recipe) + one_epoch * share / 4 + tests)


def training(network: str, recipe: Recipe) -> float:
    """Seconds of the loop where the shipped networks were trained."""
    known, shipped = RECIPES[network], classifier.load(network).report["seconds"]
    size = recipe.batch / known.batch
    step = PARTLY_FIXED + (1 - PARTLY_FIXED) * size
    if is_dense(network):
        step *= PARTLY_FIXED + (1 - PARTLY_FIXED) * recipe.hidden / HIDDEN
    return shipped * step / size * recipe.epochs * recipe.per_epoch / (known.epochs * known.per_epoch)


def examples_per_second(history: list[dict]) -> float | None:
    """How fast a training goes, without its compilation; None where there are too few records to say."""
    steps = [record for record in history if record["examples"]]
    if len(steps) < 2:
        return None
    first, last = steps[0], steps[-1]
    return (last["examples"] - first["examples"]) / max(1e-9, last["seconds"] - first["seconds"])


def seconds_left(history: list[dict], epochs: int) -> float | None:
    """How long a training's loop will take yet; None where it is too early to say."""
    speed = examples_per_second(history)
    if speed is None:
        return None
    last = history[-1]
    return (epochs / last["epoch"] - 1) * last["examples"] / speed
