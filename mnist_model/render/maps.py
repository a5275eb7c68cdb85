"""Maps and signed images -> coloured pictures, and maps with marks that CSS moves (HTML).

A picture here is RGBA, (h, w, 4) uint8; what is clear lets the page's theme show through. Where the marks are is told
by the CSS variables --dx and --dy of an element around the map: see `located`.
"""

import numpy as np

from mnist_model.render.colours import ACCURACY_COLOURS, DIGIT_COLOURS, GREY, NEGATIVE, POSITIVE

HATCH = 8  # picture pixels a cell
NAMED = 3  # cells: an area in which so large a square fits has its digit written into it


def places(probabilities: np.ndarray) -> np.ndarray:
    """A place map (n, n, 10): the colour is the most probable digit, its strength the probability."""
    colours = _rgb(DIGIT_COLOURS)[probabilities.argmax(-1)]
    strength = 0.1 + 0.9 * np.clip((probabilities.max(-1) - 0.2) / 0.8, 0, 1)
    return _rgba(colours, strength)


def areas(answers: np.ndarray) -> dict[int, tuple[int, int]]:
    """Of answers (n, n), the middle [row, column] of the largest square that each digit fills: the small have none.

    Nor does one reach into the middle of the map, where the marks are.
    """
    middles, marks = {}, slice(len(answers) // 2 - 1, len(answers) // 2 + 2)
    for digit in np.unique(answers):
        cells = answers == digit
        cells[marks, marks] = False
        filled, side = cells, 1
        while (larger := _filled_squares(cells, side + 2)).any():
            filled, side = larger, side + 2
        if side >= NAMED:
            places = np.argwhere(filled)
            row, column = places[np.abs(places - places.mean(0)).sum(1).argmin()] + side // 2
            middles[int(digit)] = int(row), int(column)
    return middles


def _filled_squares(cells: np.ndarray, side: int) -> np.ndarray:
    """Of which squares of `side` cells all are True, by their upper left corner."""
    if side > len(cells):
        return np.zeros((0, 0), bool)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(cells, (side, side)).all((2, 3)))


def named(picture: str, answers: np.ndarray) -> str:
    """A picture (HTML) of a place map with these answers (n, n), each digit written into its largest area."""
    size = len(answers)
    places = (
        f'<b style="left:{100 * (x + 0.5) / size:.1f}%;top:{100 * (y + 0.5) / size:.1f}%">{digit}</b>'
        for digit, (y, x) in areas(answers).items()
    )
    return picture + "".join(places)


def hatching(where: np.ndarray) -> np.ndarray:
    """Thin white diagonal lines over the cells (n, n) that are True, 8×8 picture pixels each; clear elsewhere."""
    cells = np.kron(where, np.ones((HATCH, HATCH), bool))
    y, x = np.indices(cells.shape)
    lines = (x + y) % HATCH < 2
    return _rgba(np.full((1, 3), 255.0), 0.55 * (cells & lines))


def accuracies(fractions: np.ndarray) -> np.ndarray:
    """Fractions (n, n) from 0 (dark violet) to 1 (yellow)."""
    stops = np.linspace(0, 1, len(ACCURACY_COLOURS))
    colours = [np.interp(fractions, stops, channel) for channel in _rgb(ACCURACY_COLOURS).T]
    return _rgba(np.stack(colours, -1), np.ones(fractions.shape))


def signed(values: np.ndarray, largest: float) -> np.ndarray:
    """Values (h, w): blue above 0, red below, clear at 0, full at ±`largest`."""
    colours = np.where(values[..., None] > 0, _rgb([POSITIVE]), _rgb([NEGATIVE]))
    return _rgba(colours, np.sqrt(np.clip(np.abs(values) / largest, 0, 1)) if largest else values)


def ink(image: np.ndarray) -> np.ndarray:
    """An image (h, w) as pale grey ink on nothing."""
    return _rgba(_rgb([GREY]), image / 3)


def inked(picture: np.ndarray, image: np.ndarray) -> np.ndarray:
    """A picture with an image (h, w) laid over it as grey ink."""
    ink = image[..., None]
    laid = picture * (1 - ink) + np.array([*_rgb([GREY])[0], 255]) * ink
    return np.round(laid).astype(np.uint8)


def density(points: np.ndarray, reach: float, bins: int = 112) -> np.ndarray:
    """How dense points (n, 2) lie within `reach` each way of 0: clear for none, the bluer the more (square root)."""
    counts, *_ = np.histogram2d(points[:, 1], points[:, 0], bins, [[-reach, reach]] * 2)
    strength = np.where(counts, 0.15 + 0.85 * np.sqrt(counts / counts.max()), 0)
    return _rgba(_rgb([POSITIVE]), strength)


def marked(picture: str, reach: int, jump: bool = False) -> str:
    """A picture (HTML) of a map, with a ring at (--dx, --dy) and a cross in its middle.

    Beyond `reach` the ring rests at the edge. With `jump` a cell can be selected, and --lost is laid over the picture.
    """
    select = f' data-reach="{reach}"' if jump else ""
    over = '<i class="hatching"></i>' if jump else ""
    marks = f'{over}<i class="middle"></i><i class="here"></i>'
    return f'<div class="map" style="--reach:{reach}"{select}>{picture}{marks}</div>'


def dotted(picture: str, reach: float, over: str = "") -> str:
    """A picture (HTML) of a frame that goes `reach` pixels each way of its middle, with a dot at (--dx, --dy)."""
    return f'<div class="map frame" style="--reach:{reach}">{picture}{over}<i class="dot"></i></div>'


def located(content: str, x: float, y: float, kind: str, **data: str | int) -> str:
    """HTML whose marks are at the offset (x, y), in a div of class `kind` with `data` attributes.

    With data-follows the marks follow the digit before the server does (frontend/follow.js).
    """
    attributes = "".join(f' data-{name}="{value}"' for name, value in data.items())
    return f'<div class="{kind}"{attributes} style="--dx:{x};--dy:{y}">{content}</div>'


def digit_key() -> str:
    """Which colour is which digit: HTML."""
    chips = (f'<span style="background:{colour}">{digit}</span>' for digit, colour in enumerate(DIGIT_COLOURS))
    return f'<div class="key">{"".join(chips)}</div>'


def accuracy_key() -> str:
    """Which colour is which accuracy: HTML."""
    return (
        f'<div class="scale"><span>0 %</span><i style="background:linear-gradient(90deg,{",".join(ACCURACY_COLOURS)})">'
        "</i><span>100 %</span></div>"
    )


def _rgb(colours: list[str]) -> np.ndarray:
    """CSS colours #rrggbb -> (n, 3), 0–255."""
    return np.array([list(bytes.fromhex(colour[1:])) for colour in colours], float)


def _rgba(colours: np.ndarray, strength: np.ndarray) -> np.ndarray:
    """Colours (h, w, 3), or one (1, 3), in 0–255 with strength (h, w) in 0–1 -> a picture."""
    everywhere = np.broadcast_to(colours, (*strength.shape, 3))
    return np.round(np.dstack([everywhere, 255 * strength])).astype(np.uint8)
