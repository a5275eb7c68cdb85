"""Whether this browser is the teacher's."""

import streamlit as st

from mnist_model.classroom import room
from mnist_model.classroom.database import reading
from mnist_model.classroom.errors import NoClass
from mnist_model.pages.shared import owner
from mnist_model.pages.shared.queue import is_open


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
