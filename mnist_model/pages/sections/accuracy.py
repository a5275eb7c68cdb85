"""Accuracy by shift over the whole test set: a line per remedy and a map per network."""

import streamlit as st

from mnist_model import figures, maps, runs
from mnist_model.pages import queue, shared
from mnist_model.pages.sections.scene import Place, Scene
from mnist_model.shifting import FURTHEST, MAP_REACH

TITLE = (
    "All 10,000 test images, shifted",
    "How many each network still gets right: the mean\nof right, left, up and down. Guessing gets 10 %.",
)
TEXT = (
    '<h3 class="title">The same offset for all 10,000 test images</h3><p>How many of them a network gets right at each '
    "offset up to 8 pixels. The ring is your shift, and the figure is for it. {edge}</p>"
)
EDGE = "<b>Your shift lies outside the maps: the rings rest at their edge, and so do the figures.</b>"


def lines(scene: Scene) -> None:
    """Accuracy by shift, a line for each remedy."""
    series = {place.title: each.points for place, each in scene.measured}
    mark = (scene.k, f"{scene.k} px")
    chart = figures.lines(series, "shift k in pixels", "accuracy in %", FURTHEST, (0, 100), mark, TITLE)
    shared.chart(chart, f"Accuracy by shift for each remedy; your shift is {scene.k} px", 400)
    offer_to_measure(scene)


def maps_by_offset(scene: Scene) -> None:
    """Accuracy at each offset, a map for each remedy."""
    cells = "".join(_map(place, each, scene) for place, each in scene.measured)
    text = TEXT.format(edge=EDGE if scene.k > MAP_REACH else "")
    body = f'{text}<div class="maps">{cells}</div>{maps.accuracy_key()}'
    st.html(maps.located(body, scene.dx, scene.dy, "section", follows=""))
    offer_to_measure(scene)


def offer_to_measure(scene: Scene) -> None:
    if len(scene.measured) < len(scene.places):
        queue.watch("shift", measure)


def measure() -> None:
    """Offer to measure a network that has not been, in a process of its own."""
    run, folder = queue.mine("shift"), str(shared.network().folder)
    if queue.under_way(run):
        follow(run)
        return
    st.markdown(f"**{shared.short_title(shared.chosen())}** has not been measured on the shifted test images yet.")
    if run is not None and run.error:
        st.error(f"Measuring failed: {run.error}")
    elif run is not None and run.stopped:
        st.info("You stopped the measurement; nothing was kept.")
    st.button("Measure it", on_click=queue.submit, args=("shift", folder))


def follow(run: runs.Run) -> None:
    """How far a measurement has come, or its place in the queue."""
    if runs.place(run):
        queue.wait(run)
        return
    last = run.records[-1] if run.records else {"offsets": 0, "of": 1}
    done = last.get("offsets", 1) / last.get("of", 1)
    name = shared.short_title(run.arguments[1])
    st.progress(done, f"Moving all 10,000 test images to every offset for {name}: {figures.percent(done, 0)}")
    st.button("Stop", icon=":material/stop:", on_click=runs.stop, args=(run,))


def _map(place: Place, each: shared.Measurement, scene: Scene) -> str:
    dx, dy = (max(-MAP_REACH, min(MAP_REACH, d)) for d in (scene.dx, scene.dy))
    here = figures.percent(float(each.shifts.map[dy + MAP_REACH, dx + MAP_REACH]))
    return (
        f'<figure class="card"><figcaption>{place.title} <b>{here}</b></figcaption>'
        f"{maps.marked(each.picture, MAP_REACH)}</figure>"
    )
