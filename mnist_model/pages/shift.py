"""Move a digit and watch the answer."""

import json

import numpy as np
import streamlit as st

from mnist_model import dataset, figures, runs, shifting
from mnist_model.pages import shared

REACH = shifting.FURTHEST
ARROWS = {
    "left": ("←", (-1, 0)),
    "right": ("→", (1, 0)),
    "up": ("↑", (0, -1)),
    "down": ("↓", (0, 1)),
}

_arrow_keys = st.components.v2.component("nudge_arrow_keys", js=(shared.FRONTEND / "arrows.js").read_text())


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
    """Say which digit this is, and let another test image be typed in."""

    def typed() -> None:
        if st.session_state.test_index is not None:
            use_test_image(st.session_state.test_index)

    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.number_input(
            "Another test image (0–9,999)",
            0,
            9999,
            None,
            key="test_index",
            on_change=typed,
            placeholder="index",
            width=220,
        )
        known = f", a {digit().label}" if digit().label is not None else ""
        st.markdown(f"This is **{digit().source}**{known}", width="content")


@st.cache_data(show_spinner=False, max_entries=500)
def everywhere(folder: str, image: np.ndarray) -> np.ndarray:
    """What the chosen network says at each of the 29×29 offsets, so that a slider only looks it up."""
    return shifting.place_map(shared.network(), image)


def move(dx: int, dy: int) -> None:
    for key, step in (("dx", dx), ("dy", dy)):
        st.session_state[key] = int(np.clip(st.session_state[key] + step, -REACH, REACH))


def controls() -> tuple[int, int]:
    for key, meaning in (("dx", "pixels to the right"), ("dy", "pixels down")):
        st.session_state.setdefault(key, 0)
        st.slider(key, -REACH, REACH, key=key, help=meaning, persist_state="session")
    with st.container(horizontal=True, gap="xsmall"):
        for key, (label, step) in ARROWS.items():
            st.button(label, key=key, help=f"one pixel {key}: the arrow key does it too", on_click=move, args=step)
        st.button("Middle", on_click=lambda: st.session_state.update(dx=0, dy=0))
    _arrow_keys(key="arrow_keys")
    return st.session_state.dx, st.session_state.dy


def pictures(image: np.ndarray, dx: int, dy: int) -> None:
    lost = shifting.ink_lost(image, dx, dy)
    gone = f'<div class="lost">{lost:.0%} of the ink has left the frame. No network can see what is gone.</div>'
    st.html(
        f'<div class="pair"><figure>{figures.picture(image, "the original digit")}<figcaption>original</figcaption>'
        f"</figure><figure>{figures.picture(shifting.shift(image, dx, dy), 'the shifted digit')}"
        f"<figcaption>shifted by ({dx}, {dy})</figcaption></figure></div>{gone if lost >= 0.005 else ''}"
    )


def answers(before: np.ndarray, after: np.ndarray) -> None:
    changed = before.argmax() != after.argmax()
    note = f"it said {before.argmax()} before" if changed else "as before the shift"
    with st.container(key="shift-answer"):
        st.html(figures.answer(after, note, changed))
    st.html(
        f'<div class="pair"><figure>{figures.bars(before)}<figcaption>before</figcaption></figure>'
        f"<figure>{figures.bars(after)}<figcaption>after</figcaption></figure></div>"
    )


def curve(dx: int, dy: int) -> None:
    """The measured accuracy of the chosen network over the whole test set by shift, with this shift marked."""
    folder = shared.network().folder
    st.subheader("The same shift for all 10,000 test images", anchor=False)
    try:
        accuracies = json.loads((folder / "shift.json").read_text())["accuracy"]
    except FileNotFoundError:
        measure(str(folder))
        return
    k = max(abs(dx), abs(dy))
    points = [(i, 100 * value) for i, value in enumerate(accuracies)]
    mark = (*points[k], f"{points[k][1]:.1f} % at {k} px")
    st.markdown(
        "How many of them the network gets right when all are moved by *k* pixels: the mean of right, left, up and "
        "down. The dot is your shift, the larger of |dx| and |dy|. Guessing would get 10 %."
    )
    chart = figures.lines({"accuracy": points}, "shift k in pixels", "accuracy in %", REACH, (0, 100), mark)
    shared.chart(chart, f"Accuracy by shift; {mark[2]}", 280)


def measure(folder: str) -> None:
    """Offer to measure a network of this session, in a process of its own."""
    run = st.session_state.get("measuring")
    if run is None or run.ended.is_set():
        st.markdown("This network has not been measured on shifted images yet.")
        if st.button("Measure it", disabled=runs.busy()):
            st.session_state.measuring = runs.start("shift", folder)
            st.rerun()
    else:
        done = len(run.records) / (REACH + 1)
        st.progress(min(1.0, done), "Measuring accuracy by shift …")


@st.fragment
def lab() -> None:
    image = digit().image
    said = everywhere(str(shared.network().folder), image)
    left, right = st.columns([1, 1], gap="medium")
    with left:
        stage = st.container()
        dx, dy = controls()
        choose()
        with stage:
            pictures(image, dx, dy)
    with right:
        answers(said[REACH, REACH], said[dy + REACH, dx + REACH])
        curve(dx, dy)


shared.header(
    "Shift",
    "The digit stays the same; only its place changes. Every weight of a dense network belongs to one pixel, so a "
    "digit that has moved meets the wrong weights. **Try:** move it one pixel at a time until the answer turns.",
)
lab()
