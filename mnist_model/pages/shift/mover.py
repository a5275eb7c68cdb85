"""The digit before and after, and what moves it: sliders, arrow keys, buttons, dragging (frontend/move.js)."""

import html

import streamlit as st

from mnist_model.images import shifting
from mnist_model.pages.shared.digit import from_mnist, take
from mnist_model.pages.shared.frontend import script, sent
from mnist_model.pages.shift.shifted_digit import REACH, ShiftedDigit
from mnist_model.percent import percent
from mnist_model.render.answers import bars
from mnist_model.render.pictures import captioned, picture

GRAB = (
    '<div class="grab" tabindex="0" role="application" aria-label="The digit: drag it, or use the arrow keys">{}</div>'
)
_move = st.components.v2.component(
    "nudge_move",
    html="""<div class="arrows" role="group" aria-label="Move by one pixel">
        <button data-key="ArrowLeft" aria-label="left">←</button>
        <button data-key="ArrowRight" aria-label="right">→</button>
        <button data-key="ArrowUp" aria-label="up">↑</button>
        <button data-key="ArrowDown" aria-label="down">↓</button>
        <button>Middle</button></div><p class="spoken" role="status" aria-live="polite"></p>""",
    js=script("show", "address", "follow", "move"),
    isolate_styles=False,
)


def pictures(shown: ShiftedDigit) -> None:
    """The digit before and after, a word where ink has left, and (placed below the sliders) the bars."""
    chosen = shown.chosen
    gone = f"{html.escape(percent(shown.lost, 0))} of the ink has left the frame. No network can see what is gone."
    moved = GRAB.format(picture(shown.moved, "the shifted digit"))
    st.html(
        '<div class="pair">'
        + captioned(shown.everywhere.picture, shown.digit.source, shown.digit.label)
        + captioned(moved, f"shifted by ({shown.dx}, {shown.dy})")
        + f'</div><div class="lost">{gone if shown.lost >= shifting.LOST else ""}</div><div class="pair below">'
        + captioned(bars(chosen.before), f"{chosen.title} before")
        + captioned(bars(shown.after(chosen)), "after")
        + "</div>"
    )


def controls(shown: ShiftedDigit) -> None:
    """Sliders; arrow buttons, arrow keys and the cells of place maps move them.

    The page follows before the server answers: see frontend/follow.js.
    """

    def moved() -> None:
        match sent("move", "offset"):
            case {"dx": int(dx), "dy": int(dy), "presses": int(presses)} if max(abs(dx), abs(dy)) <= REACH:
                st.session_state.update(dx=dx, dy=dy, presses=presses)

    for key, meaning in (("dx", "pixels to the right"), ("dy", "pixels down")):
        st.slider(key, -REACH, REACH, key=key, help=meaning, persist_state="session")
    _move(data=shown.to_follow, key="move", on_offset_change=moved)


def another_image() -> None:
    """Let another test image be typed in."""

    def typed() -> None:
        if st.session_state.test_index is not None:
            take(from_mnist("test", st.session_state.test_index))

    label = "Another test image (0–9,999)"
    st.number_input(label, 0, 9999, None, key="test_index", on_change=typed, placeholder="index", width=260)
