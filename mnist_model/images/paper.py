"""How much ink there is at each pixel of a photo: without the table, the light and the lines printed on the paper.

NumPy and Pillow do all of it: OpenCV would cost the server 18 MB and SciPy's ndimage 28.
"""

import numpy as np
from PIL import Image, ImageFilter

from mnist_model.images import regions

COARSE = 140  # pixels: the size at which the sheet and its light are looked for
FILLED = 31  # of those pixels: what is narrower and darker than what is around it is ink, or a shadow mistaken for it
CLOSED = 7  # of those pixels: what is narrower and darker is ink, or a table's pattern
EDGES = (0.1, 0.14, 0.2, 0.28, 0.4)  # of the lightness, within two of those pixels: where a sheet may end
SHEET = 0.15  # of the picture: a smaller light patch is no sheet
WHOLE = 0.93  # of the picture: a larger one is the paper that fills the picture
SHADED = 0.75  # of the lightness's logarithm: no shadow is as much darker; what is beside a sheet may be
CONVEX = 0.88  # of a convex patch: as much of it at least is the sheet, with ink on it
DIRECTIONS = 128
CONTRAST = 0.07  # of full lightness: what is fainter than this beside its paper is no ink
COLOURFUL = 1.8  # times the contrast in grey: then one colour's light is looked at instead
STEEPEST = 0.22  # of a printed line: a sheet turned by 12°


def ink(picture: Image.Image) -> np.ndarray:
    """A photo in RGB -> how much ink there is at each pixel, (h, w) float32 in 0–1."""
    planes = [np.asarray(plane, np.float32) / 255 for plane in (picture.convert("L"), *picture.split())]
    sheet = _sheet(picture)
    if sheet.all() and _is_light_on_dark(planes[0]):  # what lies light on a table is paper
        planes = [1 - plane for plane in planes]
    inside = np.asarray(Image.fromarray(sheet).resize(picture.size, Image.Resampling.BILINEAR)) > 0
    darker = [_darker(plane, sheet, inside) for plane in planes]
    for axis in (0, 1):  # level lines, then upright ones
        rows = _rows(darker[0].swapaxes(0, axis), *_slope(darker[0].swapaxes(0, axis)))
        darker = [_without_lines(each.swapaxes(0, axis), rows).swapaxes(0, axis) for each in darker]
    levels = [_levels(each, inside) for each in darker]
    contrasts = [full - noise for noise, full in levels]
    best = int(np.argmax(contrasts))
    best = best if contrasts[best] > COLOURFUL * max(contrasts[0], 1e-6) else 0
    noise, full = levels[best]
    if full - noise < CONTRAST:
        return np.zeros_like(darker[best])
    return np.clip((darker[best] - noise) / (full - noise), 0, 1)


def _coarse(picture: Image.Image) -> Image.Image:
    small = picture.copy()
    small.thumbnail((COARSE, COARSE), Image.Resampling.BOX)
    return small


def _picture(plane: np.ndarray) -> Image.Image:
    return Image.fromarray(np.rint(255 * plane).astype(np.uint8))


