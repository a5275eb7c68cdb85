"""Move a digit, watch every remedy's answer, and find out why."""

import streamlit as st

from mnist_model.pages.shared import links
from mnist_model.pages.shared.choice import choice, chosen_of
from mnist_model.pages.shared.digit import bring_drawing, take_called
from mnist_model.pages.shared.layout import header
from mnist_model.pages.shared.problems import problems_shown
from mnist_model.pages.shared.readers import one_of, whole
from mnist_model.pages.shift import accuracy, breaking, remedies, shuffled, verdict, where, why
from mnist_model.pages.shift.answers import answers
from mnist_model.pages.shift.mover import another_image, controls, pictures
from mnist_model.pages.shift.shifted_digit import REACH, shifted_digit

SECTIONS = {
    "Accuracy": accuracy.lines,
    "Maps": accuracy.maps_by_offset,
    "Breaking": breaking.show,
    "Why": why.show,
    "Where": where.show,
    "Remedies": remedies.show,
    "Verdict": verdict.show,
    "Shuffled": shuffled.show,
}


LINK = {
    "digit": take_called,
    "dx": whole("dx", -REACH, REACH),
    "dy": whole("dy", -REACH, REACH),
    "look": one_of("section", SECTIONS),
}


@st.fragment
def lab() -> None:
    """One grid of few elements: each costs the server a message at every move of a slider."""
    shown = shifted_digit()
    with st.container(key="lab"):
        with st.container(key="mover"):
            pictures(shown)
            controls(shown)
            another_image()
        answers(shown, chosen_of(list(SECTIONS), "section"))
        section = choice("Look closer", list(SECTIONS), "section", label_visibility="collapsed", wrap=True)
        with problems_shown():
            SECTIONS[section](shown)


bring_drawing()
links.read(LINK)
header(
    "Shift",
    "The digit stays the same; only its place changes. In a dense network every weight of the first layer belongs to "
    "one pixel, so a digit that has moved meets the wrong weights. <b>Try:</b> drag the shifted digit, or move it one "
    "pixel at a time, until the answer turns.",
)
lab()
