"""Photographed or scanned digits -> what the canvas would have returned for each, centred. What is ink: paper.py."""

from typing import BinaryIO, NamedTuple

import numpy as np
from PIL import Image, ImageOps

from mnist_model.images import paper, regions
from mnist_model.images.canvas import SIDE
from mnist_model.images.drawing import BOX, CENTRE
from mnist_model.images.errors import NotAPicture
from mnist_model.images.picture_file import opened
from mnist_model.images.resampling import SIZE, resample

LARGEST = 3 * SIDE  # pixels: a larger picture is shrunk while it is decoded, or right after
MOST = 12  # digits in one photo
INKED = 0.3  # of full ink: a pixel that belongs to a digit
SMALLEST = 0.025  # of the picture: less high and wide is dust
THINNER = 0.25  # times the share of pixels within its outline that a digit has: a region with less is no part of it
BESIDE = 0.4  # of the tallest digit's height: what is less high and wide is a mark beside it, or part of a digit
GAP = 0.12  # of a part's size: a digit's pieces lie closer together than that; twice that, where one is a flat bar
FLAT = 1 / 3  # times its width: what is less high is a digit's bar, or what is left of a printed line; no digit
TOUCHING = 0.025  # of the tallest digit's height: ink that lies closer than twice that is one digit's
PEN = 0.08  # of a digit's size: thinner strokes are made that wide, as if drawn with the canvas's thinnest brush

MARGIN = 0.15  # of what is found: how far the frame round it is from it
SMALLEST_FRAME = 0.03  # of the picture's width and height: a smaller frame holds no digit; frame.js sends 0.05 at least

Box = tuple[float, float, float, float]  # left, top, right, bottom, 0–1 of the picture's width and height
Group = tuple[list[int], np.ndarray]  # the numbers of a digit's regions, and its box in pixels
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


class Digit(NamedTuple):
    """A digit in a photo."""

    box: Box
    rgba: np.ndarray  # (280, 280, 4) uint8, white ink on black: its box 200 long, its centre of mass in the middle


def read(file: BinaryIO) -> Image.Image:
    """The picture in a file, upright and in RGB, at most 840 pixels wide and high. Raises NotAPicture.

    In between it takes at most 100 MB.
    """
    with opened(file) as picture:
        picture.draft("RGB", (LARGEST, LARGEST))
        if picture.mode in ("1", "P"):  # shrunk as they are, they would lose thin lines
            picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")  # noqa: PLW2901
        picture.thumbnail((LARGEST, LARGEST), Image.Resampling.BOX, reducing_gap=None)
        ImageOps.exif_transpose(picture, in_place=True)
        return _on_paper(picture)


def digits(picture: Image.Image, frame: Box = WHOLE) -> list[Digit]:
    """The digits within a frame of a photo without transparency, line by line, from left to right."""
    left, top, right, bottom = _pixels(frame, picture.size)
    inked = paper.ink(_large(picture.crop((left, top, right, bottom)).convert("RGB")))
    labels, parts = _parts(inked)
    found = [_digit(np.where(np.isin(labels, numbers), inked, 0), box) for numbers, box in parts]
    scale = np.array([right - left, bottom - top] * 2) / (2 * picture.size)
    corner = np.array([left, top] * 2) / (2 * picture.size)
    return [Digit(tuple((corner + scale * box).tolist()), rgba) for box, rgba in found]


def frame_round(found: list[Digit]) -> Box:
    """A frame round digits, with a margin, within the picture; round none of them: the whole picture."""
    if not found:
        return WHOLE
    boxes = np.array([digit.box for digit in found])
    low, high = boxes[:, :2].min(0), boxes[:, 2:].max(0)
    margin = MARGIN * (high - low).max()
    left, top, right, bottom = np.clip([*(low - margin), *(high + margin)], 0, 1).tolist()
    return left, top, right, bottom


