"""The drawing of this session, as the Draw page keeps it and other pages read it."""

import base64
import io

import numpy as np
import streamlit as st
from PIL import Image

from mnist_model.images import drawing, photo
from mnist_model.images.errors import BlankDrawing

SIDE = photo.SIDE  # of the canvas, in pixels


def state() -> dict:
    """The drawing, under a key of our own: a widget's state dies when its page is left.

    `strokes` holds the canvas's PNG after each stroke, so that undo has its answer at once. `edition` counts the
    times the canvas was told what to show: it reloads only when it is told something new.
    """
    return st.session_state.setdefault("drawing", {"objects": [], "strokes": [], "edition": 0})


def show_again() -> None:
    """Have the canvas reload the drawing as it is kept here."""
    drawn = state()
    drawn["edition"] += 1
    st.session_state.shown = {"objects": list(drawn["objects"]), "edition": drawn["edition"]}


def replace(picture: str) -> None:
    """Put a picture, the data URL of a PNG of the canvas's size, in place of what was drawn: as its first stroke."""
    place = {"originX": "left", "originY": "top", "left": 0, "top": 0, "width": SIDE, "height": SIDE}
    state().update(objects=[{"type": "Image", "src": picture, **place}], strokes=[picture])
    show_again()


def pixels() -> np.ndarray | None:
    """The drawing as the canvas returned it, (280, 280, 4) uint8, or None before the first stroke."""
    strokes = state()["strokes"]
    if not strokes:
        return None
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(strokes[-1].split(",")[1]))).convert("RGBA"))


def inputs() -> tuple[np.ndarray, np.ndarray] | tuple[None, None]:
    """The drawing plainly shrunk, and as the network receives it; nothing where there is no ink."""
    rgba = pixels()
    if rgba is None:
        return None, None
    try:
        raw = drawing.to_input(rgba)
        return raw, drawing.to_input(rgba, centred=True) if is_centred() else raw
    except BlankDrawing:
        return None, None


def is_centred() -> bool:
    return st.session_state.get("preparation") == "centred"
