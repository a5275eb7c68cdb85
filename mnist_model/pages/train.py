"""The network, its training, and how well it does."""

import ast
import secrets
import textwrap

import numpy as np
import streamlit as st

from mnist_model import dataset, figures, runs
from mnist_model.pages import shared
from mnist_model.recipes import RECIPES

LAYERS = shared.ROOT / "assets" / "layers"
MOST_SHOWN = 40
STARTING = "Starting TensorFlow: it takes a few seconds …"

KERAS = """import tensorflow as tf

model = tf.keras.models.Sequential([
    tf.keras.layers.Flatten(input_shape=(28, 28)),
    tf.keras.layers.Dense(128, activation="relu"),
    tf.keras.layers.Dense(10, activation="softmax"),
])
model.compile(optimizer="adam",
              loss="sparse_categorical_crossentropy",
              metrics=["accuracy"])
model.fit(train_images / 255, train_labels, epochs=5)
"""

EXPLAINED = {
    ("Flatten", None): ("flatten.svg", "All rows are laid end to end in one long row: every number keeps its place."),
    ("Dense", "relu"): (
        "relu.svg",
        "Each of the units weighs every pixel and adds up; ReLU turns a sum below 0 into 0.",
    ),
    ("Reshape", None): ("reshape.svg", "The same numbers, with a third dimension of 1: convolutions expect channels."),
    ("ZeroPadding2D", None): ("padding.svg", "A margin of paper all round, so that kernels can look beyond the edge."),
    ("Conv2D", "relu"): (
        "conv.svg",
        "A small window of weights slides over the image, the same weights everywhere; each such kernel makes one map "
        "of where its pattern is.",
    ),
    ("MaxPooling2D", None): (
        "maxpool.svg",
        "Of each 2×2 square only the largest value stays: half as wide, half as high, and a little less fussy about "
        "where.",
    ),
    ("GlobalMaxPooling2D", None): (
        "globalpool.svg",
        "Of each whole map only the largest value stays: that the pattern was there, not where.",
    ),
    ("Dense", "softmax"): (
        "softmax.svg",
        "Ten sums, one a digit; softmax makes them probabilities: all above 0, together 1.",
    ),
}
NO_ACTIVATION = "Without an activation two dense layers would only be one: a sum of sums is a sum."


def network() -> None:
    """The chosen network's layers beside the tutorial's lines of Keras."""
    st.subheader("The network, layer by layer", anchor=False)
    left, right = st.columns([5, 6], gap="large")
    with left:
        layers()
    with right:
        own = builder(shared.network().name)
        st.markdown("The network in Keras:" if own else "The tutorial's network in Keras:")
        st.code(own or KERAS, language="python")


@st.cache_data(show_spinner=False)
def builder(name: str) -> str | None:
    """What networks.py returns as a network, as text, or None for the tutorial's."""
    text = (shared.ROOT / "mnist_model" / "networks.py").read_text()  # importing it would bring in TensorFlow
    functions = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    found = [node for node in functions if node.name == name.replace("-", "_") != "dense"]
    return textwrap.dedent(ast.get_source_segment(text, found[0].body[-1], padded=True)) if found else None


def layers() -> None:
    """The chosen network layer by layer."""
    report = shared.network().report
    rows = []
    for layer in report["layers"]:
        file, text = EXPLAINED[layer["kind"], layer["activation"]]
        title = layer["kind"] + (f" with {layer['activation']}" if layer["activation"] else "")
        shape = " × ".join(map(str, layer["output_shape"]))
        rows.append(layer_row(file, f"{title} → {shape}, {layer['parameters']:,} parameters", text))
        if (layer["kind"], layer["activation"]) == ("Dense", "relu"):
            rows.append(layer_row("linear.svg", "Why ReLU?", NO_ACTIVATION))
    st.html(f'<div class="layers">{"".join(rows)}</div>')
    st.markdown(f"**{report['parameters']:,} parameters** are learned in all.")


def layer_row(file: str, title: str, text: str) -> str:
    drawing = figures.drawing((LAYERS / file).read_text(), title)
    return f"<div>{drawing}<div><b>{title}</b><br>{text}</div></div>"


def start() -> None:
    """The network's own recipe, from new random weights each time."""
    shared.start("run", "train", st.session_state.kind, "--seed", str(secrets.randbelow(10_000)))


def epochs(run: runs.Run) -> int:
    return RECIPES[run.arguments[1]].epochs


