"""Exact area averaging: each new number is the mean of the square of the old picture that it covers."""

import numpy as np

SIZE = 28


def resample(ink: np.ndarray, x: np.ndarray, y: np.ndarray, unit: np.ndarray, count: int = SIZE) -> np.ndarray:
    """Means of ink (n, s, s) over count × count squares of side `unit`, the first at (x, y): (n, count, count).

    x, y and unit are (n,), in pixels of the ink; beyond its edge there is paper.
    """
    size = ink.shape[-1]
    return _overlaps(y, unit, size, count) @ ink @ _overlaps(x, unit, size, count).transpose(0, 2, 1)


def _overlaps(start: np.ndarray, unit: np.ndarray, size: int, count: int) -> np.ndarray:
    """How much of each of `count` intervals of length `unit` lies in each of `size` pixels: (n, count, size) in 0–1."""
    begin = (start[:, None] + np.arange(count) * unit[:, None])[..., None]
    pixel = np.arange(size)
    shared = np.minimum(begin + unit[:, None, None], pixel + 1) - np.maximum(begin, pixel)
    return (np.clip(shared, 0, None) / unit[:, None, None]).astype(np.float32)
