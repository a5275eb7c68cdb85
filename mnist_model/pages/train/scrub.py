"""Back through the epochs of a finished run."""

import numpy as np
import streamlit as st

from mnist_model.networks.classifier import Classifier
from mnist_model.pages.shared import drawn
from mnist_model.pages.shared.digit import from_mnist
from mnist_model.pages.shared.networks import history
from mnist_model.pages.shared.problems import problems_shown
from mnist_model.pages.train.weights import first_layer, reading
from mnist_model.percent import percent


@st.fragment
def show(network: Classifier) -> None:
    """A slider through the weights a run has kept, and what the network was at that moment."""
    kept = network.folder.epochs()
    if len(kept) < 2:
        st.caption("The weights of this run's epochs were not kept.")
        return
    epoch = st.select_slider(
        "Epoch",
        kept,
        kept[-1],
        key=f"moment-{network.folder.name}",
        help="0 is the start: random weights. Go through the epochs with the arrow keys.",
    )
    image, name = digit()
    with problems_shown():
        weights = network.folder.weights(epoch)
        probabilities = network.with_weights(weights).probabilities(image)
        said = reading(probabilities, image, name, accuracy_at(network, epoch))
        st.html(f'<div class="learning">{first_layer(weights)}{said}</div>')


def accuracy_at(network: Classifier, epoch: int) -> str:
    """A run's accuracy at an epoch's end, as a sentence (HTML); where it was stopped, it is measured afterwards."""
    at_epochs = {record.epoch: record.test_accuracy for record in history(network.folder)}
    found = network.report.evaluation
    accuracy = at_epochs.get(epoch) or (found and found.test_accuracy)
    return "Not measured yet" if accuracy is None else f"<b>{percent(accuracy)}</b> of the test images right"


def digit() -> tuple[np.ndarray, str]:
    """This session's drawing, else the first test image."""
    _, image = drawn.inputs()
    return (from_mnist("test", 0).image, "a test image") if image is None else (image, "your drawing")
