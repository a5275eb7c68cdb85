"""Images of digits, shifted, or changed as people's hands would have changed them: each by its own random amounts.

An image is float32, (28, 28) or (n, 28, 28), 0 = paper, 1 = full ink. The strokes become thicker or thinner; then
one bilinear resampling turns, scales, slants, bends and moves the digit, with paper coming in from outside.
"""

from dataclasses import dataclass

import numpy as np

from mnist_model.images import shifting
from mnist_model.images.resampling import SIZE

MIDDLE = (SIZE - 1) / 2
GRID = 5  # the bends' random displacements lie on 5×5 points, the outermost at the edges


@dataclass(frozen=True)
class Hand:
    """How far each change may go; every amount is drawn evenly between its bounds."""

    turn: float = 14.0  # degrees, either way
    slant: float = 0.3  # pixels to the side a pixel up, either way
    smallest: float = 0.55  # times the size
    largest: float = 1.1
    stretch: float = 0.15  # wider by up to this part, or higher
    margin: float = 1.5  # pixels: how far a 20-pixel digit may go beyond what leaves it just within the frame
    bend: float = 1.0  # pixels: standard deviation of the displacements
    thicker: float = 0.6  # of the way to the 3×3 maximum
    thinner: float = 0.6  # of the way to the 3×3 minimum
    gain: float = 1.8  # contrast: times the ink, cut off at 1


HANDS = {  # each with what the ones before it do; named as in recipe.IMITATIONS
    "moves": Hand(thicker=0, thinner=0, gain=1, bend=0),
    "pens": Hand(bend=0),
    "bends": Hand(),
}


def shifted(images: np.ndarray, rng: np.random.Generator, furthest: int) -> np.ndarray:
    """Images (n, 28, 28) of any type, each moved by up to `furthest` pixels, right or left, up or down."""
    return shifting.shift_each(images, rng.integers(-furthest, furthest + 1, (len(images), 2)))


def imitated(images: np.ndarray, rng: np.random.Generator, hand: Hand) -> np.ndarray:
    """Images (n, 28, 28) float32 in 0–1, each changed by its own random amounts: the same shape, type and range.

    Takes about 50 kB an image meanwhile.
    """
    moved = _read_at(_stroke_changed(images, rng, hand), _positions(len(images), rng, hand))
    gain = rng.uniform(1, hand.gain, (len(moved), 1, 1)).astype(np.float32)
    return np.minimum(moved * gain, 1)


def _stroke_changed(images: np.ndarray, rng: np.random.Generator, hand: Hand) -> np.ndarray:
    """Strokes thicker or thinner by up to about a pixel on each side; the darkest ink stays as dark as it was."""
    amount = rng.uniform(-hand.thinner, hand.thicker, (len(images), 1, 1)).astype(np.float32)
    towards = np.where(amount > 0, _of_neighbours(images, np.maximum), _of_neighbours(images, np.minimum))
    changed = images + np.abs(amount) * (towards - images)
    darkest = changed.max((1, 2), keepdims=True)
    return changed * (images.max((1, 2), keepdims=True) / np.maximum(darkest, 1e-3))


def _positions(count: int, rng: np.random.Generator, hand: Hand) -> np.ndarray:
    """For each pixel of `count` images where its ink comes from: (count, 2, 28, 28), x and y in pixels."""
    size = np.exp(rng.uniform(np.log(hand.smallest), np.log(hand.largest), count))
    room = np.maximum(SIZE / 2 - 10 * size, 0) + hand.margin
    shift = rng.uniform(-1, 1, (count, 2)) * room[:, None]
    pixel = np.arange(SIZE) - MIDDLE
    grid = np.stack(np.broadcast_arrays(pixel[None, :], pixel[:, None])).reshape(2, -1)
    back = np.linalg.inv(_transformations(size, rng, hand))
    source = back @ (grid - shift[..., None]) + MIDDLE
    return source.reshape(count, 2, SIZE, SIZE).astype(np.float32) + _bends(count, rng, hand.bend)


def _read_at(images: np.ndarray, source: np.ndarray) -> np.ndarray:
    """Images (n, 28, 28) read at `source` (n, 2, 28, 28), x and y in pixels, between four neighbours each."""
    padded = np.pad(images, ((0, 0), (1, 2), (1, 2)))
    width = padded.shape[-1]
    x, y = np.clip(source, -1, SIZE).swapaxes(0, 1) + 1
    left, top = x.astype(np.int32), y.astype(np.int32)
    x -= left
    y -= top
    first = top * width + left + (np.arange(len(images), dtype=np.int32) * width**2)[:, None, None]
    ink = padded.ravel()
    upper = ink[first] * (1 - x) + ink[first + 1] * x
    lower = ink[first + width] * (1 - x) + ink[first + width + 1] * x
    return upper * (1 - y) + lower * y


def _transformations(size: np.ndarray, rng: np.random.Generator, hand: Hand) -> np.ndarray:
    """Turn · slant · scale, as (n, 2, 2) matrices for (x, y); `size` (n,) is the scale."""
    count = len(size)
    turn = np.radians(rng.uniform(-hand.turn, hand.turn, count))
    slant = rng.uniform(-hand.slant, hand.slant, count)
    wide = np.exp(rng.uniform(-hand.stretch, hand.stretch, count))
    zero, one = np.zeros(count), np.ones(count)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    slanted = np.array([[one, -slant], [zero, one]])
    scaled = np.array([[size * np.minimum(wide, 1), zero], [zero, size / np.maximum(wide, 1)]])
    return turned.transpose(2, 0, 1) @ slanted.transpose(2, 0, 1) @ scaled.transpose(2, 0, 1)


def _bends(count: int, rng: np.random.Generator, amount: float) -> np.ndarray:
    """Smooth random displacements (count, 2, 28, 28), `amount` their standard deviation on the coarse grid; pixels."""
    coarse = rng.normal(0, amount, (count, 2, GRID, GRID)).astype(np.float32)
    place = np.linspace(0, GRID - 1, SIZE)[:, None] - np.arange(GRID)
    weights = np.where(np.abs(place) < 1, (1 + np.cos(np.pi * place)) / 2, 0).astype(np.float32)
    return weights @ coarse @ weights.T


def _of_neighbours(images: np.ndarray, best: np.ufunc) -> np.ndarray:
    """The maximum (or minimum) over each pixel and its eight neighbours; outside there is paper."""
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    rows = best(best(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    return best(best(rows[..., :-2], rows[..., 1:-1]), rows[..., 2:])
