"""What a network says as an image moves: of one image everywhere, and of the whole test set.

Place maps are the translation-sensitivity maps of Kauderer-Abrams (arXiv 1801.01450) for one image.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from mnist_model.images.resampling import SIZE
from mnist_model.images.shifting import DIRECTIONS, FURTHEST, MAP_REACH, STRAIGHT, Offset, everywhere, shift, square

PLACES_REACH = 3  # pixels
NEARBY = 4  # pixels


class Probabilities(Protocol):
    """Anything that classifies: a Classifier, or one with centring in front of it."""

    def probabilities(self, images: np.ndarray) -> np.ndarray: ...


class Shifts(NamedTuple):
    """How a network does on the shifted test images."""

    by_shift: np.ndarray  # (15,) accuracy at k = 0 to 14 pixels, the mean of right, left, down and up
    map: np.ndarray  # (17, 17) accuracy at [dy + 8, dx + 8]
    breaking: np.ndarray  # (10000,) uint8, pixels: the smallest shift in any of 8 directions that changes the answer

    @property
    def nearby(self) -> float:
        """Mean accuracy over the 81 offsets with |dx| and |dy| of at most 4 pixels."""
        return float(self.map[NEARBY:-NEARBY, NEARBY:-NEARBY].mean())


def place_map(classifier: Probabilities, image: np.ndarray, reach: int = FURTHEST) -> np.ndarray:
    """What a classifier says of an image (28, 28) at every offset up to `reach`: (2·reach + 1, 2·reach + 1, 10).

    The value for (dx, dy) is at [dy + reach, dx + reach].
    """
    side = 2 * reach + 1
    return classifier.probabilities(everywhere(image, reach).reshape(-1, SIZE, SIZE)).reshape(side, side, -1)


def breaking_points(answers: np.ndarray) -> np.ndarray:
    """The smallest shift that changes the answer, in pixels; 0 where none does.

    `answers` (..., k) holds the answers at shifts of 0, 1, 2, … pixels in one direction; the result has shape (...).
    """
    return (answers != answers[..., :1]).argmax(-1)


def directions_that_change(classifier: Probabilities, image: np.ndarray, k: int) -> list[str]:
    """In which of the DIRECTIONS a shift by k pixels changes what a classifier says of an image (28, 28)."""
    places = [(0, 0), *(steps(direction, k) for direction in DIRECTIONS.values())]
    before, *after = classifier.probabilities(np.stack([shift(image, *place) for place in places])).argmax(-1)
    return [name for name, answer in zip(DIRECTIONS, after, strict=True) if answer != before]


def along_directions(places: np.ndarray) -> np.ndarray:
    """The answers of a place map on the eight DIRECTIONS: (8, reach + 1) digits, the first of each at no shift."""
    answers, reach = places.argmax(-1), len(places) // 2
    steps = np.arange(reach + 1)
    return np.array([answers[reach + steps * dy, reach + steps * dx] for dx, dy in DIRECTIONS.values()])


def steps(direction: Offset, k: int) -> Offset:
    """So many steps in a direction."""
    return k * direction[0], k * direction[1]


PLACES = square(PLACES_REACH)
STUDIED = square(NEARBY) + [steps(way, k) for k in range(NEARBY + 1, FURTHEST + 1) for way in STRAIGHT]
MEASURED = square() + [steps(way, k) for k in range(MAP_REACH + 1, FURTHEST + 1) for way in DIRECTIONS.values()]


def ask(
    classifier: Probabilities,
    images: np.ndarray,
    offsets: Sequence[Offset],
    show: Callable[[int], None] = lambda done: None,
) -> dict[Offset, np.ndarray]:
    """The answers (n,) for images (n, 28, 28) at each of the offsets; `show` is told how many of these are done."""
    answers = {}
    for offset in offsets:
        answers[offset] = classifier.probabilities(shift(images, *offset)).argmax(1)
        show(len(answers))
    return answers


def summarise(answers: Mapping[Offset, np.ndarray], labels: np.ndarray) -> Shifts:
    """The answers (n,) at each of the MEASURED offsets, and the labels (n,) -> what is kept of them."""
    accuracy = accuracies(answers, labels)
    side = 2 * MAP_REACH + 1
    grid = np.reshape([accuracy[offset] for offset in square()], (side, side))
    lines = np.array([[answers[steps(way, k)] for k in range(FURTHEST + 1)] for way in DIRECTIONS.values()])
    return Shifts(np.array(by_shift(accuracy)), grid, _smallest(breaking_points(lines.transpose(0, 2, 1))))


def accuracies(answers: Mapping[Offset, np.ndarray], labels: np.ndarray) -> dict[Offset, float]:
    """The fraction of the answers (n,) at each offset that is right by the labels (n,)."""
    return {offset: float(np.mean(said == labels)) for offset, said in answers.items()}


def by_shift(accuracy: Mapping[Offset, float]) -> list[float]:
    """The accuracy at k = 0 to 14 pixels, the mean of right, left, down and up."""
    return [float(np.mean([accuracy[steps(way, k)] for way in STRAIGHT])) for k in range(FURTHEST + 1)]


def broken_by(breaking: np.ndarray, labels: np.ndarray, furthest: int = MAP_REACH) -> np.ndarray:
    """Of each digit's images, the fraction whose answer a shift of at most k pixels changes: (10, furthest)."""
    reach = np.arange(1, furthest + 1)
    broken = (breaking[:, None] > 0) & (breaking[:, None] <= reach)
    return np.array([broken[labels == digit].mean(0) for digit in range(10)])


def half_broken_by(breaking: np.ndarray) -> int | None:
    """The shift, in pixels, by which half of all answers have changed; None where they have not within 14."""
    median = np.median(np.where(breaking == 0, FURTHEST + 1, breaking))
    return int(median) if median <= FURTHEST else None


def _smallest(points: np.ndarray) -> np.ndarray:
    """Breaking points (8, n), 0 for never -> the smallest of each column (n,), 0 where all are never."""
    never = FURTHEST + 1
    smallest = np.where(points == 0, never, points).min(0)
    return np.where(smallest == never, 0, smallest).astype(np.uint8)
