"""The remedies shown: one line and one picture each, of the digit as it now is or of what the network learned from."""

import numpy as np
import streamlit as st

from mnist_model.images import drawing
from mnist_model.networks import activations
from mnist_model.pages.shift.answers import line
from mnist_model.pages.shift.shifted_digit import PlaceMap, ShiftedDigit
from mnist_model.render import remedies

TITLE = '<h3 class="title">What each remedy is</h3>'
CENTRED = "The network then gets what MNIST's own digits look like, wherever the digit was."
LEARNED = "It has learned from such digits, others in each epoch."
PASSING = (
    "A small window of weights passes over the digit, the same weights at every place (blue ones add the ink, red ones "
    "subtract it), so its map moves along."
)
MAXIMA = "Framed is the maximum of each of three maps: only the value goes on, so where it was makes no difference."


def show(shown: ShiftedDigit) -> None:
    """All remedies of which there is something to be seen."""
    told = [(each, *found) for each in shown.maps if (found := pictured(each, shown.moved))]
    sections = (remedies.remedy(each.title, line(each), picture, said) for each, picture, said in told)
    st.html(f'{TITLE}<div class="explained">{"".join(sections)}</div>')


def pictured(each: PlaceMap, image: np.ndarray) -> tuple[str, str] | None:
    """A remedy's picture (HTML) for an image (28, 28), and what it shows. Raises NetworkError."""
    network = each.network
    kinds = [layer.kind for layer in network.report.layers]
    if each.remedy.centred:
        return remedies.centring(image, drawing.centre(image)), CENTRED
    if (rows := network.folder.learned()) is not None:
        return remedies.learned(rows), LEARNED
    if "GlobalMaxPooling2D" in kinds:
        return remedies.maxima(activations.features(network, image)), MAXIMA
    if "Conv2D" in kinds:
        return remedies.passing(image, network.weights[0], activations.features(network, image)), PASSING
    return None
