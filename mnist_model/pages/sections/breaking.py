"""Breaking point: the smallest shift that changes the answer, for this digit and over the test set."""

import numpy as np
import streamlit as st

from mnist_model import figures, measured
from mnist_model.pages import shared
from mnist_model.pages.sections.scene import Place, Scene
from mnist_model.shifting import DIRECTIONS, MAP_REACH

DIGIT = (
    '<h3 class="title">Breaking point of this digit</h3><p>How many pixels it takes, in each of eight directions, '
    "until the answer (in the middle) changes; – means that it holds up to 14 pixels. On a slant, one step is one "
    "pixel each way.</p>"
)
TEST_SET = (
    '<h3 class="title">Breaking points of the 10,000 test images: {title}</h3><p>Of each digit\'s images, how many '
    "have changed their answer after at most so many pixels, in whichever of the eight directions is worst. Half of "
    "all images break within <b>{median}</b>. On the Data page, the order “fragile” puts the most fragile first.</p>"
)
ARROWS = dict(zip(DIRECTIONS, "→↘↓↙←↖↑↗", strict=True))
COMPASS = ("up left", "up", "up right", "left", None, "right", "down left", "down", "down right")


def show(scene: Scene) -> None:
    """This digit's breaking points for every remedy, and the test set's for the chosen network."""
    compasses = "".join(_compass(place, scene) for place in scene.places)
    st.html(f'{DIGIT}<div class="maps">{compasses}</div>' + _test_set(scene))


def _compass(place: Place, scene: Scene) -> str:
    points = dict(zip(DIRECTIONS, place.breaking.tolist(), strict=True))
    answer = f'<span class="digit">{scene.before(place).argmax()}</span>'
    cells = (answer if way is None else f"<span>{ARROWS[way]} {points[way] or '–'}</span>" for way in COMPASS)
    compass = f'<div class="compass">{"".join(cells)}</div>'
    return f'<figure class="card"><figcaption>{place.title}</figcaption>{compass}</figure>'


def _test_set(scene: Scene) -> str:
    """The distribution for the chosen network, or a hint where it has not been measured."""
    place = scene.chosen
    found = shared.measurement(place.remedy)
    if found is None:
        return "<p>This network has not been measured on the test images yet: see <b>Accuracy</b>.</p>"
    breaking = found.shifts.breaking
    parts = measured.broken_by(breaking, shared.mnist().test_labels)
    median = int(np.median(np.where(breaking == 0, 99, breaking)))
    head = ["% of", *(f"{k} px" for k in range(1, MAP_REACH + 1))]
    rows = [
        [str(digit), *(figures.shaded(part, f"{100 * part:.0f}") for part in row)] for digit, row in enumerate(parts)
    ]
    text = TEST_SET.format(title=place.title, median=f"{median} px" if median < 99 else "more than 14 px")
    return text + figures.table(head, rows, "shares")
