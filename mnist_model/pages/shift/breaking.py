"""Breaking points, as networks/positions.py finds them: the smallest shift that changes the answer."""

import html

import streamlit as st

from mnist_model.images.shifting import DIRECTIONS, FURTHEST, MAP_REACH
from mnist_model.networks import positions
from mnist_model.pages.shared.mnist import mnist
from mnist_model.pages.shift.shifted_digit import PlaceMap, ShiftedDigit
from mnist_model.render.tables import shaded, table

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
UNMEASURED = "This network has not been measured on the test images yet: see <b>Accuracy</b>."
ARROWS = dict(zip(DIRECTIONS, "→↘↓↙←↖↑↗", strict=True))
COMPASS = ("up left", "up", "up right", "left", None, "right", "down left", "down", "down right")


def show(shown: ShiftedDigit) -> None:
    """This digit's breaking points for every remedy, and the test set's for the chosen network."""
    compasses = "".join(map(_compass, shown.maps))
    st.html(f'{DIGIT}<div class="maps">{compasses}</div>' + _test_set(shown.chosen, shown))


def _compass(each: PlaceMap) -> str:
    points = dict(zip(DIRECTIONS, each.breaking.tolist(), strict=True))
    answer = f'<span class="digit">{each.before.argmax()}</span>'
    cells = (answer if way is None else f"<span>{ARROWS[way]} {points[way] or '–'}</span>" for way in COMPASS)
    compass = f'<div class="compass">{"".join(cells)}</div>'
    return f'<figure class="card"><figcaption>{html.escape(each.title)}</figcaption>{compass}</figure>'


def _test_set(each: PlaceMap, shown: ShiftedDigit) -> str:
    """The distribution for the chosen network, or a hint where it has not been measured."""
    found = shown.measurement(each)
    if found is None:
        return f"<p>{html.escape(shown.damage(each)) or UNMEASURED}</p>"
    parts = positions.broken_by(found.shifts.breaking, mnist().test_labels)
    half = positions.half_broken_by(found.shifts.breaking)
    head = ["% of", *(f"{k} px" for k in range(1, MAP_REACH + 1))]
    rows = [[str(digit), *(shaded(part, part, 0) for part in row)] for digit, row in enumerate(parts)]
    text = TEST_SET.format(title=html.escape(each.title), median=f"{half} px" if half else f"more than {FURTHEST} px")
    return text + table(head, rows, "shares")
