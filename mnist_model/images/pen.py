"""A pen that draws handwriting from drawings in words (assets/digit_styles.toml): strokes, and images of them.

A stroke is a smooth line of points (n, 2), x and y in percent of a digit's height, y down.
"""

import functools
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from mnist_model.images import drawing

DIGITS: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parents[2] / "assets" / "digit_styles.toml").read_text()
)  # by digit and style: the extremes of that style
CANVAS = 112  # pixels
HEIGHT = 72  # pixels: the usual height of a digit
WIDER = 0.4  # parts of its width that a digit may be wider or narrower than its style
TAPER = 0.3  # the same, but above only or below only
WAIST = 0.3  # how far up or down the middle may be: heights, 0–1, to the power of exp(±0.3)
BEYOND = 0.1  # how far beyond the extremes of its style a drawing may go, in parts of their distance
SMOOTHNESS = 5  # pieces of line from one point to the next
WOBBLE = (2.0, 5.5)  # percent of the height: standard deviation of how far each point of a drawing is off
FURTHER = 7.0  # percent of the height: how much longer a stroke may be at either end
WIDTHS = (0.05, 0.21)  # of the pen, in parts of the height
PRESSURE = 0.25  # parts of its width by which the pen may be wider or narrower where a stroke ends
AT_ONCE = 500  # drawings


def written(extremes: list[str], rng: np.random.Generator) -> list[np.ndarray]:
    """Strokes of a drawing somewhere between the `extremes` of its style, in its own proportions, every point off."""
    parsed = [_parsed(text) for text in extremes]
    parts = (1 + BEYOND * len(parsed)) * rng.dirichlet(np.ones(len(parsed))) - BEYOND
    strokes = [np.tensordot(parts, [points for points, _ in each], 1) for each in zip(*parsed, strict=True)]
    wobble = rng.uniform(*WOBBLE)
    wobbly = [points + rng.normal(0, wobble, points.shape) for points in _proportioned(strokes, rng)]
    return [_ended(smooth(points, corners), rng) for points, (_, corners) in zip(wobbly, parsed[0], strict=True)]


def points_of(text: str) -> np.ndarray:
    """All the points (n, 2) of a drawing in words."""
    return np.concatenate([points for points, _ in _parsed(text)])


def smooth(points: np.ndarray, corners: np.ndarray | None = None) -> np.ndarray:
    """A curve (m, 2) through points (n, 2): cubic pieces, between corners without a bend (Catmull and Rom's)."""
    chords = np.diff(points, axis=0)
    ends = np.zeros(len(points), bool) if corners is None else corners.copy()
    ends[[0, -1]] = True
    leaving, arriving = chords.copy(), chords.copy()
    leaving[1:] = arriving[:-1] = (chords[:-1] + chords[1:]) / 2
    starts, stops = ends[:-1, None], ends[1:, None]
    arriving = np.where(stops, chords, arriving)
    leaving = np.where(starts, 1.5 * chords - arriving / 2, leaving)
    arriving = np.where(stops, 1.5 * chords - leaving / 2, arriving)
    t = np.linspace(0, 1, SMOOTHNESS, endpoint=False)[:, None, None]
    pieces = (
        (2 * t**3 - 3 * t**2 + 1) * points[:-1]
        + (t**3 - 2 * t**2 + t) * leaving
        + (3 * t**2 - 2 * t**3) * points[1:]
        + (t**3 - t**2) * arriving
    )
    return np.concatenate([pieces.swapaxes(0, 1).reshape(-1, 2), points[-1:]])


def images(drawings: Iterable[list[np.ndarray]], count: int, rng: np.random.Generator) -> np.ndarray:
    """Drawings, each a list of strokes -> `count` images (n, 28, 28) uint8, prepared as MNIST's were."""
    made = np.zeros((count, 28, 28), np.uint8)
    left = iter(drawings)
    for first in range(0, count, AT_ONCE):
        part = np.stack([_inked(next(left), rng) for _ in range(first, min(first + AT_ONCE, count))])
        made[first : first + len(part)] = np.rint(255 * drawing.centre(part))
    return made


def _proportioned(strokes: list[np.ndarray], rng: np.random.Generator) -> list[np.ndarray]:
    """Strokes of points (n, 2), made wider or narrower, more so above or below, with the waist higher or lower."""
    wider, taper = rng.uniform(1 - WIDER, 1 + WIDER), rng.uniform(-TAPER, TAPER)
    power = np.exp(rng.uniform(-WAIST, WAIST))
    middle = np.concatenate(strokes)[:, 0].mean()
    changed = []
    for x, y in (points.T for points in strokes):
        inside = np.clip(y, 0, 100)
        height = 100 * (inside / 100) ** power + y - inside
        changed.append(np.stack([(x - middle) * wider * (1 + taper * (inside / 50 - 1)), height], 1))
    return changed


def _ended(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A stroke that begins and ends a little sooner or later."""
    late, soon = rng.integers(0, SMOOTHNESS // 2, 2) if len(points) > 2 * SMOOTHNESS else (0, 0)
    kept = points[late : len(points) - soon]
    ends = kept[[0, -1]] - kept[[1, -2]]
    more = rng.uniform(-FURTHER, FURTHER, (2, 1)).clip(0) / np.hypot(*ends.T).clip(1)[:, None]
    first, last = kept[[0, -1]] + more * ends
    return np.concatenate([[first], kept, [last]])


def _inked(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Strokes, drawn with a round pen of a random width: (112, 112) float32 in 0–1."""
    everything = np.concatenate(strokes)
    low, high = everything.min(0), everything.max(0)
    scale = HEIGHT / max(100, *(high - low))
    width = HEIGHT * rng.uniform(*WIDTHS)
    picture = Image.new("L", (CANVAS, CANVAS))
    ink = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = (stroke - (low + high) / 2) * scale + CANVAS / 2
        ends = rng.uniform(1 - PRESSURE, 1 + PRESSURE, 2)
        widths = width * np.linspace(ends[0], ends[1], len(path))
        for box in np.concatenate([path - widths[:, None] / 2, path + widths[:, None] / 2], 1).tolist():
            ink.ellipse(box, fill=255)
        for piece, each in zip(np.concatenate([path[:-1], path[1:]], 1).tolist(), widths.tolist(), strict=False):
            ink.line(piece, fill=255, width=round(each))
    return np.asarray(picture, np.float32) / 255


@functools.cache
def _parsed(text: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """A drawing's strokes: their points (n, 2), and which of them are corners (n,)."""
    strokes = [stroke.split() for stroke in text.split("|")]
    return [
        (
            np.array([[float(number) for number in point.rstrip("*").split(",")] for point in stroke]),
            np.array([point.endswith("*") for point in stroke]),
        )
        for stroke in strokes
    ]
