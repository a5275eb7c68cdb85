"""One image: large, with its label, what the network says of it, and its numbers."""

import numpy as np
import streamlit as st

from mnist_model.networks.positions import directions_that_change
from mnist_model.pages.data.order import breaking_points
from mnist_model.pages.data.split import Split
from mnist_model.pages.shared.choice import choice
from mnist_model.pages.shared.chosen import network
from mnist_model.pages.shared.digit import nudge
from mnist_model.render import answers, tables
from mnist_model.render.pictures import picture

RAW, DIVIDED = "raw, 0–255", "divided by 255"


def sample(split: Split, index: int) -> None:
    """One image large, its label, and what the network says of it beside it."""
    image, source, _, label, _ = digit = split.digit(index)
    st.subheader(source[0].upper() + source[1:], anchor=False)
    probabilities = network().probabilities(image)[0]
    note = f"its label is {label}: {'right' if probabilities.argmax() == label else 'wrong'}"
    breaking = breaking_points(split)
    said = answers.answer(probabilities, note, label) + answers.bars(probabilities)
    why = f"<p><span>{breaks(image, int(breaking[index]))}</span></p>" if breaking is not None else ""
    st.html(f'<div class="sample"><div>{picture(image, source)}{why}</div><div>{said}</div></div>')
    nudge(digit)


def breaks(image: np.ndarray, k: int) -> str:
    """Which smallest shift changes the answer, and which way; k = 0: none does. HTML."""
    if not k:
        return "No shift of up to 14 px changes this answer."
    ways = ", or ".join(directions_that_change(network(), image, k))
    return f"A shift of <b>{k} px {ways}</b> changes this answer."


def sample_numbers(split: Split, index: int) -> None:
    """The table of numbers of one image, raw or divided by 255."""
    image, source, *_ = split.digit(index)
    shown = choice(f"The 28×28 numbers of {source}", [RAW, DIVIDED], "scale")
    st.html(tables.numbers(image, divided=shown == DIVIDED))
