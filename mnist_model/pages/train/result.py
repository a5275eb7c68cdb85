"""How well the chosen network does, and what it mixes up."""

import numpy as np
import streamlit as st

from mnist_model.pages.shared import measuring
from mnist_model.pages.shared.chosen import network, probabilities
from mnist_model.pages.shared.digit import show_test_image
from mnist_model.pages.shared.mnist import inputs, mnist
from mnist_model.pages.shared.networks import damage, places
from mnist_model.pages.shared.pick import pick
from mnist_model.pages.train import downloads
from mnist_model.percent import percent
from mnist_model.render import tables, words

MOST_SHOWN = 40
OURS = (
    "In the place of every tenth image that it learned from stood a digit of half of the class. Here are the {} digits "
    "of the other half: nobody is in both. In brackets: between what the true share is likely to be (95 %), as so few "
    "say no more."
)


def show() -> None:
    """The chosen network's two accuracies and its confusion matrix."""
    report = network().report
    found = report.evaluation
    if found is None:
        st.caption("This network was stopped and has not been measured yet.")
        return
    left, right = st.columns([2, 4], gap="large")
    with left:
        st.subheader(f"How well {report.network} does", anchor=False)
        a, b = st.columns(2)
        a.metric("training images", percent(found.train_accuracy))
        b.metric("test images", percent(found.test_accuracy))
        with st.container(key="told_learned"):
            st.markdown(words.learned_from(report, found))
        within_3_px()
        with st.container(horizontal=True):
            downloads.report(network(), "chosen")
    with right:
        st.subheader("What it mixes up", anchor=False)
        st.fragment(confusions)(np.array(found.confusion_matrix))


def within_3_px() -> None:
    """What was measured of the chosen network within 3 pixels, or why not and an offer to measure it."""
    found, why_not = places(network().folder.path), damage(network())
    if found:
        with st.container(key="told_places"):
            st.markdown(" ".join(words.places(found)))
        return
    if why_not:
        st.error(why_not)
    if not network().folder.is_shipped:
        measuring.offer(network().folder.path, near=True, damage=why_not)


def ours() -> None:
    """What a class's digits did to the chosen network, if it has learned from any."""
    found = network().report.ours
    if found is None:
        return
    st.subheader("Trained on us", anchor=False)
    st.caption(OURS.format(found.tested))
    rows = [[f"{learned or 'none'}", tables.share(right, found.tested), f"{right}"] for learned, right in found.right]
    with st.container(key="told_ours"):
        st.html(tables.table(["of our digits learned from", "of the others’ read", "digits"], rows, "shares"))
    if len(found.right) == 1:
        st.caption("It was stopped, so the same without our digits was not trained.")


def confusions(matrix: np.ndarray) -> None:
    """The confusion matrix, and the test images behind the number that was picked."""
    st.markdown("The 10,000 test images. Select a number to see those images.")
    chosen = st.session_state.get("confused", "4,9")
    picked = pick(tables.confusion(matrix, chosen), "confusion")
    if picked is not None:
        st.session_state.confused = picked
        st.rerun(scope="fragment")
    true, predicted = map(int, chosen.split(","))
    predictions = probabilities("test").argmax(1)
    found = np.flatnonzero((mnist().test_labels == true) & (predictions == predicted))
    with st.container(key="picked"):
        show_images(true, predicted, found)


def show_images(true: int, predicted: int, found: np.ndarray) -> None:
    """The test images, by index (n,), of one digit that were read as another; one can be selected."""
    shown = found[:MOST_SHOWN]
    only = f", the first {MOST_SHOWN} of them" if len(found) > MOST_SHOWN else ""
    count = words.counted(len(found), "image").replace(" ", "** ", 1)
    st.markdown(f"**{count} of a **{true}** read as **{predicted}**{only}. Select one to see its numbers.")
    indices = [str(index) for index in shown]
    picked = pick(tables.gallery(inputs("test", shown), indices, indices), "confused_images")
    if picked is not None:
        show_test_image(int(picked))
