"""Ink that is no digit: scribbles, and letters and signs that no digit looks like (assets/letter_styles.toml)."""

import tomllib
from pathlib import Path

import numpy as np

from mnist_model.images import pen
from mnist_model.training.synthetic_digits import any_style, written

LETTERS: dict[str, list[str]] = tomllib.loads((Path(__file__).parents[2] / "assets" / "letter_styles.toml").read_text())


def scribbles(count: int, rng: np.random.Generator) -> np.ndarray:
    """Ink that is no digit, half of it letters and signs: images (count, 28, 28) uint8."""
    return pen.images((_any(rng) for _ in range(count)), count, rng)


def letter(rng: np.random.Generator) -> list[np.ndarray]:
    """A letter or a sign: strokes as of a digit."""
    drawings = [text for texts in LETTERS.values() for text in texts]
    return pen.written([drawings[rng.integers(len(drawings))]], rng)


def _any(rng: np.random.Generator) -> list[np.ndarray]:
    return letter(rng) if rng.integers(2) else NONSENSE[rng.integers(len(NONSENSE))](rng)


def _scrambled(rng: np.random.Generator) -> list[np.ndarray]:
    """A digit's points in another order; so many of them that no digit comes of it but rarely."""
    points = np.zeros((0, 2))
    while len(points) < 8:
        points = pen.points_of(any_style(int(rng.integers(10)), rng)[0])
    return [pen.smooth(rng.permutation(points) + rng.normal(0, 4, points.shape))]


def _walk(rng: np.random.Generator) -> list[np.ndarray]:
    """One or two strokes that go anywhere."""
    return [pen.smooth(rng.uniform(0, 100, (rng.integers(6, 14), 2))) for _ in range(rng.integers(1, 3))]


def _two_digits(rng: np.random.Generator) -> list[np.ndarray]:
    """One digit partly over another."""
    offset = rng.uniform((25, -30), (90, 30))
    return written(int(rng.integers(10)), rng) + [points + offset for points in written(int(rng.integers(10)), rng)]


def _blob(rng: np.random.Generator) -> list[np.ndarray]:
    """A filled patch: lines so close that they run into each other; too wide for a thick 1."""
    rows = np.linspace(0, rng.uniform(50, 110), 30)
    ends = rng.uniform(60, 110) + rng.normal(0, 5, 30)
    return [np.stack([np.where(np.arange(60) % 2, np.repeat(ends, 2), 0), np.repeat(rows, 2)], 1)]


def _in_a_ring(rng: np.random.Generator) -> list[np.ndarray]:
    """Short strokes and dots with a line round them."""
    angle = np.linspace(0, 2 * np.pi, 12) + rng.uniform(0, 6)
    middle, half = rng.uniform(40, 60, 2), rng.uniform(40, 60, 2)
    ring = pen.smooth(middle + half * np.stack([np.cos(angle), np.sin(angle)], 1) + rng.normal(0, 2, (12, 2)))
    starts = middle + rng.uniform(-0.55, 0.55, (rng.integers(2, 6), 2)) * half
    return [ring, *(pen.smooth(start + rng.normal(0, 12, (3, 2)).cumsum(0) * rng.integers(0, 2)) for start in starts)]


def _lines(rng: np.random.Generator) -> list[np.ndarray]:
    """Straight lines, more than any digit has."""
    return [rng.uniform(0, 100, (2, 2)) for _ in range(rng.integers(4, 8))]


NONSENSE = [_scrambled, _walk, _two_digits, _blob, _in_a_ring, _lines]
