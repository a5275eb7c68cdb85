"""The drawing of this session, as the Draw page keeps it and other pages read it."""

import zlib

import numpy as np
import streamlit as st
from PIL import Image

from mnist_model.images import canvas, drawing
from mnist_model.images.canvas import SIDE
from mnist_model.images.errors import BlankDrawing
from mnist_model.render.png import data_url, png


def state() -> dict:
    """The drawing, under a key of our own: a widget's state dies when its page is left.

    `strokes` are the canvas's own objects. `inks` are what they looked like after each stroke, so that undo has its
    answer at once: levels (280, 280), compressed, at most 80 KB each. `edition` counts the times the canvas was told
    what to show: it reloads only when it is told something new.
    """
    return st.session_state.setdefault("drawing", {"strokes": [], "inks": [], "edition": 0})


def show_again() -> None:
    """Have the canvas reload the drawing as it is kept here."""
    drawn = state()
    drawn["edition"] += 1
    st.session_state.shown = {"objects": list(drawn["strokes"]), "edition": drawn["edition"]}


def keep(sent: canvas.Drawing) -> None:
    """Keep a drawing that has one stroke more than before, or is as it was told to be."""
    count, drawn = len(sent.strokes), state()
    inks = drawn["inks"][: max(0, count - 1)] + [packed(sent.rgba)] * bool(count)
    _hold(sent.strokes, inks)


def rewind(kept: slice) -> None:
    """Keep some of the strokes and tell the canvas so."""
    drawn = state()
    _hold(drawn["strokes"][kept], drawn["inks"][kept])
    show_again()


def _hold(strokes: list[dict], inks: list[bytes]) -> None:
    """Keep strokes; once there is none, what comes next is no photo."""
    drawn = state()
    drawn.update(strokes=strokes, inks=inks, from_photo=bool(strokes) and drawn.get("from_photo", False))


def replace(rgba: np.ndarray, from_photo: bool = False) -> None:
    """Put a picture (280, 280, 4) uint8 in place of what was drawn: as its first stroke."""
    place = {"originX": "left", "originY": "top", "left": 0, "top": 0, "width": SIDE, "height": SIDE}
    strokes = [{"type": "Image", "src": data_url(png(rgba)), **place}]
    state().update(strokes=strokes, inks=[packed(rgba)], from_photo=from_photo)
    show_again()


def pixels() -> np.ndarray | None:
    """The drawing as the canvas returned it, (280, 280, 4) uint8, or None before the first stroke."""
    inks = state()["inks"]
    if not inks:
        return None
    return unpacked(inks[-1])


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


def is_from_photo() -> bool:
    """Whether the drawing is a photo, or one with strokes over it."""
    return bool(state().get("from_photo", False))


def stamp() -> tuple[list[bytes], bool]:
    """Equal to an earlier one where neither the ink nor the preparation has changed since."""
    return state()["inks"][-1:], is_centred()


def is_centred() -> bool:
    return st.session_state.get("preparation") == "centred"


def packed(rgba: np.ndarray) -> bytes:
    """A picture (280, 280, 4) uint8 as it is kept: how light it is over black, compressed, at most 80 KB."""
    return zlib.compress(drawing.levels(rgba).tobytes(), 1)


def unpacked(ink: bytes) -> np.ndarray:
    levels = np.frombuffer(zlib.decompress(ink), np.uint8).reshape(SIDE, SIDE)
    return np.asarray(Image.fromarray(levels).convert("RGBA"))
