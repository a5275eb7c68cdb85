"""Measured on us: what the networks make of the class's own digits, beside MNIST's."""

import functools
import sys
from collections.abc import Callable

import numpy as np
import streamlit as st

from mnist_model.classroom import exchange
from mnist_model.classroom.digits import Digit
from mnist_model.classroom.errors import NoClass
from mnist_model.classroom.measured import HoldsOut, Measured
from mnist_model.pages.shared import teacher
from mnist_model.pages.shared.mnist import mnist
from mnist_model.pages.shared.teacher import is_teacher, our_digits, seen_by
from mnist_model.render.tables import pictures, share, table

FEW = 24  # pictures of a kind
TESTED = 10_000  # of MNIST's images
FILES = {
    "digits.npz": (exchange.npz, "application/octet-stream"),
    "digits.csv": (exchange.table, "text/csv"),
    "digits.png": (exchange.sheet, "image/png"),
}


@st.fragment
def show() -> None:
    """A press measures what has been written so far, and shows it."""
    st.subheader("Measured on us", anchor=False)
    st.caption("How well do the networks read what we write? Hidden digits do not count.")
    if st.button("Measure our digits", type="primary"):
        st.session_state.measured_until = sys.maxsize
    if "measured_until" not in st.session_state:
        return
    try:
        if digits := looked_at():
            found(digits)
            downloads()
    except NoClass as error:
        st.error(str(error))


def looked_at() -> list[Digit]:
    """What was written until the press, without what is hidden or erased by now: no window keeps a digit."""
    written, lacks = our_digits()
    digits = [each for each in written if each.id <= st.session_state.measured_until]
    if digits:
        st.session_state.measured_until = digits[-1].id
    else:
        del st.session_state.measured_until
    if lacks:
        st.info(lacks)
    return digits


def found(digits: list[Digit]) -> None:
    """What is measured of at least one digit. Raises NoClass."""
    measured = teacher.measured(digits)
    standings = teacher.standings(measured)
    with st.container(key="told"):
        st.html(accuracies(measured) + by_digit(measured))
        st.html(where(measured) + all_misread(measured) + leaders(standings))


def accuracies(measured: Measured) -> str:
    """Each network on the class's digits, with how sure that is, beside MNIST's test images: HTML."""
    rows = [
        [
            each.network,
            *(share(int(right.sum()), len(right)) for right in (each.raw, each.centred)),
            share(round(each.test_accuracy * TESTED), TESTED),
        ]
        for each in measured.counted
    ]
    total = len(measured.digits)
    return table(["", f"our {total} digits as drawn", "the same, centred", "MNIST’s test images"], rows, "shares")


def by_digit(measured: Measured) -> str:
    """How many of each digit each network reads, as drawn: HTML."""
    labels = measured.labels
    rows = [
        [each.network, *(f"{each.raw[labels == digit].sum()} of {(labels == digit).sum()}" for digit in range(10))]
        for each in measured.counted
    ]
    return "<h4>Digit by digit</h4>" + table(["", *map(str, range(10))], rows, "shares")


def where(measured: Measured) -> str:
    """Where on the canvas there is ink, on average, beside MNIST's digits: HTML."""
    ours, theirs = measured.images.mean(0), mean_of_mnist()
    shown = pictures([ours / ours.max(), theirs / theirs.max()], ["where we write", "where MNIST’s digits are"], 160)
    return f"<h4>Where on the canvas</h4>{shown}"


@functools.cache
def mean_of_mnist() -> np.ndarray:
    return mnist().train_images.mean(0) / 255


def all_misread(measured: Measured) -> str:
    """The digits that no network reads: HTML."""
    all_of_them = measured.misread_by_all
    some = all_of_them[:FEW]
    shown = pictures([each.ink for each in some], [f"a {each.label}" for each in some])
    return f"<h4>Misread by all: {len(all_of_them)}</h4>{shown}"


def leaders(standings: list[HoldsOut]) -> str:
    """Whose digit takes the longest nudge: HTML."""
    some = standings[:FEW]
    shown = pictures([each.digit.ink for each in some], [f"{each.name}: {pixels(each.pixels)}" for each in some])
    return f"<h4>The longest nudge that dense stands</h4>{shown}"


def pixels(breaks_at: int | None) -> str:
    return f"breaks at {breaks_at} px" if breaks_at else "never breaks"


def downloads() -> None:
    """The digits to take home: those that there are when a file is asked for."""
    leads = is_teacher()
    with st.container(horizontal=True):
        for name, (made, mime) in FILES.items():
            st.download_button(name, functools.partial(taken_home, made, leads), name, mime, on_click="ignore")


def taken_home(made: Callable[[list[Digit]], bytes], leads: bool) -> bytes:
    """A file of the digits. Raises ClassError where they are gone by now."""
    return made(seen_by(leads))
