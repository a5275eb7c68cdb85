"""The class's own digits: each was asked for, so that it comes with its label; kept as strokes and as 28×28."""

import json
import time
from typing import NamedTuple, TypeGuard

import numpy as np
from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from mnist_model.classroom.errors import NotNow, NotOne
from mnist_model.classroom.people import number_of
from mnist_model.classroom.tables import DIGITS, PEOPLE
from mnist_model.images.canvas import MOST_STROKES, SIDE
from mnist_model.images.resampling import SIZE

LEAST = 3 * 255  # of ink in all, in levels: less is a slip of the finger
POINTS = 3000  # of a digit, at most
EACH, MOST = 100, 5000  # digits of a browser, and of all
TOKEN = 32  # characters


class Digit(NamedTuple):
    """A digit that somebody drew for the class. `number` is its artist's: people.person."""

    id: int
    label: int
    number: int
    levels: np.ndarray  # (28, 28) uint8, 0 paper to 255 ink

    @property
    def ink(self) -> np.ndarray:
        """(28, 28) float32, 0 paper to 1 ink."""
        image: np.ndarray = self.levels / np.float32(255)
        return image


class Sent(NamedTuple):
    """A digit as a browser sends it, checked."""

    token: str
    label: int
    ink: bytes
    strokes: list[list[list[float]]]


def checked(token: object, label: object, ink: object, strokes: object) -> Sent:
    """What a browser sent, if it is a digit: ink as 784 levels, strokes of points on the canvas. Raises NotOne."""
    if not isinstance(token, str) or not 8 <= len(token) <= TOKEN or not token.isalnum():
        raise NotOne("The digit has no name of its own.")
    if type(label) is not int or not 0 <= label <= 9:
        raise NotOne("The label is not a digit.")
    levels = ink if isinstance(ink, list) and len(ink) == SIZE * SIZE else []
    if not levels or not all(type(each) is int and 0 <= each <= 255 for each in levels):
        raise NotOne("The ink is not 28×28 levels from 0 to 255.")
    if sum(levels) < LEAST:
        raise NotOne("There is hardly any ink.")
    if not _are_strokes(strokes):
        raise NotOne("The strokes are not points on the canvas.")
    return Sent(token, label, bytes(levels), strokes)


def add(connection: Connection, browser: str, digit: Sent) -> None:
    """Keep a digit; what is sent again is the same one. Raises NotNow where there are too many."""
    mine = select(DIGITS.c.token).where(DIGITS.c.browser == browser)
    tokens = set(connection.execute(mine).scalars())
    if digit.token in tokens:
        return
    if len(tokens) >= EACH or count(connection) >= MOST:
        raise NotNow("That are enough digits: thank you.")
    row = digit._asdict() | {"strokes": json.dumps(digit.strokes), "browser": browser}
    connection.execute(insert(DIGITS).values(**row, drawn=time.time(), hidden=False))


def asked_of(connection: Connection, browser: str) -> int:
    """The digit that a browser is to write next: of those it has written least, the one that the class has least.

    Beginning with another one in each browser, so that even the first minute is balanced.
    """
    mine = _counts(connection, DIGITS.c.browser == browser)
    everybody = _counts(connection)
    first = number_of(connection, browser) or 0
    return min(range(10), key=lambda label: (mine[label], everybody[label], (label - first) % 10))


def digits(connection: Connection, after: int = 0, most: int = MOST) -> list[Digit]:
    """The digits that came after one and are not hidden, oldest first, at most so many."""
    columns = (DIGITS.c.id, DIGITS.c.label, PEOPLE.c.number, DIGITS.c.ink)
    found = select(*columns).join(PEOPLE, PEOPLE.c.browser == DIGITS.c.browser)
    found = found.where(DIGITS.c.id > after, ~DIGITS.c.hidden).order_by(DIGITS.c.id).limit(most)
    return [
        Digit(id, label, number, np.frombuffer(ink, np.uint8).reshape(SIZE, SIZE))
        for id, label, number, ink in connection.execute(found)
    ]


def hide(connection: Connection, id: int, all_of_its_browser: bool) -> None:
    """Take a digit off the wall, and out of all that is measured; or everything that its browser has drawn."""
    which = DIGITS.c.id == id
    if all_of_its_browser:
        which = DIGITS.c.browser == select(DIGITS.c.browser).where(DIGITS.c.id == id).scalar_subquery()
    connection.execute(update(DIGITS).where(which).values(hidden=True))


def count(connection: Connection, *where: ColumnElement[bool]) -> int:
    """How many digits there are, hidden ones among them."""
    return connection.execute(select(func.count()).select_from(DIGITS).where(*where)).scalar_one()


def hidden(connection: Connection) -> int:
    """How many digits are hidden."""
    return count(connection, DIGITS.c.hidden)


def _counts(connection: Connection, *where: ColumnElement[bool]) -> dict[int, int]:
    found = select(DIGITS.c.label, func.count()).where(*where).group_by(DIGITS.c.label)
    return dict.fromkeys(range(10), 0) | dict(connection.execute(found).all())


def _are_strokes(strokes: object) -> TypeGuard[list[list[list[float]]]]:
    if not isinstance(strokes, list) or not 1 <= len(strokes) <= MOST_STROKES:
        return False
    points = [point for stroke in strokes if isinstance(stroke, list) for point in stroke]
    return len(points) <= POINTS and all(map(_is_point, points))


def _is_point(point: object) -> bool:
    if not isinstance(point, list) or len(point) != 2:
        return False
    return all(type(each) in (int, float) and 0 <= each <= SIDE for each in point)
