"""This browser in its class: whether it is the teacher's, and which of the class's digits it may see."""

import streamlit as st

from mnist_model.classroom import digits, room
from mnist_model.classroom.database import reading
from mnist_model.classroom.digits import Digit
from mnist_model.classroom.errors import ClassError, NoClass, NotNow
from mnist_model.classroom.measured import Counted, HoldsOut, Measured, hold_out, measure
from mnist_model.pages.shared import owner
from mnist_model.pages.shared.queue import is_open

NO_CLASS = "There is no class: only this machine’s own browsers reach this server."
NOBODY = "Nobody has written a digit yet: the teacher asks for them on the Class page."


def is_teacher() -> bool:
    """Whether it has the teacher's secret; where there is no class, whether it is on the server's own machine."""
    if not is_open():
        return owner.is_host()
    try:
        with reading() as connection:
            return room.is_teacher(connection, str(st.context.cookies.get(room.COOKIE)))
    except NoClass as error:
        st.error(str(error))
        return False


def is_in_class() -> bool:
    """Whether there is a class here."""
    return is_open()


def our_digits() -> tuple[list[Digit], str]:
    """The class's digits, oldest first, hidden ones left out; where there are none to see, why, in one sentence."""
    try:
        return seen_by(is_open() and is_teacher()), ""
    except ClassError as error:
        return [], str(error)


def measured(digits: list[Digit]) -> Measured:
    """What every network makes of at least one digit. Raises NoClass."""
    with st.spinner("Asking every network about every digit …"):
        return measure(digits)


def standings(measured: Measured) -> list[HoldsOut]:
    """Whose digit holds out longest, best first."""
    with st.spinner("Moving every digit until its answer breaks …"):
        return hold_out(measured)


def counted() -> list[Counted]:
    """What each shipped network makes of the class's digits; nothing where this browser may see none."""
    digits, _ = our_digits()
    try:
        return measured(digits).counted if digits else []
    except NoClass as error:
        st.error(str(error))
        return []


def is_seen(id: int) -> bool:
    """Whether this browser may see one of the class's digits now: it is neither hidden nor erased."""
    try:
        with reading() as connection:
            room.check_wall(connection, is_teacher())
            return digits.is_shown(connection, id)
    except ClassError:
        return False


def seen_by(leads: bool) -> list[Digit]:
    """The digits that a browser sees now, the teacher's or not: outside a run of a page nobody can ask which it is.

    Raises ClassError where there is no class, its wall is not open yet, or it has none.
    """
    if not is_open():
        raise NoClass(NO_CLASS)
    with reading() as connection:
        room.check_wall(connection, leads)
        found = digits.digits(connection)
    if not found:
        raise NotNow(NOBODY)
    return found