def to_frame(sent: object) -> Box:
    """What a browser has sent as a frame. Raises NotAPicture where it is none within the picture."""
    try:
        left, top, right, bottom = (float(edge) for edge in sent)  # type: ignore[attr-defined]
    except (TypeError, ValueError) as error:
        raise NotAPicture("What the browser has sent is not a frame in a picture.") from error
    sides = (left, right), (top, bottom)
    if not all(low >= 0 and low + SMALLEST_FRAME <= high <= 1 for low, high in sides):  # NaN, too
        raise NotAPicture("The frame is not within the picture.")
    return left, top, right, bottom


def _pixels(frame: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The pixels within a frame: at least one."""
    (left, top), (right, bottom) = (
        [int(side * edge) for side, edge in zip(size, frame[i : i + 2], strict=True)] for i in (0, 2)
    )
    return left, top, max(right, left + 1), max(bottom, top + 1)


def _on_paper(picture: Image.Image) -> Image.Image:
    """In RGB; what is transparent is white paper."""
    if picture.has_transparency_data:
        white = Image.new("RGBA", picture.size, "white")
        white.alpha_composite(picture.convert("RGBA"))
        picture = white
    return picture.convert("RGB")


def _large(picture: Image.Image) -> Image.Image:
    """Enlarged where it is small: the canvas's size at least."""
    scale = SIDE / max(picture.size)
    if scale <= 1:
        return picture
    return picture.resize([max(1, round(scale * side)) for side in picture.size], Image.Resampling.BICUBIC)


def _parts(inked: np.ndarray) -> tuple[np.ndarray, list[Group]]:
    """Each pixel's region, and for every digit the numbers of its regions and its box, in reading order."""
    labels, boxes = regions.labelled(inked >= INKED)
    sizes = np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]) if len(boxes) else np.zeros(0)
    written = (sizes >= SMALLEST * max(inked.shape) / 3) & _as_thick(labels, len(boxes))
    kept = np.flatnonzero(written & ~_at_the_edge(boxes, inked.shape))
    groups = _together([([int(i) + 1], boxes[i]) for i in kept])
    tallest = max((_size(box) for _, box in groups if not _is_flat(box)), default=0)
    least = max(BESIDE * tallest, SMALLEST * max(inked.shape))
    groups = _touching(labels, [group for group in groups if _size(group[1]) >= least], round(TOUCHING * tallest))
    return labels, _in_reading_order([group for group in groups if not _is_flat(group[1])])[:MOST]


def _as_thick(labels: np.ndarray, count: int) -> np.ndarray:
    """Which regions are about as thick as the one with most in its inside: others are what is left of printed lines."""
    inner = labels[1:-1, 1:-1].copy()
    for neighbour in (labels[:-2, 1:-1], labels[2:, 1:-1], labels[1:-1, :-2], labels[1:-1, 2:]):
        inner[neighbour == 0] = 0
    inside, areas = (np.bincount(each.ravel(), minlength=count + 1)[1:] for each in (inner, labels))
    shares = inside / areas
    return shares >= THINNER * shares[inside.argmax()] if count else shares > 0


