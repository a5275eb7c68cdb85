"""What a class's screens are told: JSON, the same for all pupils, and a little more for the teacher.

Pupils are never told more than the projector has shown: neither counts nor the truth before both are revealed.
"""

import json
from typing import Any, NamedTuple

from sqlalchemy import select

from mnist_model.classroom import digits, measured, people, questions, votes
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
        now = room(connection)
        rounds = votes.rounds(connection, now.question)
        drawn = {"hidden": digits.hidden(connection), "oldest": digits.oldest(connection)}
        more = {"joined": people.joined(connection), "digits": digits.count(connection)}
    shown = for_pupils(now, rounds) | drawn
    if not more["digits"]:
        measured.forget()
    answered = {each.number: each.answered for each in rounds}
    return Views(json.dumps(shown), json.dumps(shown | more | {"answered": answered}))


def for_pupils(now: Room, rounds: list[Round]) -> Shown:
    """What every screen may know."""
    shown = {name: getattr(now, name) for name in ("lesson", "step", "mode", "collects", "gate_open")}
    asked = [_round(now, each) for each in rounds]
    return shown | {"asks": now.question, "rounds": asked} | questions.shown(now.lesson, now.step)


def _round(now: Room, each: Round) -> Shown:
    shown: Shown = {"number": each.number, "phase": each.phase}
    if each.phase == Phase.REVEALED:
        shown["bars"] = [bar._asdict() for bar in questions.bars(now.lesson, now.step, each.counts)]
    return shown
