"""From a drawing to what a network receives: 28×28 numbers, plainly shrunk or centred as MNIST was.

Shrinking is exact area averaging: each of the 28×28 numbers is the mean ink of the square of the drawing
that it covers (10×10 canvas pixels of a 280×280 canvas). Nothing is skipped, so a thin brush turns grey
rather than vanishing.
"""

import numpy as np
from PIL import Image

from mnist_model.images.errors import BlankDrawing
from mnist_model.images.resampling import SIZE, resample

BOX = 20  # pixels: MNIST scaled each digit to fit 20×20, keeping its proportions
CENTRE = 14.0  # pixel index of the training images' mean centre of mass: measured 14.007 and 13.996
TIE = 1e-4  # pixels: halves are rounded up in spite of rounding errors, so that the browser rounds alike


def to_input(rgba: np.ndarray, centred: bool = False) -> np.ndarray:
    """What the canvas returns, (s, s, 4) uint8, white on black -> an image, (28, 28) float32 in 0–1.

    Plainly shrunk, or scaled and centred as MNIST's own digits were. Raises BlankDrawing where there is no ink.
    """
    ink = levels(rgba) / np.float32(255)
    if not ink.any():
        raise BlankDrawing("There is no ink in the drawing.")
    return centre(ink) if centred else resample(ink, 0, 0, len(ink) / SIZE)


def levels(rgba: np.ndarray) -> np.ndarray:
    """What the canvas returns, (s, s, 4) uint8 -> lightness over black, (s, s) uint8."""
    over_black = Image.new("RGBA", rgba.shape[1::-1], "black")
    over_black.alpha_composite(Image.fromarray(rgba))
    return np.asarray(over_black.convert("L"))


def centre(images: np.ndarray) -> np.ndarray:
    """The remedy "centring": images (s, s) or (n, s, s) in 0–1 -> (28, 28) or (n, 28, 28) float32.

    MNIST's own preparation (LeCun et al., http://yann.lecun.com/exdb/mnist/): the digit's box is scaled to fit
    20×20, then placed, by whole pixels, so that its centre of mass is at the centre. MNIST's images stay as
    they are; where there is no ink, the result is blank.
    """
    stack = images.reshape(-1, *images.shape[-2:]).astype(np.float32)
    inked = stack.any((1, 2))
    result = np.zeros((len(stack), SIZE, SIZE), np.float32)
    digits = stack[inked]
    left, width = _extent(np.asarray(digits.any(1)))
    top, height = _extent(np.asarray(digits.any(2)))
    unit = np.maximum(width, height) / BOX
    x = _placed(digits.sum(1), left, width, unit)
    y = _placed(digits.sum(2), top, height, unit)
    result[inked] = resample(digits, x, y, unit)
    return result.reshape(*images.shape[:-2], SIZE, SIZE)


def centres_of_mass(images: np.ndarray) -> np.ndarray:
    """Images (n, 28, 28), none of them blank -> (n, 2): x and y in pixels, 0 at the middle of the first pixel."""
    position = np.arange(SIZE, dtype=np.float32)
    moments = np.stack([images.sum(1) @ position, images.sum(2) @ position], -1)
    return moments / images.sum((1, 2))[:, None]


def off_centre(image: np.ndarray) -> tuple[float, float]:
    """How far (dx, dy) the centre of mass of an image (28, 28) lies from where MNIST's digits have it, in pixels."""
    x, y = centres_of_mass(image[None])[0]
    return float(x - CENTRE), float(y - CENTRE)


def _extent(inked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of booleans (n, s) -> the first True of each, and the length to the last one."""
    first = inked.argmax(1)
    return first, inked.shape[1] - inked[:, ::-1].argmax(1) - first


def _placed(mass: np.ndarray, start: np.ndarray, length: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Ink along one axis (n, s) -> where the 28-pixel window begins, in pixels of the drawing.

    The window is laid so that the box begins on a whole pixel and loses no ink.
    """
    mean = (mass * (np.arange(mass.shape[1]) + 0.5)).sum(1) / mass.sum(1)
    margin = np.floor(CENTRE + 0.5 - (mean - start) / unit + 0.5 + TIE)
    return start - np.clip(margin, 0, np.floor(SIZE - length / unit)) * unit
