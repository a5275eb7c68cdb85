"""Digits of an earlier lesson: the file that exchange.npz made, read as if anybody had made it."""

import io
import zipfile

import numpy as np

from mnist_model.classroom.digits import LEAST_INK, MOST, SHAPE, Earlier

HEADER = 1024  # bytes at most, of an array in a file


class NotDigits(ValueError):
    """Why a file is none of a class's digits: a sentence's end."""


def read(content: bytes) -> list[Earlier]:
    """The digits in a file. Raises NotDigits for whatever is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            found = [each for half, split in enumerate(("train", "test")) for each in _half(file, half, split)]
    except NotDigits:
        raise
    except Exception as error:  # there is no end to what a foreign file can raise
        raise NotDigits("it cannot be read as one") from error
    if not found:
        raise NotDigits("there is no digit in it")
    return found


def _half(file: zipfile.ZipFile, half: int, split: str) -> list[Earlier]:
    images, labels = _array(file, f"x_{split}"), _array(file, f"y_{split}")
    if labels.ndim != 1 or images.shape != (len(labels), *SHAPE):
        raise NotDigits(f"x_{split} and y_{split} are not 28×28 images with a label each")
    if (labels > 9).any():
        raise NotDigits(f"y_{split} has labels that are no digits")
    if len(images) and images.sum((1, 2), dtype=int).min() < LEAST_INK:
        raise NotDigits(f"x_{split} has images with hardly any ink")
    return [Earlier(half, int(label), image.tobytes()) for image, label in zip(images, labels, strict=True)]


def _array(file: zipfile.ZipFile, name: str) -> np.ndarray:
    """An array of bytes. Without NumPy's own reader, which makes room for as much as a header claims."""
    if f"{name}.npy" not in file.namelist():
        raise NotDigits(f"{name} is missing")
    about = file.getinfo(f"{name}.npy")
    if about.file_size > MOST * np.prod(SHAPE) + HEADER:
        raise NotDigits(f"{name} is larger than {MOST:,} digits")
    content = io.BytesIO(file.read(about))
    if np.lib.format.read_magic(content) != (1, 0):
        raise ValueError("another version of the format")
    shape, is_by_column, kind = np.lib.format.read_array_header_1_0(content)
    if kind != np.uint8 or is_by_column:
        raise NotDigits(f"{name} is not bytes, row by row")
    return np.frombuffer(content.read(), np.uint8).reshape(shape)
