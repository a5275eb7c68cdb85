"""Answers while the pen is down: the browser runs the chosen network itself (frontend/live.js)."""

import functools

import numpy as np
import streamlit as st

from mnist_model import classifier, doubt, figures, portable
from mnist_model.pages import shared

NOTHING = np.zeros(10, np.float32)

_live = st.components.v2.component(
    "nudge_live",
    html='<div class="live-answer"><div class="shown" aria-hidden="true" hidden>'
    + figures.answer(NOTHING, "")
    + figures.remark("")
    + figures.bars(NOTHING)
    + '</div><p class="spoken" role="status" aria-live="polite"></p></div>',
    js=shared.script("show", "drawing", "pen", "live"),
    isolate_styles=False,
)
_receive = st.components.v2.component("nudge_receive", js=shared.script("network", "receive"), isolate_styles=False)


def answer(centred: bool) -> None:
    """Shown over the server's answer during a stroke; goes into the container "answers" beside it."""
    names = [shared.chosen(), shared.beside()]
    limits = {"doubter": doubt.DOUBTER, "noDigit": doubt.NO_DIGIT, "close": doubt.CLOSE}
    _live(data={"centred": centred, "names": names} | limits, key="live")


def networks() -> None:
    """Send the chosen network and the one beside it to the browser, once: not where a stroke reruns it."""
    for place, name in (("chosen", shared.chosen()), ("beside", shared.beside())):
        _receive(data=_packed(shared.load(name), place), key=f"receive-{place}")


@functools.lru_cache(maxsize=20)
def _packed(network: classifier.Classifier, place: str) -> bytes:
    """A network for the browser; nothing where it cannot be read, which the browser's console then says."""
    try:
        return portable.packed(network, place)
    except classifier.NetworkError:
        return b""
