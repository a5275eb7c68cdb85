"""What the network receives of a drawing: 28×28 numbers, raw or centred, as a picture or as numbers."""

from typing import Any

import numpy as np
import streamlit as st

from mnist_model.images import drawing
from mnist_model.pages.shared import drawn
from mnist_model.pages.shared.choice import choice
from mnist_model.pages.shared.forward import forward
from mnist_model.render import tables, words
from mnist_model.render.pictures import picture
from mnist_model.render.png import png

PREPARATIONS, VIEWS = ["raw", "centred"], ["Picture", "0–255", "0–1", "Follow"]
BLANK = np.zeros((28, 28), np.float32)


def preparation() -> None:
    """The raw / centred switch."""
    meaning = "centred: scaled to 20×20 and placed by its centre of mass, as MNIST's digits were"
    choice("Preparation", PREPARATIONS, "preparation", help=meaning)


def position(raw: np.ndarray | None, centred: bool) -> None:
    """Where the digit was drawn, as a sentence."""
    if raw is None:
        st.html('<div class="position none">Nothing drawn yet.</div>')
        return
    where = words.position(*drawing.off_centre(raw))
    said = f"Your digit was {where}; now it is in the middle." if centred else f"Your digit sits {where}."
    if drawn.is_from_photo():
        said = "A photo is prepared centred, whatever the switch says."
    st.html(f'<div class="position">{said}</div>')


def as_picture(image: np.ndarray | None, address: dict[str, str]) -> None:
    """The 28×28 picture, or its numbers, or what becomes of them; and its file. Before a stroke, a dim blank."""
    shown = BLANK if image is None else image
    meaning = (
        "0–255 and 0–1 show the numbers themselves; ink is the sum of the numbers from 0 to 1. Follow shows what the "
        "network makes of them, number by number, also while you draw."
    )
    view = choice("What the network receives", VIEWS, "view", help=meaning)
    blank = " blank" if image is None else ""
    numbers = "" if image is None or view in ("Picture", "Follow") else tables.numbers(image, divided=view == "0–1")
    st.html(f'<div class="given{blank}">{picture(shown, "Your digit at 28×28")}</div>{numbers}')
    download: dict[str, Any] = {"icon": ":material/download:", "on_click": "ignore", "disabled": image is None}
    st.download_button("PNG", png(shown), "digit.png", "image/png", **download)
    if view == "Follow":
        forward(shown, "your drawing", address)
