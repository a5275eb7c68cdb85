"""A photographed or scanned digit -> what the canvas would have returned.

What is ink is told by how far a pixel is from the paper around it, so that a shadow or uneven light does no harm, dark
ink on light paper and light ink on dark paper alike. The paper around a pixel is the median of half the picture.
"""

from typing import BinaryIO

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from mnist_model.images.canvas import SIDE
from mnist_model.images.errors import BlankDrawing
from mnist_model.images.picture_file import opened

LARGEST = 4 * SIDE  # pixels: a larger picture is shrunk while it is decoded, or right after
COARSE = 70  # pixels: the size at which the paper is looked for
NEIGHBOURHOOD = 33  # of those pixels
SPECK = 16  # pixels of the canvas: less ink than that within 15×15 pixels is dust or noise
CONTRAST = 0.12  # of full lightness: what is fainter than this beside its paper is no ink


def read(file: BinaryIO) -> Image.Image:
    """The picture in a file, upright and in grey, at most 1,120 pixels wide and high. Raises NotAPicture.

    In between it takes at most 100 MB.
    """
    with opened(file) as picture:
        picture.draft("L", (LARGEST, LARGEST))
        if picture.mode in ("1", "P"):  # shrunk as they are, they would lose thin lines
            picture = picture.convert("RGBA" if picture.has_transparency_data else "L")  # noqa: PLW2901
        picture.thumbnail((LARGEST, LARGEST), Image.Resampling.BOX, reducing_gap=None)
        ImageOps.exif_transpose(picture, in_place=True)
        return _grey(picture)


def to_canvas(picture: Image.Image) -> np.ndarray:
    """A picture of a digit, any size and mode -> (280, 280, 4) uint8, white ink on black, the digit where it was.

    A picture that is not square gets paper on two sides. Raises BlankDrawing where there is no ink.
    """
    grey = ImageOps.contain(_grey(picture), (SIDE, SIDE), Image.Resampling.BOX)
    ink = _ink(np.asarray(grey, np.float32) / 255, _paper(grey))
    levels = Image.fromarray(np.round(255 * ink).astype(np.uint8))
    square = Image.new("RGBA", (SIDE, SIDE), "black")
    square.paste(levels, ((SIDE - grey.width) // 2, (SIDE - grey.height) // 2))
    return np.array(square)


def _grey(picture: Image.Image) -> Image.Image:
    """In grey; what is transparent is white paper."""
    if picture.has_transparency_data:
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        picture = paper
    return picture.convert("L")


def _paper(grey: Image.Image) -> np.ndarray:
    """How light the paper is at each pixel, (h, w) in 0–1."""
    coarse = grey.copy()
    coarse.thumbnail((COARSE, COARSE), Image.Resampling.BOX)
    medians = coarse.filter(ImageFilter.MedianFilter(NEIGHBOURHOOD))
    return np.asarray(medians.resize(grey.size, Image.Resampling.BILINEAR), np.float32) / 255


def _ink(grey: np.ndarray, paper: np.ndarray) -> np.ndarray:
    """How much ink there is at each pixel, (h, w) in 0–1, from how light it and its paper are."""
    difference = (grey - paper) / np.maximum(0.1, np.maximum(paper, 1 - paper))
    if (difference**3).sum() < 0:
        difference = -difference
    threshold = _otsu(np.clip(difference, 0, 1))
    noise = 6 * np.median(np.abs(difference))  # four standard deviations
    full = np.percentile(difference[difference >= threshold], 90)
    if full - noise < CONTRAST:
        raise BlankDrawing("There is no ink to be seen in the picture.")
    return _without_specks(np.clip((difference - noise) / (full - noise), 0, 1))


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """Ink (h, w) in 0–1 without what stands alone: one speck would enlarge the digit's box."""
    mean = np.asarray(Image.fromarray((255 * ink).astype(np.uint8)).filter(ImageFilter.BoxBlur(7)), np.float32) / 255
    return np.where(mean * 15**2 < SPECK, 0, ink)


def _otsu(values: np.ndarray) -> float:
    """The threshold between two kinds of values in 0–1 that leaves least variance within each; at most the largest.

    N. Otsu, A threshold selection method from gray-level histograms, 1979.
    """
    counts, edges = np.histogram(values, 256, (0, 1))
    levels = (edges[1:] + edges[:-1]) / 2
    below, moment = counts.cumsum(), (counts * levels).cumsum()
    above = below[-1] - below
    means = (moment[-1] - moment) / np.maximum(above, 1) - moment / np.maximum(below, 1)
    return min(float(edges[(below * above * means**2).argmax() + 1]), float(values.max()))
