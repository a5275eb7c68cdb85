"""Measured on us: what the networks make of the class's own digits, beside MNIST's."""

import functools

import numpy as np
import streamlit as st

from mnist_model.classroom import digits as class_digits
from mnist_model.classroom import exchange, room
from mnist_model.classroom.database import reading
from mnist_model.classroom.digits import Digit
from mnist_model.classroom.errors import ClassError, NoClass
from mnist_model.classroom.measured import HoldsOut, Measured, hold_out, measure
from mnist_model.networks.remedies import REMEDIES
from mnist_model.pages.shared.mnist import mnist
from mnist_model.pages.shared.teacher import is_teacher
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
        look()
    digits: list[Digit] | None = st.session_state.get("our_digits")
    if digits == []:
        st.info("Nobody has written a digit yet: the teacher asks for them.")
    elif digits:
        try:
            found(digits)
        except NoClass as error:
            st.error(str(error))
        downloads(digits)


def look() -> None:
    """Keep for this window what has been written so far, once it may be seen."""
    leads = is_teacher()
    try:
        with reading() as connection:
            room.check_wall(connection, leads)
            st.session_state.our_digits = class_digits.digits(connection)
    except ClassError as error:
        st.error(str(error))


def found(digits: list[Digit]) -> None:
    """What is measured of at least one digit."""
    measured, standings = st.session_state.get("measured_on_us", (None, []))
    if measured is None or measured.digits is not digits:
        with st.spinner("Asking every network about every digit …"):
            measured = measure(digits, [each.network for each in REMEDIES if not each.centred])
            standings = hold_out(measured)
        st.session_state.measured_on_us = measured, standings
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


def downloads(digits: list[Digit]) -> None:
    """The digits to take home; a file is made when it is asked for."""
    with st.container(horizontal=True):
        for name, (made, mime) in FILES.items():
            st.download_button(name, functools.partial(made, digits), name, mime, on_click="ignore")
