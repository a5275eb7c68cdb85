"""Photos of digits, made: pages with digits of our own pen and of MNIST's test set, and what a camera does to them."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from mnist_model.images import dataset
from mnist_model.training import synthetic_digits

SIZES = ((840, 840), (840, 630), (630, 840))  # width and height, pixels: what the browser sends
PENS = (0.05, 0.13)  # of a digit's height
HIGHLIGHTERS = ((255, 240, 60), (255, 150, 200), (150, 240, 120), (130, 220, 250), (255, 190, 90))
MARKERS = ((30, 30, 35), (30, 60, 150), (190, 40, 45), (20, 120, 70))  # on a whiteboard
SOFT = (24, 60)  # a shadow's edge, pixels
SHARP = (3, 12)  # a hand's or a phone's, close to the sheet


class Photo(NamedTuple):
    picture: Image.Image
    labels: list[int]  # line by line, left to right
    drawn: list[np.ndarray]  # the same digits on a canvas, (280, 280) in 0–1
    quality: int  # of the JPEG


class Kind(NamedTuple):
    """What is on the page and what the camera makes of it."""

    heights: tuple[float, float] = (0.2, 0.45)  # of a digit, parts of the sheet's shorter side
    pens: tuple[float, float] = PENS
    count: tuple[int, int] = (1, 1)
    ink: str = "pen"
    lines: str = ""
    table: bool = False
    cloth: bool = False  # on the table, chequered
    fold: bool = False
    shadow: tuple[float, float] | None = None
    reflection: bool = False
    uneven: float = 0.15
    noise: float = 3
    quality: int = 85


KINDS = {
    "fills the frame": Kind((0.45, 0.8)),
    "on a table": Kind((0.25, 0.5), table=True),
    "on a table, in shadow": Kind((0.25, 0.5), table=True, shadow=SOFT),
    "several digits": Kind((0.15, 0.24), count=(2, 5)),
    "several on a table": Kind((0.15, 0.22), count=(2, 4), table=True),
    "highlighter": Kind((0.3, 0.6), (0.09, 0.16), ink="highlighter"),
    "pencil, ruled": Kind((0.2, 0.5), (0.025, 0.06), ink="pencil", lines="ruled"),
    "pencil, squared": Kind((0.2, 0.5), (0.025, 0.06), ink="pencil", lines="squared"),
    "small": Kind((0.06, 0.12)),
    "pencil-thin": Kind((0.25, 0.6), (0.012, 0.03), ink="pencil"),
    "uneven light, noise": Kind((0.25, 0.6), uneven=0.6, noise=12, quality=60),
    "ruled, red margin": Kind((0.2, 0.5), lines="margin"),
    "half in a hand's shadow": Kind((0.25, 0.6), shadow=SHARP),
    "whiteboard, reflection": Kind((0.2, 0.5), (0.05, 0.1), ink="marker", reflection=True),
    "folded": Kind((0.25, 0.6), fold=True),
    "on a chequered cloth": Kind((0.25, 0.5), table=True, cloth=True),
}


def digit(rng: np.random.Generator, pen: float, height: int) -> tuple[int, np.ndarray]:
    """A label, and ink (height, w) in 0–1 with nothing around it: MNIST's for half of them, its own pen."""
    if rng.random() < 0.5:
        mnist = dataset.load()
        index = int(rng.integers(len(mnist.test_labels)))
        image = mnist.test_images[index]
        fine = np.asarray(Image.fromarray(image).resize((448, 448), Image.Resampling.BICUBIC), np.float32)
        label, drawn = int(mnist.test_labels[index]), np.clip((fine - 110) / 35 + 0.5, 0, 1)
    else:
        label = int(rng.integers(10))
        drawn = _stroked(synthetic_digits.written(label, rng), pen)
    rows, columns = (np.flatnonzero((drawn > 0.1).any(axis)) for axis in (1, 0))
    box = Image.fromarray(np.rint(255 * drawn[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]).astype(np.uint8))
    scale = height / max(box.size)
    return label, np.asarray(box.resize([max(1, round(scale * side)) for side in box.size], Image.Resampling.BOX)) / 255


def _stroked(strokes: list[np.ndarray], pen: float) -> np.ndarray:
    everything = np.concatenate(strokes)
    low, high = everything.min(0), everything.max(0)
    scale, width = 400 / max(high - low), max(2, round(400 * pen))
    picture = Image.new("L", (560, 560))
    draw = ImageDraw.Draw(picture)
    for stroke in strokes:
        path = [tuple(point) for point in (stroke - (low + high) / 2) * scale + 280]
        draw.line(path, fill=255, width=width, joint="curve")
        for x, y in (path[0], path[-1]):
            draw.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    return np.asarray(picture, np.float32) / 255


