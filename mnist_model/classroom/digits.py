"""The class's own digits: each was asked for, so that it comes with its label; kept as strokes and as 28×28."""

import hashlib
import json
import time
from collections.abc import Sequence
from typing import NamedTuple, TypeGuard

import numpy as np
from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from mnist_model.classroom.errors import NotNow, NotOne
from mnist_model.classroom.people import number_of
from mnist_model.classroom.room import new_ids
from mnist_model.classroom.tables import DIGITS, PEOPLE, SILENCED
from mnist_model.images.canvas import MOST_STROKES, SIDE
from mnist_model.images.resampling import SIZE

SHAPE = (SIZE, SIZE)
LEAST_INK = 3 * 255  # of ink in all, in levels: less is a slip of the finger
POINTS = 3000  # of a digit, at most
EACH, MOST = 100, 5000  # digits of a browser, and of all
TOKEN = 32  # characters
EARLIER = {"earlier-0": -2, "earlier-1": -1}  # in place of browsers and their numbers: an earlier lesson's two halves


class Digit(NamedTuple):
    """A digit that somebody drew for the class. `number` is its artist's: people.person; below 0, as in EARLIER."""

    id: int
    label: int
    number: int
    levels: np.ndarray  # (28, 28) uint8, 0 paper to 255 ink

    @property
    def ink(self) -> np.ndarray:
        """(28, 28) float32, 0 paper to 1 ink."""
        image: np.ndarray = self.levels / np.float32(255)
        return image


class Earlier(NamedTuple):
    """A digit of an earlier lesson, checked, and in which half (exchange.py) it was: 0 or 1."""

    half: int
    label: int
    ink: bytes


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
    if sum(levels) < LEAST_INK:
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
    is_silenced = connection.execute(select(SILENCED).where(SILENCED.c.browser == browser)).first() is not None
    (id,) = new_ids(connection)
    connection.execute(insert(DIGITS).values(**row, id=id, drawn=time.time(), hidden=is_silenced))


def load(connection: Connection, earlier: Sequence[Earlier]) -> int:
    """Keep digits of an earlier lesson; how many of them were not here yet. Raises NotNow where there are too many."""
    known = {(label, bytes(ink)) for label, ink in connection.execute(select(DIGITS.c.label, DIGITS.c.ink))}
    fresh = {(each.label, each.ink): each for each in earlier if (each.label, each.ink) not in known}
    if len(fresh) + count(connection) > MOST:
        raise NotNow(f"A class has room for {MOST:,} digits: with these it would have more.")
    rows = [
        {"id": id, "browser": list(EARLIER)[each.half], "token": _token(each), "label": each.label, "ink": each.ink}
        | {"strokes": "[]", "drawn": time.time(), "hidden": False}
        for id, each in zip(new_ids(connection, len(fresh)), fresh.values(), strict=True)
    ]
    if rows:
        connection.execute(insert(DIGITS), rows)
    return len(rows)


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
    columns = (DIGITS.c.id, DIGITS.c.label, DIGITS.c.browser, PEOPLE.c.number, DIGITS.c.ink)
    found = select(*columns).outerjoin(PEOPLE, PEOPLE.c.browser == DIGITS.c.browser)
    found = found.where(DIGITS.c.id > after, ~DIGITS.c.hidden).order_by(DIGITS.c.id).limit(most)
    return [
        Digit(id, label, EARLIER.get(browser, number), np.frombuffer(ink, np.uint8).reshape(SHAPE))
        for id, label, browser, number, ink in connection.execute(found)
    ]


def is_shown(connection: Connection, id: int) -> bool:
    """Whether there is a digit of this id that is not hidden."""
    return count(connection, DIGITS.c.id == id, ~DIGITS.c.hidden) > 0


def hide(connection: Connection, id: int, all_of_its_browser: bool) -> None:
    """Take a digit off the wall, and out of all that is measured; or all that its browser has drawn or will draw."""
    which = DIGITS.c.id == id
    browser = connection.execute(select(DIGITS.c.browser).where(which)).scalar()
    if all_of_its_browser and browser in EARLIER:
        which = DIGITS.c.browser.in_(EARLIER)
    elif all_of_its_browser and browser:
        which = DIGITS.c.browser == browser
        connection.execute(delete(SILENCED).where(SILENCED.c.browser == browser))
        connection.execute(insert(SILENCED).values(browser=browser))
    connection.execute(update(DIGITS).where(which).values(hidden=True))


def count(connection: Connection, *where: ColumnElement[bool]) -> int:
    """How many digits there are, hidden ones among them."""
    return connection.execute(select(func.count()).select_from(DIGITS).where(*where)).scalar_one()


def oldest(connection: Connection) -> int:
    """The id of the first digit that there is, hidden or not: another once a class was erased; 0 where none is."""
    return connection.execute(select(func.min(DIGITS.c.id))).scalar() or 0


def hidden(connection: Connection) -> int:
    """How many digits are hidden."""
    return count(connection, DIGITS.c.hidden)


def _token(each: Earlier) -> str:
    return hashlib.sha256(bytes([each.label]) + each.ink).hexdigest()[:TOKEN]


def _counts(connection: Connection, *where: ColumnElement[bool]) -> dict[int, int]:
    found = select(DIGITS.c.label, func.count()).where(*where).group_by(DIGITS.c.label)
    return dict.fromkeys(range(10), 0) | dict(connection.execute(found).all())


def _are_strokes(strokes: object) -> TypeGuard[list[list[list[float]]]]:
    if not isinstance(strokes, list) or not 1 <= len(strokes) <= MOST_STROKES:
        return False
    if not all(isinstance(stroke, list) for stroke in strokes):
        return False
    points = [point for stroke in strokes for point in stroke]
    return len(points) <= POINTS and all(map(_is_point, points))


def _is_point(point: object) -> bool:
    if not isinstance(point, list) or len(point) != 2:
        return False
    return all(type(each) in (int, float) and 0 <= each <= SIDE for each in point)
