"""What a class is doing: its lesson's step, whether all follow it, and what the projector shows."""

import enum
import hmac
from typing import NamedTuple

from sqlalchemy import Connection, delete, select, update

from mnist_model.classroom.errors import NotAllowed
from mnist_model.classroom.tables import DIGITS, PEOPLE, ROOM, ROUNDS, SILENCED, VOTES

COOKIE = "nudge_teacher"  # holds the secret, where a browser is the teacher's


class Mode(enum.StrEnum):
    """What the pupils' screens do."""

    FREE = "free"  # what each likes
    FOLLOW = "follow"  # the teacher's step
    EYES_UP = "eyes up"  # one line covers them


class Room(NamedTuple):
    """A class at a moment. `question` is the name under which votes on its step are kept."""

    version: int
    lesson: str
    step: int
    mode: Mode
    collects: bool
    gate_open: bool

    @property
    def question(self) -> str:
        return f"{self.lesson}/{self.step}"


def room(connection: Connection) -> Room:
    """What the class is doing now."""
    columns = (ROOM.c[name] for name in Room._fields)
    found = Room(*connection.execute(select(*columns)).one())
    return found._replace(mode=Mode(found.mode))


def secret(connection: Connection) -> str:
    """What makes a browser the teacher's."""
    return connection.execute(select(ROOM.c.secret)).scalar_one()


def is_teacher(connection: Connection, cookie: str | None) -> bool:
    """Whether a browser has been given the teacher's secret."""
    return hmac.compare_digest((cookie or "").encode(), secret(connection).encode())


def check_wall(connection: Connection, is_teacher: bool) -> None:
    """Raise NotAllowed where the class's digits are not yet for this browser to see."""
    if not is_teacher and not room(connection).gate_open:
        raise NotAllowed("The wall is not open yet.")


def change(connection: Connection, **values: str | int | bool) -> None:
    """Set some of the room's fields."""
    connection.execute(update(ROOM).values(**values))


def new_ids(connection: Connection, count: int = 1) -> range:
    """Numbers for what is kept from now on. None is ever used again: the version goes on when a class is erased."""
    connection.execute(update(ROOM).values(version=ROOM.c.version + count))
    last = connection.execute(select(ROOM.c.version)).scalar_one()
    return range(last - count + 1, last + 1)


def erase(connection: Connection) -> None:
    """Forget everything of this class but who is its teacher; networks that learned from its digits stay."""
    for table in (DIGITS, SILENCED, VOTES, ROUNDS, PEOPLE):
        connection.execute(delete(table))
    change(connection, lesson="", step=0, mode=Mode.FREE, collects=False, gate_open=False)
