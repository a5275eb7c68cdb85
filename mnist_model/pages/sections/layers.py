"""Train: the chosen network layer by layer, beside its lines of Keras."""

import ast
import textwrap

import streamlit as st

from mnist_model import figures
from mnist_model.pages import shared

LAYERS = shared.ROOT / "assets" / "layers"

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


def show() -> None:
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