def training() -> None:
    """The Train and Stop buttons, and the curves: of this session's last run, else of the chosen network."""
    run, running = st.session_state.get("run"), shared.under_way("run")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control(
            "Network to train",
            list(RECIPES),
            default="dense",
            required=True,
            key="kind",
            wrap=True,
            persist_state="session",
        )
        st.button(
            "Train",
            type="primary",
            icon=":material/play_arrow:",
            on_click=start,
            disabled=running,
        )
        st.button("Stop", icon=":material/stop:", on_click=runs.stop, args=(run,), disabled=not running)
    if running:
        progress(run)
    elif run is not None:
        say_how_it_ended(run)
    show_curves(run)


def progress(run: runs.Run) -> None:
    """How far a training has come; TensorFlow's start comes before its first record."""
    if not run.records:
        st.progress(0.0, STARTING)
        return
    last = run.records[-1]
    of = epochs(run)
    done = last.get("epoch", of)
    st.progress(min(1.0, done / of), f"{run.arguments[1]}: epoch {min(of, int(done) + 1)} of {of}")


def say_how_it_ended(run: runs.Run) -> None:
    """One sentence: failed and why, stopped, or where the network is."""
    if run.error:
        st.error(f"Training failed: {run.error}")
    elif run.stopped:
        st.info("You stopped this training; no network was saved.")
    else:
        st.success(
            "Your network is trained and in the sidebar's list: choose it there to draw with it or to shift with it."
        )


def show_curves(run: runs.Run | None) -> None:
    """Loss and accuracy of this session's last run, else of the chosen network, as far as they have come."""
    own = [record for record in run.records if "loss" in record] if run else []
    history = own or runs.history(shared.network().folder)
    last = epochs(run) if own else shared.network().report["recipe"]["epochs"]
    st.caption(
        f"Your last training: {run.arguments[1]}" if own else f"The training of {shared.network().name}, as it went"
    )
    for place, quantity in zip(st.columns(2, gap="medium"), ("loss", "accuracy"), strict=True):
        with place:
            chart = figures.lines(figures.curves(history, quantity), "epoch", quantity, last)
            shared.chart(chart, f"{quantity.capitalize()} over the epochs, {len(history)} points")
    if run is None or run.ended.is_set():
        st.download_button(
            "Curves as PNG",
            lambda: figures.curves_png(history),
            "curves.png",
            "image/png",
            icon=":material/download:",
            on_click="ignore",
        )


def result() -> None:
    """The chosen network's two accuracies and its confusion matrix."""
    report = shared.network().report
    left, right = st.columns([2, 4], gap="large")
    with left:
        st.subheader(f"How well {shared.network().name} does", anchor=False)
        a, b = st.columns(2)
        a.metric("training images", figures.percent(report["train_accuracy"]))
        b.metric("test images", figures.percent(report["test_accuracy"]))
        st.markdown(
            f"The network has seen every training image {report['recipe']['epochs']} times and has partly learned "
            "them by heart. The test images are new to it: the second figure is the honest one."
        )
    with right:
        st.subheader("What it mixes up", anchor=False)
        st.fragment(confusions)(np.array(report["confusion_matrix"]))


def confusions(matrix: np.ndarray) -> None:
    """The confusion matrix, and the test images behind the number that was picked."""
    st.markdown("The 10,000 test images. Select a number to see those images.")
    chosen = st.session_state.get("confused", "4,9")
    picked = shared.pick(figures.confusion(matrix, chosen), "confusion")
    if picked is not None:
        st.session_state.confused = picked
        st.rerun(scope="fragment")
    true, predicted = map(int, chosen.split(","))
    predictions = shared.probabilities("test").argmax(1)
    found = np.flatnonzero((shared.mnist().test_labels == true) & (predictions == predicted))
    with st.container(key="picked"):
        show_images(true, predicted, found)


def show_images(true: int, predicted: int, found: np.ndarray) -> None:
    shown = found[:MOST_SHOWN]
    only = f", the first {MOST_SHOWN} of them" if len(found) > MOST_SHOWN else ""
    count = f"**{len(found)}** {'image' if len(found) == 1 else 'images'}"
    st.markdown(f"{count} of a **{true}** read as **{predicted}**{only}. Select one to see its numbers.")
    indices = [str(index) for index in shown]
    picked = shared.pick(
        figures.gallery(dataset.scale(shared.mnist().test_images[shown]), indices, indices), "confused_images"
    )
    if picked is not None:
        shared.show_test_image(int(picked))


shared.header(
    "Train",
    "A network starts with random weights and is shown 60,000 images several times over; after every few dozen it "
    "changes each weight a little. <b>Try:</b> press Train and watch the first seconds of the curves.",
)
shared.watch("run", training)
result()
network()
