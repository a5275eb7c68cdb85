"""How sure a share is that was counted in few."""

import math

Z = 1.959964  # of 95 %


def wilson(right: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share, 0–1: Wilson's score interval (1927), which also holds for few and near 0 or 1."""
    if not total:
        return 0.0, 1.0
    share, square = right / total, Z**2 / total
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / total + square / (4 * total)) / (1 + square)
    return max(0.0, middle - half), min(1.0, middle + half)
