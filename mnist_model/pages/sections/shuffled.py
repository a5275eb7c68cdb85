"""Shuffled pixels, the mirror image of the lesson: a dense network does not care where a pixel is."""

import json

import streamlit as st

from mnist_model import classifier, dataset, figures
from mnist_model.pages import shared
from mnist_model.pages.sections.scene import Scene

TEXT = (
    '<h3 class="title">Shuffled pixels</h3><p>Put all 784 pixels in another order, the same for every image, and train '
    "again. To you the digits are gone. The dense network does as well as ever, because to it no pixel is beside "
    "any other; the convolutional ones lose their edge, because their small patterns are torn apart. What "
    "a convolution knows and a dense layer does not is which pixels are neighbours.</p>"
)
NOTE = (
    "<p>Accuracy on the 10,000 test images, each network trained by its own recipe. "
    "Remade by <code>python -m mnist_model shuffle NAME</code>.</p>"
)
NETWORKS = ("dense", "conv", "conv-global")
HEAD = ["network", "in order", "shuffled", "difference"]


def show(scene: Scene) -> None:
    """The digit with its pixels shuffled, and what shuffling costs each network."""
    pictures = figures.captioned(figures.picture(scene.moved, "the digit"), "the digit")
    pictures += figures.captioned(
        figures.picture(dataset.shuffle_pixels(scene.moved), "the digit with its pixels shuffled"), "the same, shuffled"
    )
    rows = [_row(name) for name in NETWORKS]
    st.html(f'{TEXT}<div class="pair">{pictures}</div>' + figures.table(HEAD, rows, "verdict") + NOTE)


def _row(name: str) -> list[str]:
    shuffled = _read(name)
    before, after = shared.load(name).report["test_accuracy"], shuffled["test_accuracy"]
    difference = round(100 * after, 1) - round(100 * before, 1)  # of what is shown
    return [name, figures.percent(before), figures.percent(after), f"{difference:+.1f} points"]


@st.cache_resource(show_spinner=False)
def _read(name: str) -> dict:
    return json.loads((classifier.NETWORKS / name / "shuffled.json").read_text())
