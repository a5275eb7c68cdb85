"""Exact area averaging: each new number is the mean of the square of the old picture that it covers."""

import numpy as np

SIZE = 28


Numbers = np.ndarray | float


def resample(ink: np.ndarray, x: Numbers, y: Numbers, unit: Numbers, count: int = SIZE) -> np.ndarray:
    """Means of ink (…, s, s) over count × count squares of side `unit`, the first at (x, y): (…, count, count).

    x, y and unit are (…), in pixels of the ink; beyond its edge there is paper.
    """
    size = ink.shape[-1]
    return _overlaps(y, unit, size, count) @ ink @ _overlaps(x, unit, size, count).swapaxes(-1, -2)


def _overlaps(start: Numbers, unit: Numbers, size: int, count: int) -> np.ndarray:
    """How much of each of `count` intervals of length `unit` lies in each of `size` pixels: (…, count, size) in 0–1."""
    first, length = (np.asarray(each)[..., None, None] for each in (start, unit))
    begin, pixel = first + np.arange(count)[:, None] * length, np.arange(size)
    shared = np.minimum(begin + length, pixel + 1) - np.maximum(begin, pixel)
    return (np.clip(shared, 0, None) / length).astype(np.float32)
