"""What the drawing canvas sends, checked: its strokes as Fabric.js describes them, and a PNG of what they look like."""

import json
from typing import Any, NamedTuple

import numpy as np

from mnist_model.images import picture_file
from mnist_model.images.errors import NotADrawing, NotAPicture
from mnist_model.images.resampling import SIZE

SIDE = 280  # pixels
MOST_STROKES = 50
MOST_CHARACTERS = 400_000  # of the strokes' description


class Drawing(NamedTuple):
    """A drawing as the canvas has it."""

    strokes: list[dict[str, Any]]  # to show them again: each a Fabric.js object
    rgba: np.ndarray  # (280, 280, 4) uint8


def parse(sent: Any) -> Drawing:
    """A message of the canvas's. Raises NotADrawing where no canvas of ours sends such a thing, or it is too much."""
    try:
        strokes, address = list(sent["raw"]["objects"]), sent["data"]
    except (TypeError, KeyError) as error:
        raise NotADrawing("What the browser has sent is not a drawing.") from error
    if not all(isinstance(stroke, dict) for stroke in strokes):
        raise NotADrawing("What the browser has sent is not a drawing.")
    if len(strokes) > MOST_STROKES or len(json.dumps(strokes)) > MOST_CHARACTERS:
        raise NotADrawing(
            f"That is a lot of ink: a drawing has at most {MOST_STROKES} strokes. Clear it to begin anew."
        )
    return Drawing(strokes, _pixels(address))


def enlarged(image: np.ndarray) -> np.ndarray:
    """An image (28, 28) in 0–1 as a picture for the canvas, (280, 280, 4) uint8: each number fills its square."""
    square = np.kron(np.rint(255 * image), np.ones((SIDE // SIZE, SIDE // SIZE))).astype(np.uint8)
    return np.dstack([square] * 3 + [np.full_like(square, 255)])


def _pixels(address: object) -> np.ndarray:
    try:
        with picture_file.opened(picture_file.from_address(address)) as picture:
            if (picture.format, picture.size) != ("PNG", (SIDE, SIDE)):
                raise NotAPicture("The canvas has another size.")
            return np.array(picture.convert("RGBA"))
    except NotAPicture as error:
        raise NotADrawing("What the browser has sent is not a drawing.") from error
