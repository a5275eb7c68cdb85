"""Train: how well the chosen network does, and what it mixes up."""

import numpy as np
import streamlit as st

from mnist_model import dataset, figures
from mnist_model.pages import shared

MOST_SHOWN = 40


def show() -> None:
    """The chosen network's two accuracies and its confusion matrix."""
    report = shared.network().report
    if report["test_accuracy"] is None:
        st.caption("This network was stopped and has not been measured yet.")
        return
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
    """The test images, by index (n,), of one digit that were read as another; one can be selected."""
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
