"""What the chosen network says of the drawing, and the one beside it."""

import numpy as np
import streamlit as st

from mnist_model.networks import doubt
from mnist_model.pages.shared.chosen import network, network_beside
from mnist_model.render import answers

EMPTY = (
    '<div class="answer empty">Draw a digit from 0 to 9, with the mouse or a finger, read a photo of one, or take an '
    "example.</div>"
)

UNTAUGHT = '<div class="untaught">Drawing teaches the network nothing: only Train does.</div>'


def answer(image: np.ndarray | None) -> None:
    """Show the network's answer; without ink, ask for a digit."""
    with st.container(key="answer"):
        if image is None:
            st.html(EMPTY)
            return
        chosen, other = network(), network_beside()
        said, also_said = (each.probabilities(image)[0] for each in (chosen, other))
        remark = answers.remark(doubt.remark(chosen.name, said, other.name, also_said), who())
        note = f"ink {image.sum():.1f}, the sum of the numbers"
        st.html(answers.answer(said, note) + remark + answers.bars(said) + UNTAUGHT)


def brief(images: np.ndarray) -> list[str]:
    """The chosen network's answers to images (n, 28, 28) in a few characters each."""
    said = network().probabilities(images)
    nothing = doubt.is_no_digit(said) & network().about.can_doubt
    return ["no digit" if none else answers.short(each) for each, none in zip(said, nothing, strict=True)]


def who() -> str:
    """What the network beside the chosen one is."""
    other = network_beside()
    return f"{other.name}: {other.about.line}"
