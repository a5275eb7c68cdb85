"""What may be asked of a class: what was sent is checked and done, and what is answered is said, as JSON.

What was sent may be anything: each act checks all of it. Raises NotOne, NotNow, NotAllowed, NoClass.
"""

import base64
from collections.abc import Callable
from typing import Any, NamedTuple, TypeGuard

import numpy as np
from sqlalchemy import Connection

from mnist_model.classroom import digits as class_digits
from mnist_model.classroom import earlier, people, questions, votes
from mnist_model.classroom import room as rooms
from mnist_model.classroom.answers import on_the_wall
from mnist_model.classroom.database import changing, leave_nothing, reading
from mnist_model.classroom.errors import NotAllowed, NotNow, NotOne
from mnist_model.classroom.room import Mode, Room, room
from mnist_model.images import ink_code

Sent = dict[str, Any]
FEW = 60  # digits that the wall is given at a time
LARGEST_ID = 2**31 - 1  # that a database may be asked for


class Asker(NamedTuple):
    """Who asks: a browser, by its name, and whether it is the teacher's."""

    browser: str
    is_teacher: bool


def join(asker: Asker, _sent: Sent) -> Sent:
    """Be there; what the class knows of this browser."""
    with reading() as connection:
        is_new = not asker.is_teacher and people.number_of(connection, asker.browser) is None
    with changing() if is_new else reading() as connection:  # of whom is known nobody has to be told
        if is_new:
            people.join(connection, asker.browser)
        person = people.person(people.number_of(connection, asker.browser) or 0)
        question = room(connection).question
        mine = votes.of(connection, question, asker.browser)
        asked = class_digits.asked_of(connection, asker.browser)
    return {"animal": person.animal, "name": person.name, "paint": person.paint, "votes": mine, "asked": asked}


def vote(asker: Asker, sent: Sent) -> Sent:
    """Answer the question that is open: {"question", "round", "answer"}."""
    with changing() as connection:
        now = room(connection)
        if sent.get("question") != now.question or type(sent.get("round")) is not int:
            raise NotNow("This vote is closed.")
        answer = questions.accepted(now.lesson, now.step, sent.get("answer"))
        if answer is None:
            raise NotOne("This is not an answer to the question.")
        people.join(connection, asker.browser)
        votes.cast(connection, now.question, sent["round"], asker.browser, answer)
    return {"answer": answer}


def digit(asker: Asker, sent: Sent) -> Sent:
    """Give the class a digit: {"token", "label", "ink", "strokes"}; which one is asked for next."""
    checked = class_digits.checked(*(sent.get(name) for name in class_digits.Sent._fields))
    with changing() as connection:
        if not room(connection).collects:
            raise NotNow("No digits are being collected now.")
        people.join(connection, asker.browser)
        class_digits.add(connection, asker.browser, checked)
        return {"asked": class_digits.asked_of(connection, asker.browser)}


def wall(asker: Asker, sent: Sent) -> Sent:
    """The digits that came after one: {"after"}. The projector's wall; for pupils once the gate is open."""
    after = sent.get("after")
    if not _is_id(after):
        raise NotOne("After which digit?")
    with reading() as connection:
        rooms.check_wall(connection, asker.is_teacher)
        found = class_digits.digits(connection, after, FEW)
    said = on_the_wall(np.stack([each.ink for each in found])) if found else {}
    return {"digits": [_on_the_wall(each, {name: said[name][i] for name in said}) for i, each in enumerate(found)]}


def teach(asker: Asker, sent: Sent) -> Sent:
    """Lead the class: {"act": one of ACTS, and what that needs}."""
    if not asker.is_teacher:
        raise NotAllowed("Only the teacher may do that.")
    act = ACTS.get(str(sent.get("act")))
    if act is None:
        raise NotOne("There is no such act.")
    with changing() as connection:
        act(connection, room(connection), sent)
    if act is erase:
        leave_nothing()
    return {}


def load(asker: Asker, content: bytes) -> Sent:
    """Keep the digits of an earlier lesson, a file as the class's page gives it; how many, and how many are new."""
    if not asker.is_teacher:
        raise NotAllowed("Only the teacher may do that.")
    try:
        found = earlier.read(content)
    except earlier.NotDigits as error:
        raise NotOne(f"This is not the digits.npz of a class: {error}.") from error
    with changing() as connection:
        return {"digits": len(found), "new": class_digits.load(connection, found)}


def go(connection: Connection, _now: Room, sent: Sent) -> None:
    """Open a step of a lesson, on every screen that follows: {"lesson", "step"}."""
    lesson, step = sent.get("lesson"), sent.get("step")
    if not isinstance(lesson, str) or type(step) is not int or not questions.step_of(lesson, step):
        raise NotOne("There is no such step.")
    rooms.change(connection, lesson=lesson, step=step)


def lead(connection: Connection, _now: Room, sent: Sent) -> None:
    """Have all follow, let go, or eyes up: {"mode"}."""
    if sent.get("mode") not in list(Mode):
        raise NotOne("There is no such mode.")
    rooms.change(connection, mode=sent["mode"])


def ask(connection: Connection, now: Room, _sent: Sent) -> None:
    """Open a round of votes on the step's question."""
    step = questions.step_of(now.lesson, now.step)
    if step is None or step.question is None:
        raise NotNow("This step has no question.")
    votes.ask(connection, now.question)


def close(connection: Connection, now: Room, _sent: Sent) -> None:
    """No more votes in the open round."""
    votes.close(connection, now.question)


def reveal(connection: Connection, now: Room, _sent: Sent) -> None:
    """Show what was voted, and what is right."""
    votes.reveal(connection, now.question)


def collect(connection: Connection, _now: Room, sent: Sent) -> None:
    """Ask the phones for digits, or no longer: {"on"}."""
    rooms.change(connection, collects=sent.get("on") is True)


def gate(connection: Connection, _now: Room, sent: Sent) -> None:
    """Let the digits onto the wall, or take them off: {"on"}."""
    rooms.change(connection, gate_open=sent.get("on") is True)


def hide(connection: Connection, _now: Room, sent: Sent) -> None:
    """Take a digit off, or all of its browser's: {"id", "all"}."""
    if not _is_id(sent.get("id")):
        raise NotOne("Which digit?")
    class_digits.hide(connection, sent["id"], sent.get("all") is True)


def erase(connection: Connection, _now: Room, _sent: Sent) -> None:
    """Forget everything of this class."""
    rooms.erase(connection)


Act = Callable[[Connection, Room, Sent], None]
ACTS: dict[str, Act] = {each.__name__: each for each in (go, lead, ask, close, reveal, collect, gate, hide, erase)}


def _is_id(sent: object) -> TypeGuard[int]:
    """Whether that is a number that a database may be asked for."""
    return type(sent) is int and abs(sent) <= LARGEST_ID


def _on_the_wall(each: class_digits.Digit, says: dict[str, int]) -> Sent:
    who = people.person(each.number)
    ink = base64.b64encode(each.levels.tobytes()).decode()
    shown = {"ink": ink, "code": ink_code.encode(each.ink), "says": says, "name": who.name, "paint": who.paint}
    return {"id": each.id, "label": each.label} | shown
