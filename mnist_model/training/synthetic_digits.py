"""Digits as people elsewhere write them: a pen of our own draws them in the styles of assets/digit_styles.toml."""

import numpy as np

from mnist_model.images import pen


def digits(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """New digits as MNIST has them, as many of each kind: images (count, 28, 28) uint8, labels (count,) uint8."""
    labels = rng.permutation(np.arange(count) % 10).astype(np.uint8)
    return pen.images((written(label, rng) for label in labels), count, rng), labels


def written(digit: int, rng: np.random.Generator) -> list[np.ndarray]:
    """A digit in one of its styles: strokes, each a smooth line of points (n, 2), x and y in percent of the height."""
    return pen.written(any_style(digit, rng), rng)


def any_style(digit: int, rng: np.random.Generator) -> list[str]:
    """The extremes of one of a digit's styles."""
    styles = list(pen.DIGITS[str(digit)].values())
    return styles[rng.integers(len(styles))]
