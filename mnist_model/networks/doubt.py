"""Whether a network is to be believed: when it says that it is not sure, or that it sees no digit at all.

Only the registry's DOUBTER (robust) can tell: it has learned from scribbles that all ten digits may be equally
unlikely. Both thresholds were chosen by `python -m tests.bench.doubt`. The browser does the same (frontend/live.js).
"""

import numpy as np

from mnist_model.networks.registry import DOUBTER, TUTORIAL
from mnist_model.percent import probability

NO_DIGIT = 0.6  # the two highest probabilities together, below which it is no digit
CLOSE = 0.5  # the distance of the two highest probabilities, below which either may be meant
LIMITS = {"doubter": DOUBTER, "noDigit": NO_DIGIT, "close": CLOSE}  # as the browser has them


def beside(name: str) -> str:
    """The network that answers beside another one: the one that can doubt, or the tutorial's."""
    return TUTORIAL if name == DOUBTER else DOUBTER


def best_two(probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities (…, 10) -> the two highest together, and their distance, both (…)."""
    second, first = np.moveaxis(np.sort(probabilities, -1)[..., -2:], -1, 0)
    return first + second, first - second


def is_no_digit(probabilities: np.ndarray) -> np.ndarray:
    """Probabilities (…, 10) of DOUBTER -> whether what it saw does not look like a digit.

    The two highest count together: what may be a 1 or a 7 is a digit.
    """
    return best_two(probabilities)[0] < NO_DIGIT


def is_unsure(probabilities: np.ndarray) -> np.ndarray:
    """Probabilities (…, 10) of DOUBTER -> whether it sees a digit, and two answers are close."""
    together, distance = best_two(probabilities)
    return (distance < CLOSE) & (together >= NO_DIGIT)


def remark(chosen: str, said: np.ndarray, beside: str, also_said: np.ndarray) -> str:
    """A line under the chosen network's answer: its doubt, or else what the one beside it says; probabilities (10,)."""
    answer = f"{beside} says {also_said.argmax()}, {probability(also_said.max())}"
    return _doubt(chosen, said) or _doubt(beside, also_said) or answer


def _doubt(network: str, probabilities: np.ndarray) -> str | None:
    if network != DOUBTER:
        return None
    if is_no_digit(probabilities):
        return f"{network}: this does not look like a digit"
    if is_unsure(probabilities):
        first, second = probabilities.argsort()[::-1][:2]
        return f"{network} is not sure: {first} or {second}?"
    return None
