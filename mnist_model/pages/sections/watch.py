"""Train: a training as it goes, or as it went: how far it is, its curves and weights, what it says of a drawing."""

import numpy as np
import streamlit as st

from mnist_model import checkpoints, estimates, figures, folders, inside, lite, maps, runs
from mnist_model.pages import queue, shared, sketch

UNITS = 12
POINTS = 300  # of a curve, at most: more are not seen
STARTING = "Starting TensorFlow: it takes a few seconds …"
NO_DRAWING = "Draw a digit on the Draw page: here you will see it read again and again while the network learns."


def show() -> None:
    """This browser's training, as it goes or as it went; before there is one, the chosen network's."""
    run = queue.mine("train")
    state = queue.state(run)
    if state == "none":
        network, name = shared.network(), shared.short_title(shared.chosen())
        last = network.report["recipe"]["epochs"]
        curves(folders.history(network.folder), last, f"The training of {name}, as it went")
        return
    {"waiting": queue.wait, "running": progress, "ended": say_how_it_ended}[state](run)
    curves(run.history, epochs(run), f"Your training of {run.arguments[1]}")
    if state == "running":
        learning(run)


def epochs(run: runs.Run) -> int:
    return int(next(each for each in run.arguments if each.startswith("--epochs=")).split("=")[1])


def progress(run: runs.Run) -> None:
    """How far a training has come, how fast it is, and how long it will take yet."""
    if not run.history:
        st.progress(0.0, STARTING)
        return
    last, of = run.records[-1], epochs(run)
    if run.stopped:
        st.progress(1.0, "Stopping: what was learned is being saved …")
    elif run.is_trained:
        done = last.get("measured", 1.0)
        st.progress(done, f"Trained. Measuring it, also on shifted images: {figures.percent(done, 0)}")
    else:
        st.progress(min(1.0, run.history[-1]["epoch"] / of), how_far(run.history, of))


def how_far(history: list[dict], epochs: int) -> str:
    epoch = min(epochs, int(history[-1]["epoch"]) + 1)
    speed, left = estimates.examples_per_second(history), estimates.seconds_left(history, epochs)
    if speed is None:
        return "Getting ready: the network has random weights, and its first steps are being prepared …"
    return f"Epoch {epoch} of {epochs} · {speed:,.0f} images a second · {figures.duration(left)} left"


def say_how_it_ended(run: runs.Run) -> None:
    """One sentence: failed and why, stopped and what was kept, or where the network is."""
    name = f"Your training of {run.arguments[1]}"
    if run.error:
        st.error(f"{name} failed: {run.error}")
    elif run.lost:
        kept = "what it had learned is kept." if run.folder else "it had learned nothing yet."
        st.info(f"{name} was ended because your browser was gone for more than a minute; {kept}")
    elif run.stopped and run.folder:
        st.info(f"You stopped it after {run.history[-1]['epoch']:.2f} epochs; what it had learned is kept.")
    elif run.stopped and run.process is None:
        st.info("You left the queue.")
    elif run.stopped:
        st.info("You stopped it before it had learned anything; nothing was kept.")
    else:
        st.success(f"{name} is done. It is in the list below, and in the sidebar's for every page.")


def curves(history: list[dict], last: int, caption: str) -> None:
    """Loss and accuracy over the epochs, as far as they have come."""
    st.caption(caption)
    thinned = figures.thinned(history, POINTS)
    for place, quantity in zip(st.columns(2, gap="medium"), ("loss", "accuracy"), strict=True):
        with place:
            view = figures.in_view(history, quantity)
            chart = figures.lines(figures.curves(thinned, quantity), "epoch", quantity, last, view)
            shared.chart(chart, f"{quantity.capitalize()} over the epochs, {len(history)} points")


def learning(run: runs.Run) -> None:
    """The first layer's weights as they are now, and what the network says now of this session's drawing."""
    weights = checkpoints.read(folders.partial(run.target), checkpoints.NOW)
    if weights is not None:
        st.html(f'<div class="learning">{first_layer(weights)}{drawing_read(run, weights)}</div>')


def first_layer(weights: list[np.ndarray]) -> str:
    """The weights of the first hidden units or kernels, as pictures: HTML."""
    units = inside.first_weights(weights, UNITS)
    pictures = (
        figures.picture(maps.signed(unit, float(np.abs(unit).max())), f"the weights of unit {number}")
        for number, unit in enumerate(units)
    )
    kind = "hidden units" if units.shape[1] == units.shape[2] == inside.SIZE else "kernels"
    return (
        f"<div><b>The first {len(units)} {kind}</b>: <b class=gained>blue</b> weights add the ink they meet, "
        f'<b class=lost>red</b> ones subtract it.<div class="units">{"".join(pictures)}</div></div>'
    )


def drawing_read(run: runs.Run, weights: list[np.ndarray]) -> str:
    """What the network says now of this session's drawing: HTML."""
    _, image = sketch.inputs()
    if image is None:
        return f"<div>{NO_DRAWING}</div>"
    try:
        probabilities = shared.load(run.arguments[1]).with_weights(weights).probabilities(image)[0]
    except lite.OtherLayers:  # networks.py was changed: its layers are not the shipped network's
        return "<div>This network can be asked when its training is done.</div>"
    picture = figures.picture(image, "your drawing at 28×28", 84)
    return f'<div class="reading">{picture}<div>{figures.bars(probabilities)}</div></div>'
