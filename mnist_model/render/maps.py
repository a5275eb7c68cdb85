"""Maps and signed images -> coloured pictures, and maps with marks that CSS moves (HTML).

A picture here is RGBA, (h, w, 4) uint8; what is clear lets the page's theme show through. Where the marks are is told
by the CSS variables --dx and --dy of an element around the map: see `located`.
"""

import numpy as np

from mnist_model.render.colours import ACCURACY_COLOURS, DIGIT_COLOURS, GREY, NEGATIVE, POSITIVE

HATCH = 8  # picture pixels a cell


def places(probabilities: np.ndarray) -> np.ndarray:
    """A place map (n, n, 10): the colour is the most probable digit, its strength the probability."""
    colours = _rgb(DIGIT_COLOURS)[probabilities.argmax(-1)]
    strength = 0.1 + 0.9 * np.clip((probabilities.max(-1) - 0.2) / 0.8, 0, 1)
    return _rgba(colours, strength)


def hatching(where: np.ndarray) -> np.ndarray:
    """Diagonal lines over the cells (n, n) that are True, 8×8 picture pixels each; clear elsewhere."""
    cells = np.kron(where, np.ones((HATCH, HATCH), bool))
    y, x = np.indices(cells.shape)
    lines = (x + y) % HATCH < 2
    return _rgba(_rgb([GREY]), cells & lines)


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
