"""Connected regions of a picture, found by its rows' runs."""

import numpy as np


def labelled(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Booleans (h, w) -> the number of each pixel's region, 1 and up, 0 outside, (h, w); and their boxes (n, 4).

    A box is left, top, right and bottom, the last two one past the region. Diagonal neighbours belong together.
    """
    height, width = mask.shape
    edges = np.diff(np.pad(mask, ((0, 0), (1, 1))).astype(np.int8).ravel())
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    rows, left, right = starts // (width + 2), starts % (width + 2), ends % (width + 2)
    roots = _joined(rows, left, right)
    numbers, number = np.unique(roots, return_inverse=True)
    labels = np.zeros(height * width + 1, np.int32)
    np.add.at(labels, rows * width + left, number + 1)
    np.add.at(labels, rows * width + right, -(number + 1))
    boxes = np.tile([width, height, 0, 0], (len(numbers), 1))
    for column, values in enumerate((left, rows, right, rows + 1)):
        (np.minimum if column < 2 else np.maximum).at(boxes[:, column], number, values)
    return labels.cumsum()[:-1].reshape(height, width), boxes


def _joined(rows: np.ndarray, left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Runs in reading order -> for each the first run of its region."""
    parents = list(range(len(rows)))

    def root(run: int) -> int:
        while parents[run] != run:
            parents[run] = run = parents[parents[run]]
        return run

    above = 0
    row, begin, end = rows.tolist(), left.tolist(), right.tolist()
    for run in range(len(row)):
        while row[above] < row[run] - 1 or (row[above] == row[run] - 1 and end[above] < begin[run]):
            above += 1
        other = above
        while row[other] == row[run] - 1 and begin[other] <= end[run]:
            first, second = sorted((root(run), root(other)))
            parents[second] = first
            other += 1
    return np.array([root(run) for run in range(len(row))], np.intp)
