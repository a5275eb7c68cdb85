"""The class's digits to take home: as Keras keeps MNIST, as a table, and as a sheet of pictures."""

import csv
import io

import numpy as np
from PIL import Image

from mnist_model.classroom.digits import Digit
from mnist_model.images.resampling import SIZE

COLUMNS = 10  # of the sheet: a digit each
GAP = 2  # pixels
ENLARGED = 200  # rows of a sheet that is shown three times as large: of 5,000 that would be 405 MB


def halves(digits: list[Digit]) -> tuple[list[Digit], list[Digit]]:
    """Two halves by browser, so that nobody is in both: every second browser, as they joined.

    Digits of an earlier lesson are in the half that they were in then.
    """
    numbers = {each.number for each in digits}
    order = {number: place for place, number in enumerate(sorted(number for number in numbers if number >= 0))}
    order |= {number: number for number in numbers if number < 0}
    return tuple([each for each in digits if order[each.number] % 2 == half] for half in (0, 1))  # type: ignore[return-value]


def npz(digits: list[Digit]) -> bytes:
    """x_train, y_train, x_test, y_test: uint8 (n, 28, 28) and (n,), as in Keras's mnist.npz; halves by browser."""
    arrays: dict[str, np.ndarray] = {}
    for split, half in zip(("train", "test"), halves(digits), strict=True):
        arrays[f"x_{split}"] = np.array([each.levels for each in half], np.uint8).reshape(-1, SIZE, SIZE)
        arrays[f"y_{split}"] = np.array([each.label for each in half], np.uint8)
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    return content.getvalue()


def table(digits: list[Digit]) -> bytes:
    """CSV: the label, then 784 levels from 0 to 255, row by row."""
    content = io.StringIO()
    writer = csv.writer(content)
    writer.writerow(["label", *(f"{row}x{column}" for row in range(SIZE) for column in range(SIZE))])
    writer.writerows([each.label, *each.levels.ravel().tolist()] for each in digits)
    return content.getvalue().encode()


def sheet(digits: list[Digit]) -> bytes:
    """A PNG with a column for each digit."""
    columns = [[each for each in digits if each.label == label] for label in range(COLUMNS)]
    side = SIZE + GAP
    rows = max(1, *(len(column) for column in columns))
    page = np.full((rows * side, COLUMNS * side), 255, np.uint8)
    for x, column in enumerate(columns):
        for y, each in enumerate(column):
            page[y * side : y * side + SIZE, x * side : x * side + SIZE] = 255 - each.levels
    times, content = 3 if rows <= ENLARGED else 1, io.BytesIO()
    Image.fromarray(page.repeat(times, 0).repeat(times, 1)).save(content, "PNG")
    return content.getvalue()
