"""Votes on a question, in rounds: open, closed, revealed; then perhaps the same question again (peer instruction).

In which tables: tables.py; in which database: database.py.
"""

import enum
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, insert, select, update

from mnist_model.classroom.errors import NotNow
from mnist_model.classroom.tables import ROUNDS, VOTES


class Phase(enum.StrEnum):
    """Where a round of votes is."""

    OPEN = "open"
    CLOSED = "closed"
    REVEALED = "revealed"


class Round(NamedTuple):
    """One round of votes on a question."""

    number: int
    phase: Phase
    counts: dict[str, int]  # of each answer

    @property
    def answered(self) -> int:
        return sum(self.counts.values())


def rounds(connection: Connection, question: str) -> list[Round]:
    """All rounds of a question, the first one first."""
    votes = select(VOTES.c.round, VOTES.c.answer, func.count()).where(VOTES.c.question == question)
    counts: dict[int, dict[str, int]] = {}
    for number, answer, count in connection.execute(votes.group_by(VOTES.c.round, VOTES.c.answer)):
        counts.setdefault(number, {})[answer] = count
    asked = select(ROUNDS.c.round, ROUNDS.c.phase).where(ROUNDS.c.question == question)
    return [
        Round(number, Phase(phase), counts.get(number, {}))
        for number, phase in connection.execute(asked.order_by(ROUNDS.c.round))
    ]


def ask(connection: Connection, question: str) -> None:
    """Open a round, the first or another; one that is open stays so."""
    before = rounds(connection, question)
    if not before or before[-1].phase != Phase.OPEN:
        row = {"question": question, "round": len(before) + 1, "phase": Phase.OPEN}
        connection.execute(insert(ROUNDS).values(**row))


def close(connection: Connection, question: str) -> None:
    """No more votes."""
    is_open = (ROUNDS.c.question == question, ROUNDS.c.phase == Phase.OPEN)
    connection.execute(update(ROUNDS).where(*is_open).values(phase=Phase.CLOSED))


def reveal(connection: Connection, question: str) -> None:
    """Show all rounds of a question."""
    connection.execute(update(ROUNDS).where(ROUNDS.c.question == question).values(phase=Phase.REVEALED))


def cast(connection: Connection, question: str, number: int, browser: str, answer: str) -> None:
    """A browser's vote in a round; as long as that is open, its last one counts. Raises NotNow."""
    found = next((each for each in rounds(connection, question) if each.number == number), None)
    if found is None or found.phase != Phase.OPEN:
        raise NotNow("This vote is closed.")
    mine = (VOTES.c.question == question, VOTES.c.round == number, VOTES.c.browser == browser)
    connection.execute(delete(VOTES).where(*mine))
    row = {"question": question, "round": number, "browser": browser, "answer": answer}
    connection.execute(insert(VOTES).values(**row))


def of(connection: Connection, question: str, browser: str) -> dict[int, str]:
    """A browser's own votes on a question: {round: answer}."""
    mine = select(VOTES.c.round, VOTES.c.answer).where(VOTES.c.question == question, VOTES.c.browser == browser)
    return dict(connection.execute(mine).all())
