"""The chosen network layer by layer, beside its lines of Keras."""

import html
from collections.abc import Callable
from itertools import starmap

import streamlit as st

from mnist_model.pages.shared.chosen import network
from mnist_model.pages.shared.layout import asset
from mnist_model.pages.shared.networks import as_keras, packed
from mnist_model.pages.shared.problems import problems_shown
from mnist_model.pages.train import forward
from mnist_model.render.svg import drawing

EXPLAINED: dict[str, tuple[str | None, str]] = {  # by Keras's name, and its activation: a drawing, a sentence
    "Flatten": (
        "flatten.svg",
        "All numbers are laid end to end, row after row, in one long row: every number keeps its place.",
    ),
    "Dense with relu": (
        "relu.svg",
        "Each unit weighs every number that it is given, and adds up; ReLU turns a sum below 0 into 0.",
    ),
    "Reshape": ("reshape.svg", "The same numbers, with a third dimension of 1: convolutions expect channels."),
    "ZeroPadding2D": ("padding.svg", "A margin of paper all round, so that kernels can look beyond the edge."),
    "Conv2D": (
        "conv.svg",
        "A small window of weights slides over what it is given, the same weights everywhere; each such kernel makes "
        "one map of where its pattern is.",
    ),
    "MaxPooling2D": (
        "maxpool.svg",
        "Of each square only the largest value stays: half as wide, half as high, and a little less fussy about where.",
    ),
    "GlobalMaxPooling2D": (
        "globalpool.svg",
        "Of each whole map only the largest value stays: that the pattern was there, not where.",
    ),
    "Dense with softmax": (
        "softmax.svg",
        "Ten sums, one a digit; softmax makes them probabilities: all above 0, together 1.",
    ),
    "Dense": (None, "Each unit weighs every number that it is given, and adds up."),
    "AveragePooling2D": (
        None,
        "Of each square the mean stays. Two of these, one after the other, blur before pixels are left out (BlurPool).",
    ),
    "GlobalAveragePooling2D": (None, "Of each whole map the mean stays: how much of the pattern was there, not where."),
    "Dropout": (None, "In training some of the numbers, others at each step, are left out; when it answers, none are."),
}
RELU = "Dense with relu"
NO_ACTIVATION = "Without an activation two dense layers would only be one: a sum of sums is a sum."


def show(recipe: Callable[[], dict[str, object]]) -> None:
    """The chosen network's inside, in one of two ways; `recipe` says what else stands in the page's address."""
    if forward.is_chosen():
        with problems_shown():
            if network().weights:  # said here where they cannot be read: the browser could not say why
                forward.show(packed(network(), "chosen"), recipe)
    else:
        layers()


def layers() -> None:
    """The chosen network's layers beside its lines of Keras."""
    st.subheader("The network, layer by layer", anchor=False)
    left, right = st.columns([5, 6], gap="large")
    report = network().report
    with left:
        st.html(f'<div class="layers">{"".join(starmap(rows, report.layers))}</div>')
        st.markdown(f"**{report.parameters:,} parameters** are learned in all.")
    with right:
        st.markdown("The network in Keras, to paste after the tutorial's lines that load MNIST:")
        with problems_shown():
            st.code(as_keras(network()), language="python", wrap_lines=True)


def rows(kind: str, activation: str | None, output_shape: tuple[int, ...], parameters: int) -> str:
    """A layer's drawing and sentence; after a dense one with ReLU, why there is one: HTML."""
    title = kind + (f" with {activation}" if activation else "")
    file, text = EXPLAINED.get(title) or EXPLAINED.get(kind, (None, ""))
    shape = " × ".join(map(str, output_shape))
    explained = row(file, f"{title} → {shape}, {parameters:,} parameters", text)
    return explained + (row("linear.svg", "Why ReLU?", NO_ACTIVATION) if title == RELU else "")


def row(file: str | None, title: str, text: str) -> str:
    shown = drawing(asset(f"layers/{file}"), title) if file else "<div></div>"
    return f"<div>{shown}<div><b>{html.escape(title)}</b><br>{text}</div></div>"
