"""The verdict: what each remedy costs and what it buys, from measurements."""

import html

import streamlit as st

from mnist_model.networks.places import Places
from mnist_model.pages.shift.accuracy import offer_to_measure
from mnist_model.pages.shift.shifted_digit import Measurement, PlaceMap, ShiftedDigit
from mnist_model.render.tables import shaded, table

TEXT = (
    '<h3 class="title">The verdict</h3><p>The tutorial ends with “that is where convolutions are powerful”. Check it: '
    "without a shift <b>conv</b> is better than <b>dense</b>, and at 2 pixels by far, but at 6 pixels both are lost. "
    "What helps is forgetting the place (<b>conv-global</b>), undoing the move (<b>centring</b>), or having seen every "
    "place (<b>dense-shifted</b>), which costs accuracy in the middle. <b>robust</b> pools like conv-global and was "
    "trained on digits changed as people's hands would: made for strangers' handwriting, it holds up here too.</p>"
)
NOTE = (
    "<p>Accuracy in % on the 10,000 test images, the mean of right, left, up and down; “up to 4 px” is the mean "
    "over all 81 offsets with |dx| and |dy| of at most 4 px. At 4 px every fifth digit has lost ink over the edge, "
    "at 6 px three in five, and nobody can read what is gone. Training time is that of the machine that made the "
    "network; centring needs none of its own.</p>"
    "<p>Means flatter. <b>all 49</b>: the images that are right at every one of the 49 places within 3 px. "
    "<b>changed</b>: of the moves by 1 px, from one of these places to the next, those that change the answer. "
    "<b>MNIST-C</b>: right where a published test, its “translate”, has them: 3 px to a side, and 3 up or down.</p>"
)
HARDER = ["all 49", "changed", "MNIST-C"]
HEAD = ["remedy", "parameters", "training", "0 px", "2 px", "4 px", "6 px", "up to 4 px", *HARDER]


def show(shown: ShiftedDigit) -> None:
    """The table of all remedies that have been measured."""
    rows = [row(each, found, shown.places(each)) for each, found in shown.measured]
    st.html(TEXT + table(HEAD, rows, "verdict") + NOTE)
    offer_to_measure(shown)


def row(each: PlaceMap, found: Measurement, places: Places | None) -> list[str]:
    """What a remedy costs and buys."""
    report = each.network.report
    cells = [right(float(value)) for value in (*found.shifts.by_shift[[0, 2, 4, 6]], found.shifts.nearby)]
    if places:
        cells += [right(places.everywhere), shaded(places.changed, in_percent(places.changed)), right(places.mnist_c)]
    else:
        cells += ["–"] * len(HARDER)
    return [html.escape(each.title), f"{report.parameters:,}", f"{report.seconds:.0f} s", *cells]


def right(fraction: float) -> str:
    """A cell with the fraction of images that are right in %, the darker the more are wrong."""
    return shaded(1 - fraction, in_percent(fraction))


def in_percent(fraction: float) -> str:
    return f"{100 * fraction:.1f}"
