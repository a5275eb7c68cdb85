"""Move a digit and watch the answer."""

import json
from pathlib import Path

import numpy as np
import streamlit as st

from mnist_model import dataset, figures, shifting
from mnist_model.pages import shared

REACH = shifting.FURTHEST
CURVE = (
    '<h3 class="title">The same shift for all 10,000 test images</h3><p>How many of them the network gets right when '
    "all are moved by <i>k</i> pixels: the mean of right, left, up and down. The dot is your shift, the larger of |dx| "
    "and |dy|. Guessing would get 10 %.</p>"
)


def digit() -> shared.Digit:
    """The digit that is being moved: one sent by another page, or a test image."""
    if "digit" not in st.session_state:
        use_test_image(0)
    return st.session_state.digit


def use_test_image(index: int) -> None:
    mnist = shared.mnist()
    image = dataset.scale(mnist.test_images[index])
    st.session_state.digit = shared.Digit(image, f"test image {index:,}", int(mnist.test_labels[index]))


def choose() -> None:
    """Let another test image be typed in."""

    def typed() -> None:
        if st.session_state.test_index is not None:
            use_test_image(st.session_state.test_index)

    st.number_input(
        "Another test image (0–9,999)", 0, 9999, None, key="test_index", on_change=typed, placeholder="index", width=260
    )


@st.cache_resource(show_spinner=False, max_entries=500)
def everywhere(folder: str, image: np.ndarray) -> np.ndarray:
    """What the chosen network says at each of the 29×29 offsets, so that a slider only looks it up."""
    return shifting.place_map(shared.network(), image)


def offset() -> tuple[int, int]:
    return st.session_state.setdefault("dx", 0), st.session_state.setdefault("dy", 0)


def controls() -> None:
    for key, meaning in (("dx", "pixels to the right"), ("dy", "pixels down")):
        st.slider(key, -REACH, REACH, key=key, help=meaning, persist_state="session")
    shared.arrows(offset(), REACH)


def pictures(dx: int, dy: int) -> None:
    """The digit as it was and as it is now, and a word where ink has left the frame."""
    image, source, label = digit()
    lost = shifting.ink_lost(image, dx, dy)
    gone = f"{figures.percent(lost, 0)} of the ink has left the frame. No network can see what is gone."
    named = source if label is None else f"{source}, a {label}"
    st.html(
        '<div class="pair">'
        + figures.captioned(figures.picture(image, "the original digit"), named)
        + figures.captioned(
            figures.picture(shifting.shift(image, dx, dy), "the shifted digit"), f"shifted by ({dx}, {dy})"
        )
        + f'</div><div class="lost">{gone if lost >= 0.005 else ""}</div>'
    )


def answers(before: np.ndarray, after: np.ndarray) -> str:
    """The answer after the shift, and the bars before and after: HTML."""
    changed = before.argmax() != after.argmax()
    note = f"it said {before.argmax()} before" if changed else "as before the shift"
    return (
        figures.answer(after, note, changed)
        + '<div class="pair">'
        + figures.captioned(figures.bars(before), "before")
        + figures.captioned(figures.bars(after), "after")
        + "</div>"
    )


def measured(folder: str) -> list[float] | None:
    """Accuracy on the shifted test images, k = 0 to 14, or None where it has not been measured."""
    file = Path(folder) / "shift.json"
    return _read(file) if file.exists() else None


@st.cache_resource(show_spinner=False, max_entries=100)
def _read(file: Path) -> list[float]:
    return json.loads(file.read_text())["accuracy"]


def curve(accuracies: list[float], dx: int, dy: int) -> None:
    """The measured accuracy of the chosen network over the whole test set by shift, with this shift marked."""
    k = max(abs(dx), abs(dy))
    points = [(i, 100 * value) for i, value in enumerate(accuracies)]
    mark = (*points[k], f"{points[k][1]:.1f} % at {k} px")
    chart = figures.lines({"accuracy": points}, "shift k in pixels", "accuracy in %", REACH, (0, 100), mark)
    shared.chart(chart, f"Accuracy by shift; {mark[2]}", 280)


def measure() -> None:
    """Offer to measure a network that has not been, in a process of its own."""
    run, folder = st.session_state.get("measuring"), str(shared.network().folder)
    if shared.under_way("measuring"):
        st.progress(min(1.0, len(run.records) / (REACH + 1)), "Measuring accuracy by shift …")
        return
    st.markdown("This network has not been measured on the shifted test images yet.")
    if run is not None and run.error:
        st.error(f"Measuring failed: {run.error}")
    st.button("Measure it", on_click=shared.start, args=("measuring", "shift", folder))


@st.fragment
def lab() -> None:
    """One grid of few elements: each costs the server a message at every move of a slider."""
    dx, dy = offset()
    folder = str(shared.network().folder)
    said = everywhere(folder, digit().image)
    accuracies = measured(folder)
    with st.container(key="lab"):
        pictures(dx, dy)
        controls()
        choose()
        with st.container(key="shift-answer"):
            st.html(answers(said[REACH, REACH], said[dy + REACH, dx + REACH]) + CURVE)
            if accuracies:
                curve(accuracies, dx, dy)
            else:
                shared.watch("measuring", measure)


shared.header(
    "Shift",
    "The digit stays the same; only its place changes. Every weight of a dense network belongs to one pixel, so a "
    "digit that has moved meets the wrong weights. <b>Try:</b> move it one pixel at a time until the answer turns.",
)
lab()
