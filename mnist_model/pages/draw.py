"""Draw a digit, see the 28×28 numbers a network receives, and its answer."""

import numpy as np
import streamlit as st
from streamlit_drawable_canvas import st_canvas

from mnist_model import doubt, drawing, figures
from mnist_model.pages import live, photo, shared, sketch

EMPTY = '<div class="answer empty">Draw a digit from 0 to 9, with the mouse or a finger, or read a photo of one.</div>'


def received() -> None:
    """Keep what the canvas has just sent."""
    sent = st.session_state.canvas["drawing"]
    count = len(sent["raw"]["objects"])
    drawn = sketch.state()
    drawn["objects"] = sent["raw"]["objects"]
    drawn["strokes"] = drawn["strokes"][: max(0, count - 1)] + [sent["data"]] * bool(count)


def rewind(keep: slice) -> None:
    """Undo and Clear: keep some of the strokes and tell the canvas so."""
    drawn = sketch.state()
    drawn["objects"], drawn["strokes"] = drawn["objects"][keep], drawn["strokes"][keep]
    sketch.show_again()


def canvas() -> None:
    """The canvas with its tools; entering the page shows again what was drawn before."""
    width = st.session_state.get("brush", 20)
    if "canvas" not in st.session_state:  # the page was just entered
        sketch.show_again()
    st_canvas(
        stroke_width=width,
        stroke_color="#fff",
        background_color="#000",
        height=sketch.SIDE,
        width=sketch.SIDE,
        initial_drawing=st.session_state.shown,
        return_image_data=True,
        on_change=received,
        key="canvas",
    )
    empty = not sketch.state()["strokes"]
    with st.container(horizontal=True, gap="small", key="tools"):
        st.button("Undo", icon=":material/undo:", on_click=rewind, args=(slice(-1),), disabled=empty)
        st.button("Clear", icon=":material/delete:", on_click=rewind, args=(slice(0),), disabled=empty)
        photo.uploader()
    st.slider(
        "Brush",
        8,
        36,
        20,
        2,
        key="brush",
        format="brush %d px",
        label_visibility="collapsed",
        persist_state="session",
    )


def answer(image: np.ndarray | None) -> int | None:
    """Show the network's answer, which is the digit returned; without ink, ask for a digit."""
    with st.container(key="answer"):
        if image is None:
            st.html(EMPTY)
            return None
        probabilities = shared.network().probabilities(image)[0]
        also_said = shared.load(shared.beside()).probabilities(image)[0]
        remark = doubt.remark(shared.chosen(), probabilities, shared.beside(), also_said)
        said = figures.answer(probabilities, f"ink {image.sum():.1f}") + figures.remark(remark)
        st.html(said + figures.bars(probabilities))
        return int(probabilities.argmax())


def what_it_receives(image: np.ndarray | None) -> None:
    """The 28×28 picture and what can be done with it; a dim blank one before the first stroke."""
    shown = np.zeros((drawing.SIZE, drawing.SIZE), np.float32) if image is None else image
    st.segmented_control(
        "What the network receives",
        ["Picture", "0–255", "0–1"],
        default="Picture",
        required=True,
        key="view",
        help="0–255 and 0–1 show the numbers themselves, below; ink is the sum of the numbers from 0 to 1",
        persist_state="session",
    )
    blank = ' class="blank"' if image is None else ""
    st.html(f"<div{blank}>{figures.picture(shown, 'Your digit at 28×28', sketch.SIDE)}</div>")
    with st.container(horizontal=True):
        shared.nudge(shown, "your drawing", disabled=image is None)
        st.download_button(
            "PNG",
            figures.png(shown),
            "digit.png",
            "image/png",
            icon=":material/download:",
            on_click="ignore",
            disabled=image is None,
        )


def preparation() -> None:
    """The raw / centred switch."""
    st.segmented_control(
        "Preparation",
        ["raw", "centred"],
        default="raw",
        required=True,
        key="preparation",
        help="centred: scaled to 20×20 and placed by its centre of mass, as MNIST's digits were",
        persist_state="session",
    )


def position(raw: np.ndarray, digit: int, centred: bool) -> str:
    """Where the digit was drawn, as a sentence."""
    dx, dy = (round(d) for d in drawing.off_centre(raw))
    vertical = f"{abs(dy)} px {'low' if dy > 0 else 'high'}" if dy else ""
    horizontal = f"{abs(dx)} px {'right' if dx > 0 else 'left'}" if dx else ""
    where = " and ".join(filter(None, [vertical, horizontal])) or "in the middle"
    return f"Your digit was {where}; now it is in the middle." if centred else f"Your digit sits {where}."


@st.fragment
def lab() -> None:
    """Canvas, answer and 28×28 picture; a stroke reruns this and nothing else."""
    row = st.container(horizontal=True, gap="medium", key="bench")
    left, middle, right = (row.container(width=width) for width in [sketch.SIDE] * 3)
    with left:
        canvas()
    raw, image = sketch.inputs()
    with middle, st.container(key="answers"):  # the answer goes out before everything that can wait
        digit = answer(image)
        live.answer(sketch.is_centred())
    with right:
        preparation()
        where = "Nothing drawn yet." if digit is None else position(raw, digit, sketch.is_centred())
        st.html(f'<div class="position{" none" * (digit is None)}">{where}</div>')
        what_it_receives(image)
    if image is not None and st.session_state.view != "Picture":
        st.html(figures.numbers(image, divided=st.session_state.view == "0–1"))


shared.header(
    "Draw",
    "Your drawing shrinks to 28×28 numbers, and those are all the network gets. "
    "<b>Try:</b> a big digit in the middle, then the same digit small, in a corner.",
)
lab()
live.networks()
