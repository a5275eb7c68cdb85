"""What a class's screens are told: JSON, the same for all pupils, and a little more for the teacher.

Pupils are never told more than the projector has shown: neither counts nor the truth before both are revealed.
"""

import json
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from mnist_model.classroom import digits, people, questions, votes
from mnist_model.classroom.database import reading
from mnist_model.classroom.room import Room, room
from mnist_model.classroom.tables import ROOM
from mnist_model.classroom.votes import Phase, Round

Shown = dict[str, Any]


class Views(NamedTuple):
    """What is told at a moment, as JSON texts."""

    pupils: str
    teacher: str

    def of(self, is_teacher: bool) -> str:
        return self.teacher if is_teacher else self.pupils


def version() -> int:
    """Another number whenever something has changed. Raises NoClass."""
    with reading() as connection:
        return connection.execute(select(ROOM.c.version)).scalar_one()


def views() -> Views:
    """What is to be told now. Raises NoClass."""
    with reading() as connection:
        shown, more = for_pupils(connection), for_teacher(connection)
    return Views(json.dumps(shown), json.dumps(shown | more))


def for_pupils(connection: Connection) -> Shown:
    """What every screen may know."""
    found = room(connection)
    shown = {name: getattr(found, name) for name in ("lesson", "step", "mode", "collects", "gate_open")}
    asked = [_round(found, each) for each in votes.rounds(connection, found.question)]
    return shown | {"asks": found.question, "rounds": asked} | questions.shown(found.lesson, found.step)


def for_teacher(connection: Connection) -> Shown:
    """What only the teacher's desk knows."""
    asked = votes.rounds(connection, room(connection).question)
    answered = {each.number: each.answered for each in asked}
    return {"joined": people.joined(connection), "answered": answered, "digits": digits.count(connection)}


def _round(found: Room, each: Round) -> Shown:
    shown = {"number": each.number, "phase": each.phase}
    if each.phase == Phase.REVEALED:
        shown |= {
            "truth": each.truth,
            "bars": [bar._asdict() for bar in questions.bars(found.lesson, found.step, each.counts)],
        }
    return shown
