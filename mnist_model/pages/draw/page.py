"""Draw a digit, see the 28×28 numbers a network receives, and its answer."""

import streamlit as st

from mnist_model.pages.draw import link, live
from mnist_model.pages.draw.answer import answer
from mnist_model.pages.draw.canvas import brush, canvas
from mnist_model.pages.draw.received import as_picture, position, preparation
from mnist_model.pages.shared import drawn, links
from mnist_model.pages.shared.digit import drawing, nudge
from mnist_model.pages.shared.layout import header


@st.fragment
def lab() -> None:
    """Canvas, answer and 28×28 picture; a stroke reruns this and nothing else."""
    raw, image = drawn.inputs()
    bench = st.container(key="bench")
    paper, answers = bench.container(key="paper"), bench.container(key="answers")
    with answers:  # it goes out before everything that can wait
        answer(image)
    with paper:
        canvas()
        with st.container(horizontal=True, vertical_alignment="bottom", key="tip"):
            brush()
            nudge(drawing(image))
    with answers:
        address = link.address(raw)
        live.answer(drawn.is_centred(), address)
    with bench.container(key="numbers"):
        preparation()
        position(raw, drawn.is_centred())
        as_picture(image, address)


links.read(link.LINK)
header(
    "Draw",
    "Your drawing shrinks to 28×28 numbers, and those are all the network gets. "
    "<b>Try:</b> a big digit in the middle, then the same digit small, in a corner.",
)
lab()
live.networks()
