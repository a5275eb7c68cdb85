"""What a lesson's figures in braces stand for, read from a network's report, or asked of it, at that moment.

    {dense.test_accuracy}             of a network, by its shipped name, or with centring in front: centring+dense
    {dense.at(4)}                     with arguments
    {dense.says(test-9010, 3, 0)}     of an image, which is called as in an address, or `digit`: the one at hand

Nothing is evaluated: a name, its arguments' kinds and a function stand in the one table FIGURES.
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from mnist_model.images import dataset, ink_code
from mnist_model.images.shifting import DIRECTIONS, FURTHEST, shift
from mnist_model.lesson.errors import BadFigure
from mnist_model.lesson.states import State, is_digit
from mnist_model.networks import classifier, positions
from mnist_model.networks.remedies import REMEDIES, Remedy
from mnist_model.percent import percent, probability

BRACES = re.compile(r"\{([^{}]*)\}")
REFERENCE = re.compile(r"([a-z+-]+)\.([a-z_]+)(?:\(([^()]*)\))?")
AT_HAND = "digit"


class Kind(NamedTuple):
    """What an argument must be, in words; whether a text is that; what it then is."""

    words: str
    fits: Callable[[str], bool]
    value: Callable[[str], Any]


class Figure(NamedTuple):
    """The kinds of its arguments, and what it is of a remedy: a text."""

    arguments: tuple[Kind, ...]
    of: Callable[..., str]


Fill = Callable[[str], str]


def filled(text: str, at_hand: np.ndarray | None = None) -> str:
    """A text with its figures; the image at hand, (28, 28) in 0–1, is called `digit` in them.

    Raises BadFigure where one is called as none is, NetworkError where a network cannot be read.
    """
    return BRACES.sub(lambda found: _figure(found[1], at_hand), text)


def fill_for(state: State, at_hand: np.ndarray | None = None) -> Fill:
    """What fills a step's texts; its digit is the state's where none is at hand."""
    code = state.values.get("digit")
    return partial(filled, at_hand=image(code) if at_hand is None and code else at_hand)


def check(text: str, has_digit: bool) -> None:
    """Raises BadFigure where a text has a figure that there is not, or half of one; no network is asked."""
    if {*BRACES.sub("", text)} & {*"{}"}:
        raise BadFigure("a brace has no partner: figures stand between { and }.")
    for found in BRACES.finditer(text):
        _, _, arguments = _parsed(found[1])
        if AT_HAND in arguments and not has_digit:
            raise BadFigure(f"“{found[1]}” is of a digit at hand, and the step opens none.")


def image(code: str) -> np.ndarray:
    """The image, (28, 28) float32 in 0–1, that an address calls so."""
    if code.startswith(ink_code.PREFIX):
        return ink_code.decode(code)
    name, index = code.split("-")
    return dataset.scale(dataset.load().split("training" if name == "train" else name)[0][int(index)])


def _figure(reference: str, at_hand: np.ndarray | None) -> str:
    remedy, figure, texts = _parsed(reference)
    if AT_HAND in texts and at_hand is None:
        raise BadFigure(f"“{reference}” is of a digit at hand, and there is none.")
    values = (
        at_hand if text == AT_HAND else kind.value(text) for kind, text in zip(figure.arguments, texts, strict=True)
    )
    return figure.of(remedy, *values)


def _parsed(reference: str) -> tuple[Remedy, Figure, list[str]]:
    """A remedy, a figure, and its arguments as texts that fit. Raises BadFigure."""
    found = REFERENCE.fullmatch(reference)
    remedy, figure = (_REMEDIES.get(found[1]), FIGURES.get(found[2])) if found else (None, None)
    if not found or not remedy or not figure:
        raise BadFigure(
            f"“{reference}” is no figure: a network ({', '.join(_REMEDIES)}), a dot, and one of {', '.join(FIGURES)}."
        )
    texts = [text.strip() for text in found[3].split(",")] if found[3] else []
    if len(texts) != len(figure.arguments):
        raise BadFigure(f"“{reference}” takes {_in_words(figure)}.")
    for kind, text in zip(figure.arguments, texts, strict=True):
        if not kind.fits(text):
            raise BadFigure(f"“{reference}”: {text or 'nothing'} is not {kind.words}.")
    return remedy, figure, texts


def _in_words(figure: Figure) -> str:
    return "in brackets: " + ", ".join(kind.words for kind in figure.arguments) if figure.arguments else "no brackets"


def _whole(least: int, most: int) -> Kind:
    def fits(text: str) -> bool:
        return re.fullmatch("-?[0-9]{1,4}", text) is not None and least <= int(text) <= most

    return Kind(f"a whole number from {least} to {most}", fits, int)


_IMAGE = Kind(f"an image, such as test-247, or {AT_HAND}", lambda text: text == AT_HAND or is_digit(text), image)
_WAY = Kind(f"one of {', '.join(DIRECTIONS)}", DIRECTIONS.__contains__, DIRECTIONS.__getitem__)
_PX, _OFFSET, _DIGIT, _UNIT = _whole(0, FURTHEST), _whole(-FURTHEST, FURTHEST), _whole(0, 9), _whole(0, 127)
_REMEDIES = {remedy.title.replace(" ", ""): remedy for remedy in REMEDIES}


def _report(remedy: Remedy) -> dict[str, Any]:
    """All that its report says, by name."""
    return classifier.kept(remedy.network).report.to_json()


def _shifts(remedy: Remedy) -> positions.Shifts:
    return classifier.kept(remedy.network).folder.shifts(remedy.centred)


def _mistakes(remedy: Remedy) -> np.ndarray:
    """How often it reads a digit as another one, (10, 10): rows the true digit."""
    return np.array(_report(remedy)["confusion_matrix"]) * (1 - np.eye(10, dtype=int))


def _probabilities(remedy: Remedy, images: np.ndarray) -> np.ndarray:
    return classifier.front(classifier.kept(remedy.network), remedy.centred).probabilities(images)


def _moved(remedy: Remedy, image: np.ndarray, dx: int, dy: int) -> np.ndarray:
    """What it says of an image that was moved: (10,)."""
    return _probabilities(remedy, shift(image, dx, dy))[0]


def _breaks(remedy: Remedy, image: np.ndarray, way: tuple[int, int]) -> str:
    """The smallest shift one way that changes its answer, in pixels."""
    moved = np.stack([shift(image, *positions.steps(way, k)) for k in range(FURTHEST + 1)])
    return str(positions.breaking_points(_probabilities(remedy, moved).argmax(1)) or f"more than {FURTHEST}")


def _half_broken(remedy: Remedy) -> str:
    return str(positions.half_broken_by(_shifts(remedy).breaking) or f"more than {FURTHEST}")


def _most_confused(remedy: Remedy) -> str:
    """The most frequent mistake."""
    true, said = divmod(int(_mistakes(remedy).argmax()), 10)
    return f"a {true} read as a {said}"


def _total(remedy: Remedy, image: np.ndarray, unit: int) -> str:
    """What a unit of a dense network's hidden layer adds up, its bias among it, before ReLU."""
    kernel, bias, *_ = classifier.kept(remedy.network).weights
    if kernel.ndim != 2:
        raise BadFigure(f"{remedy.network} is not dense: it has no total.")
    return f"{image.ravel() @ kernel[:, unit] + bias[unit]:.2f}".replace("-", "−")


