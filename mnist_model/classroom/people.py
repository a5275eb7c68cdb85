"""Who is there. Nobody has a name: a browser is an animal with a colour, so that people find themselves."""

from typing import NamedTuple

from sqlalchemy import Connection, func, insert, select

from mnist_model.classroom.errors import NotNow
from mnist_model.classroom.tables import PEOPLE

ANIMALS = [
    *("🐶 dog", "🐱 cat", "🐭 mouse", "🐹 hamster", "🐰 rabbit", "🦊 fox", "🐻 bear", "🐼 panda", "🐨 koala"),
    *("🐯 tiger", "🦁 lion", "🐮 cow", "🐷 pig", "🐸 frog", "🐵 monkey", "🐔 hen", "🐧 penguin", "🦉 owl"),
    *("🦆 duck", "🐺 wolf", "🐴 horse", "🐝 bee", "🐌 snail", "🐞 ladybird", "🐢 turtle", "🐙 octopus"),
    *("🦀 crab", "🐬 dolphin", "🐘 elephant", "🦒 giraffe", "🦔 hedgehog", "🐿 squirrel"),
]
COLOURS = {
    "blue": "#2563eb",
    "orange": "#c2570c",
    "green": "#15803d",
    "purple": "#7e22ce",
    "red": "#be123c",
    "teal": "#0f766e",
    "brown": "#78501e",
    "grey": "#4b5563",
}
MOST = 1000  # browsers


class Person(NamedTuple):
    """A browser, as it is called for all to see."""

    animal: str  # its picture and its name
    colour: str
    paint: str  # that colour, for CSS

    @property
    def name(self) -> str:
        return f"{self.colour} {self.animal.partition(' ')[2]}"


EARLIER = Person("📁 lesson", "earlier", COLOURS["grey"])


def person(number: int) -> Person:
    """The animal of a number; the first 256 numbers have animals that differ. Below 0, an earlier lesson's people."""
    if number < 0:
        return EARLIER
    colours = list(COLOURS)
    colour = colours[(number // len(ANIMALS) + number) % len(colours)]
    return Person(ANIMALS[number % len(ANIMALS)], colour, COLOURS[colour])


def number_of(connection: Connection, browser: str) -> int | None:
    """The number of a browser that has joined."""
    return connection.execute(select(PEOPLE.c.number).where(PEOPLE.c.browser == browser)).scalar()


def join(connection: Connection, browser: str) -> None:
    """A browser is there: for the first time or again. Raises NotNow where the class is full."""
    if number_of(connection, browser) is not None:
        return
    number = joined(connection)
    if number >= MOST:
        raise NotNow(f"This class has {MOST:,} browsers already; more do not fit.")
    connection.execute(insert(PEOPLE).values(browser=browser, number=number))


def joined(connection: Connection) -> int:
    """How many browsers have joined."""
    return connection.execute(select(func.count()).select_from(PEOPLE)).scalar_one()
