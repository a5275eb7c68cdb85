"""Accuracy by shift over the whole test set: a line per remedy and a map per network."""

import html

import streamlit as st

from mnist_model.images.shifting import FURTHEST, MAP_REACH
from mnist_model.pages.shared import measuring
from mnist_model.pages.shared.layout import chart
from mnist_model.pages.shift.shifted_digit import Measurement, PlaceMap, ShiftedDigit
from mnist_model.percent import percent
from mnist_model.render import charts, maps

TITLE = (
    "All 10,000 test images, shifted",
    "How many are still right, the mean of four ways; band:\n± a standard deviation over seeds. Guessing gets 10 %.",
)
TEXT = (
    '<h3 class="title">The same offset for all 10,000 test images</h3><p>How many of them a network gets right at each '
    "offset up to 8 pixels. The ring is your shift, and the figure is for it. {edge}</p>"
)
EDGE = "<b>Your shift lies outside the maps: the rings rest at their edge, and so do the figures.</b>"


def lines(shown: ShiftedDigit) -> None:
    """Accuracy by shift, a line for each remedy; of the shipped ones a band. Raises NetworkError."""
    series, bands = {}, {}
    for each, found in shown.measured:
        known = shown.studied(each)
        series[each.title] = known.points if known else found.points
        if known and known.band:
            bands[each.title] = known.band
    mark = (shown.k, f"{shown.k} px")
    option = charts.lines(series, "shift k in pixels", "accuracy in %", FURTHEST, (0, 100), mark, TITLE, bands)
    chart(option, f"Accuracy by shift for each remedy; your shift is {shown.k} px", 400)
    offer_to_measure(shown)


def maps_by_offset(shown: ShiftedDigit) -> None:
    """Accuracy at each offset, a map for each remedy."""
    cells = "".join(_map(each, found, shown) for each, found in shown.measured)
    text = TEXT.format(edge=EDGE if shown.k > MAP_REACH else "")
    body = f'{text}<div class="maps">{cells}</div>{maps.accuracy_key()}'
    st.html(maps.located(body, shown.dx, shown.dy, "section", follows=""))
    offer_to_measure(shown)


def offer_to_measure(shown: ShiftedDigit) -> None:
    """Offer to measure the networks that have not been, and say so where what was measured cannot be read."""
    missing = [each for each in shown.maps if not (shown.measurement(each) and shown.places(each))]
    for each in missing:
        if shown.damage(each):
            st.error(shown.damage(each))
    for each in [each for each in missing if not each.network.folder.is_shipped][:1]:
        near = shown.measurement(each) is not None
        measuring.offer(each.network.folder.path, near, shown.damage(each))


def _map(each: PlaceMap, found: Measurement, shown: ShiftedDigit) -> str:
    dx, dy = (max(-MAP_REACH, min(MAP_REACH, d)) for d in (shown.dx, shown.dy))
    here = percent(float(found.shifts.map[dy + MAP_REACH, dx + MAP_REACH]))
    return (
        f'<figure class="card"><figcaption>{html.escape(each.title)} <b>{here}</b></figcaption>'
        f"{maps.marked(found.picture, MAP_REACH)}</figure>"
    )
