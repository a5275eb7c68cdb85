"""A drawing drawn again with MNIST's pen: centred, with strokes as wide as those of MNIST's writers are on average.

On a fine grid, 4×4 of its pixels to each of the 28×28, the digit's box is 80 long. There the ink is blurred, and cut at
the level at which a straight stroke comes out as wide as wanted. Half of the drawn digits that `robust` learned from
were prepared so; what a person draws is centred as MNIST's digits were (images/drawing.py), nothing more.
"""

import functools
import math

import numpy as np

from mnist_model.images.drawing import BOX, CENTRE
from mnist_model.images.resampling import SIZE, resample

FINE = 4  # fine pixels to a pixel, along either axis
SIDE = FINE * SIZE  # of the fine grid
PEN = 2.4  # pixels: how wide the training images' strokes are on average (2.5 on 28×28, 3 % less on the fine grid)
BLUR = 0.5  # pixels: the standard deviation of the blur; less, and thin strokes break up
LOGISTIC = 1.702  # makes the logistic function the closest to the normal distribution's
MOST = 1.5  # pixels: the most by which a stroke is made wider or narrower, 3 · BLUR


def rewrite(ink: np.ndarray) -> np.ndarray:
    """A drawing (s, s) in 0–1, not blank -> (28, 28) float32, centred, its strokes as wide as MNIST's.

    Unlike `drawing.centre` it places by parts of a pixel, and does not leave MNIST's images as they are: their
    strokes' widths vary.
    """
    fine = _fine(ink)
    old = _width(fine)
    new = old + np.clip(PEN * (BOX - old) / (BOX - PEN) - old, -MOST, MOST)  # PEN, when the box is BOX again
    fine = _redrawn(fine, old, new)
    unit = FINE * (1 + (new - old) / BOX)
    return resample(fine, _placed(fine.sum(0), unit), _placed(fine.sum(1), unit), unit)


def _fine(ink: np.ndarray) -> np.ndarray:
    """A drawing (s, s) -> (112, 112), the darkest ink 1, the box 80 long and its middle in the middle.

    The box is that of the pixels at least half as dark as the darkest.
    """
    rows, columns = (np.flatnonzero((2 * ink >= ink.max()).any(axis)) for axis in (1, 0))
    unit = max(np.ptp(rows) + 1, np.ptp(columns) + 1) / (BOX * FINE)
    x, y = ((box[0] + box[-1] + 1) / 2 - SIDE / 2 * unit for box in (columns, rows))
    fine = resample(ink, x, y, unit, SIDE)
    return fine / fine.max()


def _width(fine: np.ndarray) -> float:
    """How wide a fine drawing's strokes are, in pixels: twice their area by their outline.

    The outline's length is the sum of the slopes, each taken over 2×2 fine pixels.
    """
    falling, rising = fine[1:, 1:] - fine[:-1, :-1], fine[1:, :-1] - fine[:-1, 1:]
    outline = np.sqrt((falling**2 + rising**2) / 2).sum(dtype=np.float64)
    return float(2 * fine.sum(dtype=np.float64) / outline / FINE)


def _redrawn(fine: np.ndarray, old: float, new: float) -> np.ndarray:
    """A fine drawing with strokes `old` pixels wide -> with strokes `new` pixels wide.

    The blurred ink `new` / 2 from the middle of a straight stroke becomes 1/2; the ramp round it is a fine pixel wide.
    """
    inner, outer = (_normal((new + side * old) / (2 * BLUR)) for side in (-1, 1))
    slope = (inner * (1 - inner) - outer * (1 - outer)) * LOGISTIC / BLUR / FINE
    blur = _blur()
    return np.clip((blur @ fine @ blur - (outer - inner)) / slope + 0.5, 0, 1).astype(np.float32)


def _normal(z: float) -> float:
    """The normal distribution's cumulative function to within 0.01."""
    return 1 / (1 + math.exp(-LOGISTIC * z))


@functools.cache
def _blur() -> np.ndarray:
    """What blurs an axis of the fine grid: (112, 112), binomial weights of standard deviation BLUR · FINE."""
    reach = round(2 * (BLUR * FINE) ** 2)
    weights = [math.comb(2 * reach, k) / 4**reach for k in range(2 * reach + 1)]
    diagonals = (np.eye(SIDE, k=k - reach, dtype=np.float32) * np.float32(w) for k, w in enumerate(weights))
    return sum(diagonals, np.zeros((SIDE, SIDE), np.float32))


def _placed(mass: np.ndarray, unit: float) -> float:
    """Ink along one axis (112,) -> where the frame begins: CENTRE at the mean, or as near as keeps the box inside."""
    mean = (mass * (np.arange(SIDE) + 0.5)).sum() / mass.sum()
    begin, spare = SIDE / 2 - SIZE / 2 * unit, (SIZE - BOX) / 2 * unit
    return float(np.clip(mean - (CENTRE + 0.5) * unit, begin - spare, begin + spare))