FIGURES: dict[str, Figure] = {
    "parameters": Figure((), lambda remedy: f"{_report(remedy)['parameters']:,}"),
    "seconds": Figure((), lambda remedy: f"{_report(remedy)['seconds']:.0f}"),
    "train_accuracy": Figure((), lambda remedy: percent(_report(remedy)["train_accuracy"])),
    "test_accuracy": Figure((), lambda remedy: percent(_report(remedy)["test_accuracy"])),
    "misread": Figure((), lambda remedy: f"{_mistakes(remedy).sum():,}"),
    "confused": Figure((_DIGIT, _DIGIT), lambda remedy, true, said: f"{_mistakes(remedy)[true, said]}"),
    "most_confused": Figure((), _most_confused),
    "at": Figure((_PX,), lambda remedy, k: percent(float(_shifts(remedy).by_shift[k]))),
    "nearby": Figure((), lambda remedy: percent(_shifts(remedy).nearby)),
    "half_broken": Figure((), _half_broken),
    "shuffled": Figure((), lambda remedy: percent(classifier.kept(remedy.network).folder.shuffled_accuracy())),
    "says": Figure((_IMAGE, _OFFSET, _OFFSET), lambda *asked: f"{_moved(*asked).argmax()}"),
    "sure": Figure((_IMAGE, _OFFSET, _OFFSET), lambda *asked: probability(_moved(*asked).max())),
    "breaks": Figure((_IMAGE, _WAY), _breaks),
    "total": Figure((_IMAGE, _UNIT), _total),
}
