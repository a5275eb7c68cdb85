"""Ink that is no digit, as people put it on the canvas: all but one kind made unlike those of training/scribbles.py."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from mnist_model.training import scribbles
from mnist_model.training.synthetic_digits import written

SIDE = 280
LETTERS = "AEFHKMNPRTUVWXaehkmnrtuvwx"  # those that are most unlike digits


def drawings(kind: str, count: int, seed: int = 0) -> list[np.ndarray]:
    """Drawings of one of KINDS: each (280, 280, 4) uint8, as the canvas returns it."""
    rng = np.random.default_rng(seed)
    return [opaque(KINDS[kind](rng)) for _ in range(count)]


def opaque(picture: Image.Image | np.ndarray) -> np.ndarray:
    """Ink, grey or (s, s) uint8, as the canvas returns it: (s, s, 4) uint8."""
    ink = np.asarray(picture)
    return np.dstack([ink, ink, ink, np.full_like(ink, 255)])


def pen(paths: list[np.ndarray], rng: np.random.Generator) -> Image.Image:
    """Strokes, points (n, 2) in parts of the canvas, by a brush of 14 to 26 pixels."""
    picture, width = Image.new("L", (SIDE, SIDE)), int(rng.integers(14, 27))
    ink = ImageDraw.Draw(picture)
    for path in paths:
        points = [tuple(point) for point in SIDE * path]
        ink.line(points, fill=255, width=width, joint="curve")
        for x, y in points:
            ink.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    return picture


def digit(rng: np.random.Generator) -> list[np.ndarray]:
    """A digit's strokes, 0.7 of the canvas high."""
    return placed(written(int(rng.integers(10)), rng))


def placed(strokes: list[np.ndarray]) -> list[np.ndarray]:
    """Strokes in any unit -> 0.7 of the canvas high or wide, in the middle."""
    low, high = (limit(np.concatenate(strokes), 0) for limit in (np.min, np.max))
    return [0.5 + (stroke - (low + high) / 2) * 0.7 / max(high - low) for stroke in strokes]


def drawn_letter(rng: np.random.Generator) -> Image.Image:
    """A letter or sign by our own pen, as those that robust has learned from."""
    return pen(placed(scribbles.letter(rng)), rng)


def letter(rng: np.random.Generator) -> Image.Image:
    picture = Image.new("L", (SIDE, SIDE))
    font = ImageFont.load_default(int(rng.integers(190, 260)))
    text = LETTERS[rng.integers(len(LETTERS))]
    ImageDraw.Draw(picture).text(
        (SIDE / 2, SIDE / 2), text, 255, font, anchor="mm", stroke_width=int(rng.integers(0, 4))
    )
    return picture.rotate(rng.uniform(-10, 10), Image.Resampling.BILINEAR)


def face(rng: np.random.Generator) -> Image.Image:
    angle = np.linspace(0, 2 * np.pi, 30)
    head = 0.5 + 0.35 * np.stack([np.cos(angle), np.sin(angle)], 1)
    smile = 0.5 + rng.uniform(0.12, 0.2) * np.stack([np.cos(angle[2:13]), np.sin(angle[2:13])], 1)
    eyes = [np.array([[0.5 + side * rng.uniform(0.1, 0.15), rng.uniform(0.36, 0.44)]] * 2) for side in (-1, 1)]
    return pen([head, smile, *eyes], rng)


def shuffled(rng: np.random.Generator) -> Image.Image:
    """A digit's strokes in pieces, each turned and put somewhere else."""
    pieces = [piece for stroke in digit(rng) for piece in np.array_split(stroke, 3)]
    turned = [(piece - piece.mean(0)) @ rotation(rng.uniform(0, 2 * np.pi)) for piece in pieces]
    return pen([piece + rng.uniform(0.25, 0.75, 2) for piece in turned], rng)


def rotation(angle: float) -> np.ndarray:
    return np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])


def half_erased(rng: np.random.Generator) -> Image.Image:
    picture = pen(digit(rng), rng)
    half = [(0, 0, SIDE, 140), (0, 140, SIDE, SIDE), (0, 0, 140, SIDE), (140, 0, SIDE, SIDE)][rng.integers(4)]
    picture.paste(0, half)
    return picture


def hatching(rng: np.random.Generator) -> Image.Image:
    slant = rng.uniform(-0.2, 0.2)
    lines = [np.array([[x, 0.2], [x + slant, 0.8]]) for x in np.linspace(0.2, 0.8, rng.integers(4, 8))]
    return pen(lines, rng)


def filled(rng: np.random.Generator) -> Image.Image:
    picture = Image.new("L", (SIDE, SIDE))
    left, top = rng.integers(0, 60, 2)
    picture.paste(255, (int(left), int(top), SIDE - int(rng.integers(0, 60)), SIDE - int(rng.integers(0, 60))))
    return picture


KINDS = {
    "letters": letter,
    "drawn letters and signs": drawn_letter,
    "faces": face,
    "shuffled strokes": shuffled,
    "half-erased digits": half_erased,
    "hatching": hatching,
    "filled canvas": filled,
}