def _closed(values: np.ndarray, size: int) -> np.ndarray:
    """Values (h, w) without what is low and narrower than `size` pixels."""
    return -spread(-spread(values, size // 2), size // 2)


def spread(values: np.ndarray, reach: int) -> np.ndarray:
    """The largest of each pixel's neighbours up to `reach` pixels away, in a square: (h, w)."""
    for axis in (0, 1):
        lines, left = np.moveaxis(values, axis, 0).copy(), reach
        width = 1  # of what each line is the largest of, on either side, doubling
        while left > 0:
            step = min(width, left)
            before = lines.copy()
            np.maximum(lines[step:], before[:-step], out=lines[step:])
            np.maximum(lines[:-step], before[step:], out=lines[:-step])
            left -= step
            width = 2 * width + 1
        values = np.moveaxis(lines, 0, axis)
    return values


def _sheet(picture: Image.Image) -> np.ndarray:
    """Where the sheet is, coarsely: (h, w) uint8, 255 inside. All of it where no table is to be seen.

    A sheet is a light patch that is convex, or nearly so: the largest that any of EDGES finds.
    """
    whiteness = np.asarray(_coarse(picture), np.float32).min(2)  # a table is darker in one colour at least
    values = np.log(_closed(whiteness, CLOSED) + 8)
    best = np.zeros(values.shape, bool)
    for edge in EDGES:
        labels, boxes = regions.labelled(_steps(values) < edge)
        areas = np.bincount(labels.ravel(), minlength=len(boxes) + 1)
        for number in np.flatnonzero(areas[1:] > max(SHEET * values.size, best.sum() / 1.05)) + 1:
            patch = _convex(labels == number)
            if areas[number] > CONVEX * patch.sum() and patch.mean() < WHOLE and _is_lighter(values, patch):
                best = patch if patch.sum() > best.sum() else best
    if not best.any():
        return np.full(values.shape, 255, np.uint8)
    return np.where(spread(~best, 3), 0, 255).astype(np.uint8)


def _steps(values: np.ndarray) -> np.ndarray:
    """How much each pixel differs from the second one to its left or above: an edge is two pixels wide."""
    steps = np.zeros_like(values)
    steps[:, 1:-1] = np.abs(values[:, 2:] - values[:, :-2])
    steps[1:-1] = np.maximum(steps[1:-1], np.abs(values[2:] - values[:-2]))
    return steps


def _convex(inside: np.ndarray) -> np.ndarray:
    """The smallest convex patch round all that is inside, both (h, w) booleans: what no line parts from it."""
    angles = np.arange(DIRECTIONS, dtype=np.float32) * (2 * np.pi / DIRECTIONS)
    normals = np.stack([np.sin(angles), np.cos(angles)])
    furthest = (np.argwhere(inside).astype(np.float32) @ normals).max(0)
    places = np.moveaxis(np.indices(inside.shape, np.float32), 0, -1)
    return (places @ normals <= furthest + 1e-3).all(-1)


def _is_lighter(values: np.ndarray, patch: np.ndarray) -> bool:
    """Whether a patch is lighter than what is around it: much lighter in a corner, where light and shadow meet, too."""
    around = spread(patch, 6) & ~spread(patch, 2)
    least = SHADED if patch[:: len(patch) - 1, :: patch.shape[1] - 1].any() else 0
    return bool(around.any() and np.median(values[patch]) - np.median(values[around]) > least)


def _is_light_on_dark(grey: np.ndarray) -> bool:
    coarse = _coarse(_picture(grey)).reduce(2)
    around = np.asarray(coarse.filter(ImageFilter.MedianFilter(33)), np.float32)
    return bool((((np.asarray(coarse) - around) / 255) ** 3).sum() > 0)


def _darker(plane: np.ndarray, sheet: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """How much darker each pixel is than the paper around it, as a share of the paper's lightness: (h, w)."""
    coarse = _coarse(_picture(plane))
    values = _closed(np.where(sheet > 0, np.asarray(coarse), 0), FILLED)
    values = np.where(sheet > 0, values, spread(values, 4))
    paper = (
        Image.fromarray(values).filter(ImageFilter.GaussianBlur(1)).resize(plane.shape[::-1], Image.Resampling.BILINEAR)
    )
    lightness = np.maximum(np.asarray(paper, np.float32) / 255, 0.1)
    return np.where(inside, (lightness - plane) / lightness, 0)


def _levels(darker: np.ndarray, inside: np.ndarray) -> tuple[float, float]:
    """Below which level all is noise, and at which ink is at its fullest."""
    values = darker[inside]
    middle = float(np.median(values))
    noise = max(0.0, middle) + 6 * float(np.median(np.abs(values - middle)))  # four standard deviations
    threshold = max(noise, _otsu(np.clip(values, 0, 1)))
    above = values[values >= threshold]
    return noise, float(np.percentile(above, 80)) if len(above) > 20 else noise


def _without_lines(darker: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Without lines that cross all of the paper along `rows`: what all of a row has in common is no ink."""
    columns = np.arange(darker.shape[1])
    straight = darker[rows, columns]
    some = straight[:, :: max(1, len(columns) // 300)]
    margin = max(1, some.shape[1] // 12)
    parts = [*np.array_split(some, 3, axis=1), some[:, :margin], some[:, -margin:]]  # no digit goes from edge to edge
    line = np.min([np.median(part, axis=1) for part in parts], axis=0)
    line = np.maximum(line - np.median(line), 0)
    line = np.max([np.roll(line, shift) for shift in (-1, 0, 1)], axis=0)
    result = darker.copy()
    result[rows, columns] = straight - line[:, None]
    return result


def _rows(picture: np.ndarray, slope: float, fan: float, every: int = 1) -> np.ndarray:
    """For each row of the picture made straight, and each column, the row it comes from: (h, w)."""
    height, width = picture.shape
    y, x = np.arange(height, dtype=np.float32)[:, None], np.arange(0, width, every, dtype=np.float32) - width / 2
    rows = y + (slope + fan * (y / height - 0.5)) * x + 0.5
    return np.clip(rows.astype(np.int32), 0, height - 1)


def _slope(darker: np.ndarray) -> tuple[float, float]:
    """The slope of the printed lines, and how much more it is at the bottom than at the top."""
    every = max(1, darker.shape[1] // 40)
    limited = np.ascontiguousarray(np.clip(darker[:, ::every], 0, 0.25))

    def sharpness(slope: float, fan: float) -> float:
        rows = _rows(darker, slope, fan, every)
        return float((np.diff(np.take_along_axis(limited, rows, 0).mean(1)) ** 2).sum())

    slope, fan = max(np.linspace(-STEEPEST, STEEPEST, 89), key=lambda each: sharpness(each, 0)), 0.0
    for reach, steps in ((0.12, 25), (0.01, 9)):  # at not quite the right slope the best fan would be a wrong one
        slope = max(slope + np.linspace(-0.006, 0.006, 9), key=lambda each: sharpness(each, fan))
        fan = max(fan + np.linspace(-reach, reach, steps), key=lambda each: sharpness(slope, each))
    return slope, fan


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
