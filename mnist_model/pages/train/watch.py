"""A training as it goes, or as it went: how far it is, Stop, its curves and weights, what it says of a drawing."""

import numpy as np
import streamlit as st

from mnist_model.pages.shared import chosen, drawn, networks, queue
from mnist_model.pages.shared.frontend import script
from mnist_model.pages.shared.layout import chart
from mnist_model.pages.shared.problems import problems_shown
from mnist_model.pages.shared.titles import title
from mnist_model.pages.train import challenge, ended
from mnist_model.pages.train.weights import first_layer, reading
from mnist_model.percent import percent
from mnist_model.render import curves
from mnist_model.render.words import duration
from mnist_model.runs import durations
from mnist_model.runs.jobs import Train
from mnist_model.runs.run import Run, State

NO_WORKER = "Waiting for a worker: it is being started, or ends another run first …"
STARTING = "Starting TensorFlow: it takes a few seconds …"
GETTING_READY = "Getting ready: the network has random weights, and its first steps are being prepared …"
MEASURING = {
    False: "Trained. Measuring it, also on shifted images",
    True: "Trained. Measuring it, and training the same without our digits, to compare",
}
_into_view = st.components.v2.component("nudge_into_view", html="<i></i>", js=script("into_view"), isolate_styles=False)
NO_DRAWING = "Draw a digit on the Draw page: here you will see it read again and again while the network learns."


def into_view() -> None:
    """Scroll here, once for each training of this browser's that is under way, and for each run that is taken over."""
    run = queue.mine(Train)
    begun = [run.key] if run and queue.is_under_way(run) else []
    if "taken_over" in st.session_state:
        begun.append(f"taken over {st.session_state.taken_over}")
    if begun:
        _into_view(data=begun, key="into_view")


def show() -> None:
    """What follows, shown anew several times a second while a training is under way."""
    queue.watch(Train, training)
    if queue.state(queue.mine(Train)) is State.WAITING:
        show_chosen()  # once: thirty who wait would have curves drawn thirty times a second


def training() -> None:
    """This browser's training, as it goes or as it went; before there is one, the chosen network's."""
    run = queue.mine(Train)
    queue.trouble()
    if run is None or ended.is_dismissed(run):
        show_chosen()
        return
    if run.attempts > 1:
        st.info("The process that trained it was lost, so it has begun again.")
    if run.state is State.WAITING:
        wait()
        return
    if run.state is State.RUNNING:
        progress(run)
    else:
        ended.say(run)
        if run.folder:
            challenge.ended(str(run.folder.path))
    if run.history and not run.folder:
        show_curves(run.history, run.job.recipe.epochs, f"Your training of {run.job.network}")
    else:
        show_chosen()
    if run.state is State.RUNNING:
        learning(run)
    wait()


def wait() -> None:
    """Where this browser's trainings that wait are in the queue."""
    for run in queue.all_mine(Train):
        if run.state is State.WAITING:
            queue.wait(run)


def show_chosen() -> None:
    """The training of the chosen network, as it went."""
    network, name = chosen.network(), title(chosen.chosen()).short
    with problems_shown():
        history = networks.history(network.folder)
        show_curves(history, network.report.recipe.epochs, f"The training of {name}, as it went")


def progress(run: Run[Train]) -> None:
    """How far a training has come, how fast it is, how long it will take yet; and Stop."""
    with st.container(horizontal=True, vertical_alignment="center"):
        how_far(run)
        st.button(
            "Stop",
            key=f"stop-{run.key}",
            icon=":material/stop:",
            on_click=queue.queue().stop,
            args=(run,),
            disabled=not run.can_be_stopped,
            help="Ends the training and keeps what it has learned.",
        )


def how_far(run: Run[Train]) -> None:
    """A bar of what is done, with what that is and how long the rest takes."""
    if not run.history:
        st.progress(0.0, STARTING if run.attempts else NO_WORKER)
    elif run.stopping:
        st.progress(1.0, "Stopping: what was learned is being saved …")
    elif run.measured is not None:
        st.progress(run.measured, f"{MEASURING[run.job.ours]}: {percent(run.measured, 0)}")
    else:
        epochs = run.job.recipe.epochs
        st.progress(min(1.0, run.history[-1].epoch / epochs), speed_and_rest(run.history, epochs))


def speed_and_rest(history: curves.History, epochs: int) -> str:
    epoch = min(epochs, int(history[-1].epoch) + 1)
    speed, left = durations.examples_per_second(history), durations.seconds_left(history, epochs)
    if speed is None or left is None:
        return GETTING_READY
    return f"Epoch {epoch} of {epochs} · {speed:,.0f} images a second · {duration(left)} left"


def show_curves(history: curves.History, epochs: int, caption: str) -> None:
    """Loss and accuracy over the epochs, as far as they have come."""
    st.caption(caption)
    for place, quantity in zip(st.columns(2, gap="medium"), curves.QUANTITIES, strict=True):
        with place:
            alt = f"{quantity.capitalize()} over the epochs, {len(history)} points"
            chart(curves.of_one(history, quantity, epochs), alt)


def learning(run: Run[Train]) -> None:
    """The first layer's weights as they are now, and what the network says now of this session's drawing."""
    if run.weights:
        st.html(f'<div class="learning">{first_layer(run.weights)}{drawing_read(run, run.weights)}</div>')


def drawing_read(run: Run[Train], weights: list[np.ndarray]) -> str:
    """What the network says now of this session's drawing: HTML."""
    network = networks.with_weights(run.job.network, weights)
    if network is None:
        return "<div>This network can be asked when its training is done.</div>"
    _, image = drawn.inputs()
    if image is None:
        return f"<div>{NO_DRAWING}</div>"
    return reading(network.probabilities(image), image, "your drawing at 28×28")
