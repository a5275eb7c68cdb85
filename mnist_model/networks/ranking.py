"""In which order to look at images: the least sure first, mistakes first, the most fragile first."""

import numpy as np


def least_sure(probabilities: np.ndarray) -> np.ndarray:
    """Probabilities (n, 10) -> indices (n,) by the answer's probability, the lowest first."""
    return probabilities.max(1).argsort(kind="stable")


def surest_mistakes(probabilities: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Indices of the images that are misread, fewer than n, the surest mistake first."""
    order = least_sure(probabilities)[::-1]
    return order[probabilities.argmax(1)[order] != labels[order]]


def most_fragile(breaking: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Indices (n,) by breaking point (in pixels, 0 for never: last); of equal ones the least sure first."""
    points = np.where(breaking == 0, np.iinfo(breaking.dtype).max, breaking)
    return np.lexsort((probabilities.max(1), points))
