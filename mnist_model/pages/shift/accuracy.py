"""Accuracy by shift over the whole test set: a line per remedy and a map per network."""

import html

import streamlit as st

from mnist_model.images.shifting import FURTHEST, MAP_REACH
from mnist_model.pages.shared import queue
from mnist_model.pages.shared.layout import chart
from mnist_model.pages.shared.titles import title
from mnist_model.pages.shift.shifted_digit import Measurement, PlaceMap, ShiftedDigit
from mnist_model.percent import percent
from mnist_model.render import charts, maps
from mnist_model.runs.messages import MeasureShifts
from mnist_model.runs.queue import Run, State

TITLE = (
    "All 10,000 test images, shifted",
    "How many each network still gets right: the mean\nof right, left, up and down. Guessing gets 10 %.",
)
TEXT = (
    '<h3 class="title">The same offset for all 10,000 test images</h3><p>How many of them a network gets right at each '
    "offset up to 8 pixels. The ring is your shift, and the figure is for it. {edge}</p>"
)
EDGE = "<b>Your shift lies outside the maps: the rings rest at their edge, and so do the figures.</b>"


def lines(shown: ShiftedDigit) -> None:
    """Accuracy by shift, a line for each remedy."""
    series = {each.title: found.points for each, found in shown.measured}
    mark = (shown.k, f"{shown.k} px")
    option = charts.lines(series, "shift k in pixels", "accuracy in %", FURTHEST, (0, 100), mark, TITLE)
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
    missing = [each for each in shown.maps if not shown.measurement(each)]
    for each in missing:
        if shown.damage(each):
            st.error(shown.damage(each))
    runs = [each for each in missing if not each.network.folder.is_shipped]
    if runs:
        queue.watch(MeasureShifts, lambda: measure(runs[0], shown))


def measure(each: PlaceMap, shown: ShiftedDigit) -> None:
    """Offer to measure a network that has not been, in a process of its own."""
    run = queue.mine(MeasureShifts)
    if run and queue.is_under_way(run):
        follow(run)
        return
    if not shown.damage(each):
        st.markdown(f"**{each.title}** has not been measured on the shifted test images yet.")
    if run and run.state is State.FAILED:
        st.error(f"Measuring failed: {run.error}")
    elif run and run.state is State.STOPPED:
        st.info("You stopped the measurement; nothing was kept.")
    elif run and run.state is State.DISMISSED:
        st.info("Whoever started this server stopped the measurement; nothing was kept.")
    st.button("Measure it", on_click=queue.submit, args=(MeasureShifts(each.network.folder.path),))


def follow(run: Run[MeasureShifts]) -> None:
    """How far a measurement has come, or its place in the queue."""
    if run.state is State.WAITING:
        queue.trouble()
        queue.wait(run)
        return
    done, name = run.measured or 0.0, title(str(run.job.folder)).short
    st.progress(done, f"Moving all 10,000 test images to every offset for {name}: {percent(done, 0)}")
    st.button("Stop", icon=":material/stop:", on_click=queue.queue().stop, args=(run,))


def _map(each: PlaceMap, found: Measurement, shown: ShiftedDigit) -> str:
    dx, dy = (max(-MAP_REACH, min(MAP_REACH, d)) for d in (shown.dx, shown.dy))
    here = percent(float(found.shifts.map[dy + MAP_REACH, dx + MAP_REACH]))
    return (
        f'<figure class="card"><figcaption>{html.escape(each.title)} <b>{here}</b></figcaption>'
        f"{maps.marked(found.picture, MAP_REACH)}</figure>"
    )
