"""Trained on us: half of the class's digits mixed into a training, where a class has enough that may be seen."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from mnist_model.classroom.exchange import halves, npz
from mnist_model.pages.shared.teacher import is_teacher, our_digits, seen_by

ENOUGH_DIGITS = 10  # digits of each half
HELP = (
    "Half of the class’s digits (by browser, so that nobody is in both halves) takes the place of every tenth image. "
    "Then the same is trained with fewer of them and with none, and the other half’s digits are read by each."
)
AGAIN = " With our digits it is trained at least twice, to compare."


def offer(**keep: Any) -> None:
    """A box to tick, where there are enough digits."""
    learned, others = halves(our_digits()[0])
    st.session_state.ours_offered = min(len(learned), len(others)) >= ENOUGH_DIGITS
    if st.session_state.ours_offered:
        st.checkbox(f"Our {len(learned)} digits", key="with_ours", help=HELP, **keep)


def are_in() -> bool:
    """Whether the class's digits are to be mixed in."""
    return bool(st.session_state.get("ours_offered") and st.session_state.get("with_ours"))


def digits() -> Callable[[], bytes] | None:
    """What has both halves for a worker, as they are when the training begins; None where they are not to be in."""
    return partial(packed, is_teacher()) if are_in() else None


def packed(leads: bool) -> bytes:
    """Both halves as a file. Raises ClassError where they may not be seen, or are gone by now."""
    return npz(seen_by(leads))