def photo(kind: Kind, rng: np.random.Generator) -> Photo:
    """One photo of a kind."""
    width, height = SIZES[rng.integers(len(SIZES))]
    labels, drawn, amount = _written(kind, rng, width, height)
    page = _page(kind, rng, amount)
    if kind.table:
        page = _on_table(page, kind.cloth, rng)
    return Photo(_photographed(kind, rng, page), labels, drawn, kind.quality)


def _written(kind: Kind, rng: np.random.Generator, width: int, height: int):
    """Labels, each digit on a canvas, and the ink of a page (height, width) in 0–1: a row of digits."""
    short = min(width, height)
    size = rng.uniform(*kind.heights) * short
    count = int(rng.integers(kind.count[0], kind.count[1] + 1))
    written = [digit(rng, rng.uniform(*kind.pens), round(size * rng.uniform(0.88, 1.12))) for _ in range(count)]
    gaps = [round(size * rng.uniform(0.25, 0.5)) for _ in written]
    while count > 1 and sum(ink.shape[1] for _, ink in written) + sum(gaps) > 0.88 * width:
        written, gaps = written[:-1], gaps[:-1]
        count -= 1
    total = sum(ink.shape[1] for _, ink in written) + sum(gaps[1:])
    tallest = max(ink.shape[0] for _, ink in written)
    margin = 0.07 if max(total / width, tallest / height) < 0.8 else 0.04
    x = rng.uniform(margin * width, max(margin * width, (1 - margin) * width - total))
    y = rng.uniform(margin * height, max(margin * height, (1 - margin) * height - 1.1 * tallest))
    amount = np.zeros((height, width), np.float32)
    for (_, ink), gap in zip(written, [*gaps[1:], 0], strict=True):
        top, left = int(y + rng.uniform(0, 0.1) * tallest), int(x)
        part = amount[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(part, ink[: part.shape[0], : part.shape[1]], out=part)
        x += ink.shape[1] + gap
    return [label for label, _ in written], [_on_canvas(ink) for _, ink in written], amount


def _on_canvas(ink: np.ndarray) -> np.ndarray:
    scale = 200 / max(ink.shape)
    size = [max(1, round(scale * side)) for side in ink.shape[::-1]]
    small = Image.fromarray(np.rint(255 * ink).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    canvas = Image.new("L", (280, 280))
    canvas.paste(small, ((280 - size[0]) // 2, (280 - size[1]) // 2))
    return np.asarray(canvas, np.float32) / 255


def _page(kind: Kind, rng: np.random.Generator, amount: np.ndarray) -> np.ndarray:
    """A page's colours (h, w, 3) in 0–1."""
    paper = rng.uniform(0.82, 0.95) * np.array([1, rng.uniform(0.97, 1), rng.uniform(0.92, 1)])
    page = np.broadcast_to(paper, (*amount.shape, 3)).astype(np.float32)
    if kind.lines:
        page = page * (1 - _lines(kind, rng, *amount.shape)[..., None] * rng.uniform(0.2, 0.45, 3))
    if kind.lines == "margin":
        away = np.abs(_across(rng, *amount.shape, upright=True, where=(0.12, 0.2)))
        page = page * (1 - np.clip(1.5 - away, 0, 1)[..., None] * np.array([0.05, 0.5, 0.5]))
    strength, colour = {
        "pen": (1.0, rng.uniform(0.05, 0.25) * np.ones(3) + rng.uniform(0, 0.15) * np.array([0, 0, 1])),
        "pencil": (rng.uniform(0.6, 0.9), np.full(3, 0.35)),
        "highlighter": (rng.uniform(0.55, 0.95), np.array(HIGHLIGHTERS[rng.integers(5)]) / 255),
        "marker": (rng.uniform(0.8, 1), np.array(MARKERS[rng.integers(4)]) / 255),
    }[kind.ink]
    if kind.ink == "pencil":  # graphite lies on the grain of the paper
        grain = np.asarray(Image.fromarray(rng.integers(0, 256, amount.shape, np.uint8)).filter(ImageFilter.BoxBlur(1)))
        strength = np.clip(strength + (grain / 255.0 - 0.5) * 0.8, 0.3, 1)[..., None]
    page = page * (1 - strength * amount[..., None] * (1 - colour))
    return _folded(page, rng) if kind.fold else page


def _across(rng: np.random.Generator, height: int, width: int, upright: bool, where: tuple[float, float]):
    """How far each pixel is from a line across the page, turned by up to 4°, below 0 on one side: (h, w)."""
    angle, (y, x) = np.deg2rad(rng.uniform(-4, 4)), np.mgrid[:height, :width]
    along, other, length = (x, y, width) if upright else (y, x, height)
    return (along - rng.uniform(*where) * length) * np.cos(angle) + other * np.sin(angle)


def _folded(page: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Folded once and opened again: a crease, and less light on one side of it."""
    away = _across(rng, *page.shape[:2], upright=rng.random() < 0.5, where=(0.35, 0.65))
    darker = rng.uniform(0.05, 0.2) / (1 + np.exp(-away / 2)) + rng.uniform(0.1, 0.3) * np.exp(-((away / 2) ** 2))
    return page * (1 - darker[..., None])


def _lines(kind: Kind, rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Printed lines, (h, w) in 0–1, a little turned."""
    spacing, thick = rng.uniform(35, 90), rng.uniform(1.0, 2.2)
    if kind.lines == "squared":
        spacing *= 0.7
    angle, (y, x) = np.deg2rad(rng.uniform(-4, 4)), np.mgrid[:height, :width]
    level, upright = y * np.cos(angle) + x * np.sin(angle), x * np.cos(angle) - y * np.sin(angle)
    offset = rng.uniform(0, spacing)

    def lines(along: np.ndarray) -> np.ndarray:
        away = np.abs((along + offset) % spacing - spacing / 2)
        return np.clip(thick / 2 - away + 0.5, 0, 1)

    return np.maximum(lines(level), lines(upright)) if kind.lines == "squared" else lines(level)


def _on_table(page: np.ndarray, cloth: bool, rng: np.random.Generator) -> np.ndarray:
    """The page on a darker table, turned by up to 10° and seen at an angle."""
    height, width = page.shape[:2]
    y, x = np.mgrid[:height, :width]
    base = rng.uniform(0.12, 0.55) * rng.uniform((0.9, 0.7, 0.5), (1, 1, 1))
    period, tilt = rng.uniform(15, 90), rng.uniform(0, np.pi)
    wave = np.sin((x * np.cos(tilt) + y * np.sin(tilt)) * 2 * np.pi / period)
    pattern = [np.zeros_like(wave), wave, np.sign(wave), np.sign(wave * np.sin(y * 2 * np.pi / period))][
        rng.integers(4)
    ]
    table = base * (1 + 0.2 * pattern[..., None])
    if cloth:
        squares = (np.floor(x / period) + np.floor(y / period)) % 2
        table = np.where(squares[..., None] > 0, rng.uniform(0.7, 0.9), base)
    angle, scale = np.deg2rad(rng.uniform(-10, 10)), rng.uniform(0.55, 0.8)
    corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) / 2 * (scale * np.array([width, height]))
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    turned = turned * rng.uniform(0.94, 1.06, (4, 2)) + np.array([width, height]) * rng.uniform(0.47, 0.53, 2)
    source = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    warp = tuple(_perspective(turned, source))

    def seen(plane: np.ndarray) -> np.ndarray:
        picture = Image.fromarray(plane.astype(np.float32))
        return np.asarray(
            picture.transform((width, height), Image.Transform.PERSPECTIVE, warp, Image.Resampling.BILINEAR)
        )

    on_sheet = seen(np.ones((height, width)))[..., None]
    sheet = np.stack([seen(page[..., channel]) for channel in range(3)], -1)
    return sheet + (1 - on_sheet) * table


def _perspective(to: np.ndarray, source: np.ndarray) -> np.ndarray:
    """The eight numbers with which Pillow looks up each point of `to` (4, 2) at `source`."""
    rows, values = [], []
    for (x, y), (u, v) in zip(to, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.linalg.solve(rows, values)


def _photographed(kind: Kind, rng: np.random.Generator, page: np.ndarray) -> Image.Image:
    """With uneven light, perhaps a shadow, the lens's blur, the sensor's noise, and JPEG."""
    height, width = page.shape[:2]
    y, x = np.mgrid[:height, :width]
    angle = rng.uniform(0, 2 * np.pi)
    along = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    light = 1 - kind.uneven * (along + 0.5)
    if kind.shadow:
        direction, soft = rng.uniform(0, 2 * np.pi), rng.uniform(*kind.shadow)
        away = (x - width * rng.uniform(0.3, 0.7)) * np.cos(direction) + (y - height * rng.uniform(0.3, 0.7)) * np.sin(
            direction
        )
        light = light * (1 - rng.uniform(0.2, 0.5) / (1 + np.exp(-away / soft * 4)))
    page = page * light[..., None]
    if kind.reflection:
        away = np.hypot(x - width * rng.uniform(0, 1), y - height * rng.uniform(0, 1)) / width
        page = page + rng.uniform(0.15, 0.5) * np.exp(-((away / rng.uniform(0.08, 0.2)) ** 2))[..., None]
    lit = Image.fromarray(np.clip(255 * page, 0, 255).astype(np.uint8))
    blurred = np.asarray(lit.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 1.2))), np.float32)
    noisy = np.clip(blurred + rng.normal(0, kind.noise, blurred.shape), 0, 255).astype(np.uint8)
    return Image.fromarray(noisy)
