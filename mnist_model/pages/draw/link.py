"""What the page's address asks for, see pages/shared/links.py: a drawing, and how it is shown."""

import numpy as np

from mnist_model.images import canvas, ink_code
from mnist_model.pages.draw.received import PREPARATIONS, VIEWS
from mnist_model.pages.shared import drawn, links
from mnist_model.pages.shared.choice import chosen_of
from mnist_model.pages.shared.digit import from_code
from mnist_model.pages.shared.forward import read_unit, unit
from mnist_model.pages.shared.readers import Reader, one_of, word


def digit(text: str) -> None:
    """Put a digit on the canvas, each of its 28×28 numbers as a square, unless it is there with all its strokes."""
    if text != code(drawn.inputs()[0]):
        drawn.replace(canvas.enlarged(from_code(text).image))


LINK: dict[str, Reader] = {
    "digit": digit,
    "preparation": one_of("preparation", PREPARATIONS),
    "numbers": one_of("view", VIEWS),
    "unit": read_unit,
}


def code(raw: np.ndarray | None) -> str | None:
    """A drawing plainly shrunk, (28, 28), if there is one, as an address calls it."""
    return None if raw is None else ink_code.encode(raw)


def address(raw: np.ndarray | None) -> links.Address:
    """What the address is to be, for a drawing plainly shrunk."""
    view = chosen_of(VIEWS, "view")
    return links.address(
        digit=code(raw),
        preparation=chosen_of(PREPARATIONS, "preparation"),
        numbers=word(view),
        unit=unit() if view == "Follow" else None,
    )
