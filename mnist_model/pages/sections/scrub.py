"""Train: back through the epochs of a finished run."""

from pathlib import Path

import numpy as np
import streamlit as st

from mnist_model import checkpoints, dataset, figures, folders
from mnist_model.pages import shared, sketch
from mnist_model.pages.sections.watch import first_layer


@st.fragment
def show(folder: Path) -> None:
    """A slider through the weights a run has kept, and what the network was at that moment."""
    moments = checkpoints.count(folder)
    if moments < 2:
        st.caption("The weights of this run's epochs were not kept.")
        return
    moment = st.slider(
        "Epoch",
        0,
        moments - 1,
        moments - 1,
        key=f"moment-{folder.name}",
        help="0 is the start: random weights. Go through the epochs with the arrow keys.",
    )
    weights = checkpoints.read(folder, moment)
    if weights is None:
        st.error("The weights of this epoch are missing or damaged.")
        return
    said = reading(folder, weights, accuracy_at(folder, moment))
    st.html(f'<div class="learning">{first_layer(weights)}{said}</div>')


def accuracy_at(folder: Path, moment: int) -> str:
    """A run's accuracy at a moment, as a sentence (HTML); where it was stopped, it is measured afterwards."""
    at_epochs = {record["epoch"]: record["test_accuracy"] for record in folders.history(folder)}
    accuracy = at_epochs.get(moment) or shared.load(str(folder)).report["test_accuracy"]
    return "Not measured yet" if accuracy is None else f"<b>{figures.percent(accuracy)}</b> of the test images right"


def reading(folder: Path, weights: list[np.ndarray], said: str) -> str:
    """What the network said of this session's drawing, or of a test image, at that moment: HTML."""
    image, name = digit()
    probabilities = shared.load(str(folder)).with_weights(weights).probabilities(image)[0]
    shown = figures.captioned(figures.picture(image, name, 84), name)
    return f'<div class="reading">{shown}<div>{said}{figures.bars(probabilities)}</div></div>'


def digit() -> tuple[np.ndarray, str]:
    """This session's drawing, else the first test image."""
    _, drawn = sketch.inputs()
    if drawn is not None:
        return drawn, "your drawing"
    return dataset.scale(shared.mnist().test_images[0]), "a test image"
