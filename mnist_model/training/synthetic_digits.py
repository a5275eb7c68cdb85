"""A pen that draws digits as people elsewhere write them (assets/digit_styles.toml), and scribbles that are no digit.

A digit lies somewhere between the extremes of its style, in its own proportions, and every point is a little off.
"""

import functools
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from mnist_model.images import drawing
from mnist_model.training.pen import rewrite

STYLES: dict[str, dict[str, list[str]]] = tomllib.loads(
    (Path(__file__).parents[2] / "assets" / "digit_styles.toml").read_text()
)
CANVAS = 112  # pixels
HEIGHT = 72  # pixels: the usual height of a digit
WIDER = 0.4  # parts of its width that a digit may be wider or narrower than its style
TAPER = 0.3  # the same, but above only or below only
WAIST = 0.3  # how far up or down the middle may be: heights, 0–1, to the power of exp(±0.3)
SMOOTHNESS = 8  # pieces of line from one point to the next
WOBBLE = 4.0  # percent of the height: standard deviation of how far each point is off
WIDTHS = (0.05, 0.21)  # of the pen, in parts of the height


def digits(count: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """New digits as MNIST has them, as many of each kind: images (count, 28, 28) uint8, labels (count,) uint8."""
    labels = rng.permutation(np.arange(count) % 10).astype(np.uint8)
    return _prepared((written(label, rng) for label in labels), rng), labels


def scribbles(count: int, rng: np.random.Generator) -> np.ndarray:
    """Ink that is no digit: images (count, 28, 28) uint8."""
    return _prepared((NONSENSE[rng.integers(len(NONSENSE))](rng) for _ in range(count)), rng)


def written(digit: int, rng: np.random.Generator) -> list[np.ndarray]:
    """A digit in one of its styles: strokes, each a smooth line of points (n, 2), x and y in percent of the height."""
    extremes = [_parsed(text) for text in _any_style(digit, rng)]
    parts = rng.dirichlet(np.ones(len(extremes)))
    strokes = [np.tensordot(parts, [points for points, _ in each], 1) for each in zip(*extremes, strict=True)]
    wobbly = [points + rng.normal(0, WOBBLE, points.shape) for points in _proportioned(strokes, rng)]
    return [_smooth(points, corners) for points, (_, corners) in zip(wobbly, extremes[0], strict=True)]


def _scrambled(rng: np.random.Generator) -> list[np.ndarray]:
    """A digit's points in another order; so many of them that no digit comes of it but rarely."""
    points = np.zeros((0, 2))
    while len(points) < 8:
        points = np.concatenate([points for points, _ in _parsed(_any_style(int(rng.integers(10)), rng)[0])])
    return [_through(rng.permutation(points) + rng.normal(0, WOBBLE, points.shape))]


def _walk(rng: np.random.Generator) -> list[np.ndarray]:
    """One or two strokes that go anywhere."""
    return [_through(rng.uniform(0, 100, (rng.integers(6, 14), 2))) for _ in range(rng.integers(1, 3))]


def _two_digits(rng: np.random.Generator) -> list[np.ndarray]:
    """One digit partly over another."""
    offset = rng.uniform((25, -30), (90, 30))
    return written(int(rng.integers(10)), rng) + [points + offset for points in written(int(rng.integers(10)), rng)]


def _blob(rng: np.random.Generator) -> list[np.ndarray]:
    """A filled patch: lines so close that they run into each other; too wide for a thick 1."""
    rows = np.linspace(0, rng.uniform(50, 110), 30)
    ends = rng.uniform(60, 110) + rng.normal(0, 5, 30)
    return [np.stack([np.where(np.arange(60) % 2, np.repeat(ends, 2), 0), np.repeat(rows, 2)], 1)]


def _in_a_ring(rng: np.random.Generator) -> list[np.ndarray]:
    """Short strokes and dots with a line round them."""
    angle = np.linspace(0, 2 * np.pi, 12) + rng.uniform(0, 6)
    middle, half = rng.uniform(40, 60, 2), rng.uniform(40, 60, 2)
    ring = _through(middle + half * np.stack([np.cos(angle), np.sin(angle)], 1) + rng.normal(0, 2, (12, 2)))
    starts = middle + rng.uniform(-0.55, 0.55, (rng.integers(2, 6), 2)) * half
    return [ring, *(_through(start + rng.normal(0, 12, (3, 2)).cumsum(0) * rng.integers(0, 2)) for start in starts)]


def _lines(rng: np.random.Generator) -> list[np.ndarray]:
    """Straight lines, more than any digit has."""
    return [rng.uniform(0, 100, (2, 2)) for _ in range(rng.integers(4, 8))]


NONSENSE = [_scrambled, _walk, _two_digits, _blob, _in_a_ring, _lines]


def _through(points: np.ndarray) -> np.ndarray:
    return _smooth(points, np.zeros(len(points), bool))


def _any_style(digit: int, rng: np.random.Generator) -> list[str]:
    styles = list(STYLES[str(digit)].values())
    return styles[rng.integers(len(styles))]


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


def _smooth(points: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """A curve (m, 2) through points (n, 2): cubic pieces, between corners without a bend (Catmull and Rom's)."""
    chords = np.diff(points, axis=0)
    ends = corners.copy()
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


def _drawn(strokes: list[np.ndarray], rng: np.random.Generator) -> np.ndarray:
    """Strokes, drawn with a round pen of a random width: (112, 112) float32 in 0–1."""
    everything = np.concatenate(strokes)
    low, high = everything.min(0), everything.max(0)
    scale = HEIGHT / max(100, *(high - low))
    width = round(HEIGHT * rng.uniform(*WIDTHS))
    picture = Image.new("L", (CANVAS, CANVAS))
    pen = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = [tuple(point) for point in (stroke - (low + high) / 2) * scale + CANVAS / 2]
        pen.line(path, fill=255, width=width, joint="curve")
        for x, y in (path[0], path[-1]):
            pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    return np.asarray(picture, np.float32) / 255


def _prepared(pictures: Iterable[list[np.ndarray]], rng: np.random.Generator) -> np.ndarray:
    """Digits or scribbles as strokes -> images (n, 28, 28) uint8: half as MNIST's were prepared, half with its pen."""
    images = [(drawing.centre, rewrite)[rng.integers(2)](_drawn(strokes, rng)) for strokes in pictures]
    return np.rint(255 * np.reshape(images, (-1, 28, 28))).astype(np.uint8)
