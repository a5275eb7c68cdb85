"""What is said in words of figures."""

import numpy as np

from mnist_model.networks.counting import counted
from mnist_model.networks.occlusion import Occlusion
from mnist_model.networks.places import Figures, Places
from mnist_model.networks.report import Evaluation, Report
from mnist_model.percent import percent, probability

WIDTH = 40  # characters
ALIKE = 0.002  # of two accuracies: a difference within chance


def duration(seconds: float) -> str:
    """Seconds in words: 7 s, 1 min 40 s, 6 h 36 min."""
    whole = max(1, round(seconds))
    minutes = f"{whole // 60} min {whole % 60} s"
    return f"{whole} s" if whole < 60 else minutes if whole < 3600 else f"{whole // 3600} h {whole // 60 % 60} min"


def learned_from(report: Report, found: Evaluation) -> str:
    """How often a network has seen the images it learned from, and what that did to the two accuracies."""
    images = counted(report.recipe.examples, "training image")
    seen = f"The network has seen each of its {images} {_times(report.epochs)}"
    if report.recipe.shift or report.recipe.imitate != "nothing":
        seen += ", changed anew each time"
    if report.ours:
        seen += "; in every tenth one’s place stood a digit of our class"
    gap = found.train_accuracy - found.test_accuracy
    if gap > ALIKE:
        effect = f"It reads {100 * gap:.1f} points more of them than of new ones: so much it has learned by heart."
    elif gap < -ALIKE:
        effect = "It reads new ones even better: nothing shows that it has learned any by heart."
    else:
        effect = "It reads new ones as well: nothing shows that it has learned any by heart."
    return f"{seen}. {effect} The test images are new to it: the second figure is the honest one."


def right(found: Evaluation) -> str:
    """A network's two accuracies."""
    test, training = percent(found.test_accuracy), percent(found.train_accuracy)
    return f"{test} of the test images right, {training} of the training images"


def share(accuracy: float) -> str:
    """A fraction of the test images, in %."""
    return percent(accuracy)


def answer(probabilities: np.ndarray) -> list[str]:
    """A network's answer to one image and what it gives each digit, (10,): lines of text."""
    rows = [f"  {digit}  {probability(value):>8}  {blocks(value)}" for digit, value in enumerate(probabilities)]
    return [f"{probabilities.argmax()}  ({probability(probabilities.max())})", *rows]


def blocks(fraction: float) -> str:
    """A bar for a terminal; 1 is WIDTH wide."""
    return "█" * round(WIDTH * fraction)


def places(found: Places) -> list[str]:
    """What a network's figures within 3 pixels say, a sentence each."""
    return [
        f"{percent(found.everywhere)} of the test images are read rightly at every one of the 49 places within 3 px.",
        f"{percent(found.changed)} of the moves by 1 px, from one of these places to the next, change the answer.",
        f"{percent(found.mnist_c)} are right where MNIST-C's “translate” has them: 3 px aside, 3 up or down.",
    ]


def figures(found: Figures) -> str:
    """What a study measures of a network, in short."""
    nearby, everywhere = percent(found.nearby), percent(found.everywhere)
    return f"{percent(found.by_shift[0])} right in the middle, {nearby} up to 4 px, {everywhere} at all 49 places"


def occlusion(found: Occlusion) -> str:
    """An answer, and what is left of its probability where it is covered most tellingly."""
    said, left = probability(found.probability), probability(found.covered.min())
    return f"{found.answer}, {said}; at worst {left} is left"


def measuring(near: bool, name: str, done: float) -> str:
    """How far a measurement of a network on moved images has come."""
    where = "49 places" if near else "every offset"
    return f"Moving all 10,000 test images to {where} for {name}: {percent(done, 0)}"


def _times(epochs: float) -> str:
    if epochs == 1:
        return "once"
    return f"{epochs:.0f} times" if float(epochs).is_integer() else f"{epochs:.1f} times"


def position(dx: float, dy: float) -> str:
    """How far off the middle a digit lies: "3 px low and 2 px right", or "in the middle"."""
    right, down = round(dx), round(dy)
    vertical = [f"{abs(down)} px {'low' if down > 0 else 'high'}"] * (down != 0)
    horizontal = [f"{abs(right)} px {'right' if right > 0 else 'left'}"] * (right != 0)
    return " and ".join(vertical + horizontal) or "in the middle"