def _at_the_edge(boxes: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Which regions are slivers at the picture's edge: a line cut off, or what lies beside the sheet."""
    sides = boxes[:, 2:] - boxes[:, :2]
    touching = (boxes[:, :2] <= 2).any(1) | (boxes[:, 2:] >= np.array(shape[::-1]) - 2).any(1)
    return touching & (sides.min(1) < np.maximum(SMALLEST * max(shape), sides.max(1) / 6))


def _together(groups: list[Group]) -> list[Group]:
    """Regions whose boxes overlap, or nearly do, put together: the pieces of a digit."""
    groups = sorted(groups, key=lambda group: -_size(group[1]))
    i = 0
    while i < len(groups):
        other = next((j for j in range(i + 1, len(groups)) if _belongs(groups[i][1], groups[j][1])), None)
        if other is None:
            i += 1
            continue
        groups[i] = _joined(groups[i], groups.pop(other))
    return groups


def _touching(labels: np.ndarray, groups: list[Group], reach: int) -> list[Group]:
    """Groups whose ink, each widened by `reach` pixels, is in one piece, put together: a 4's two strokes, say."""
    inked = np.isin(labels, [number for numbers, _ in groups for number in numbers])
    pieces, _ = regions.labelled(paper.spread(inked, reach))
    joined: dict[int, Group] = {}
    for numbers, box in groups:
        piece = int(pieces[labels == numbers[0]][0])
        joined[piece] = _joined(joined[piece], (numbers, box)) if piece in joined else (numbers, box)
    return list(joined.values())


def _joined(one: Group, other: Group) -> Group:
    (numbers, box), (more, its) = one, other
    return numbers + more, np.concatenate([np.minimum(box[:2], its[:2]), np.maximum(box[2:], its[2:])])


def _belongs(large: np.ndarray, small: np.ndarray) -> bool:
    """Whether a part is a piece of a larger one: mostly above, below or within it, and close."""
    overlap = np.minimum(large[2:], small[2:]) - np.maximum(large[:2], small[:2])
    near = GAP * _size(large) * (2 if _is_flat(small) else 1)
    sides = small[2:] - small[:2]
    return bool(
        overlap[1] > -near
        and overlap[0] > -near / 2
        and (_size(small) < _size(large) / 2 or overlap[0] > 0.5 * sides[0])
    )


def _size(box: np.ndarray) -> int:
    return int(max(box[2] - box[0], box[3] - box[1]))


def _is_flat(box: np.ndarray) -> bool:
    return bool(box[3] - box[1] < FLAT * (box[2] - box[0]))


def _in_reading_order(groups: list[Group]) -> list[Group]:
    """Line by line: a digit whose middle is as high as the one before it is on the same line, which may slant."""
    lines: list[list[Group]] = []
    for group in sorted(groups, key=lambda group: group[1][0]):
        _, top, _, bottom = group[1]
        line = next((line for line in lines if line[-1][1][1] < (top + bottom) / 2 < line[-1][1][3]), None)
        if line is None:
            lines.append([group])
        else:
            line.append(group)
    return [group for line in sorted(lines, key=lambda line: line[0][1][1] + line[0][1][3]) for group in line]


def _digit(inked: np.ndarray, box: np.ndarray) -> Digit:
    left, top, right, bottom = (int(edge) for edge in box)
    alone = np.pad(inked[top:bottom, left:right], _size(box) // 4)
    height, width = inked.shape
    place = (left / width, top / height, right / width, bottom / height)
    return Digit(place, _centred(_thick(alone, PEN * _size(box))))


def _thick(inked: np.ndarray, width: float) -> np.ndarray:
    """With strokes at least so many pixels wide."""
    area, outline = inked.sum(), np.hypot(*np.gradient(inked)).sum()
    missing = width - 2 * area / outline
    if missing < 1:
        return inked
    return paper.spread(inked, round(missing / 2))


def _centred(inked: np.ndarray) -> np.ndarray:
    """Ink on a canvas as MNIST's digits are centred (drawing.centre), ten times as fine."""
    rows, columns = (np.flatnonzero((inked >= INKED).any(axis)) for axis in (1, 0))
    unit = max(np.ptp(rows) + 1, np.ptp(columns) + 1) / BOX
    x, y = (
        (mass * (np.arange(len(mass)) + 0.5)).sum() / mass.sum() - (CENTRE + 0.5) * unit
        for mass in (inked.sum(0), inked.sum(1))
    )
    side = max(inked.shape)
    square = np.pad(inked, [(0, side - length) for length in inked.shape])
    levels = np.rint(255 * np.clip(resample(square, x, y, unit * SIZE / SIDE, SIDE), 0, 1)).astype(np.uint8)
    return np.array(Image.fromarray(levels).convert("RGBA"))
