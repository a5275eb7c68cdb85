"""The tables of a class. Every time is in seconds since 1970; a browser is known by the random name in its cookie."""

from sqlalchemy import Boolean, Column, Float, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

METADATA = MetaData()

ROOM = Table(  # one row
    "room",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("secret", String(64), nullable=False),  # who has it is the teacher
    Column("version", Integer, nullable=False),  # grows with every change to any table
    Column("lesson", String(64), nullable=False),
    Column("step", Integer, nullable=False),
    Column("mode", String(8), nullable=False),
    Column("collects", Boolean, nullable=False),  # whether digits are asked for
    Column("gate_open", Boolean, nullable=False),  # whether the wall shows them
)

PEOPLE = Table(
    "people",
    METADATA,
    Column("browser", String(16), primary_key=True),
    Column("number", Integer, nullable=False),  # by which its animal and colour are drawn
)

ROUNDS = Table(
    "rounds",
    METADATA,
    Column("question", String(80), primary_key=True),
    Column("round", Integer, primary_key=True),  # 1, 2, …
    Column("phase", String(8), nullable=False),
)

VOTES = Table(
    "votes",
    METADATA,
    Column("question", String(80), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("browser", String(16), primary_key=True),
    Column("answer", String(200), nullable=False),
)

DIGITS = Table(
    "digits",
    METADATA,
    Column("id", Integer, primary_key=True),  # room.new_ids
    Column("browser", String(16), nullable=False),
    Column("token", String(32), nullable=False),  # of the browser's own: what is sent again is the same digit
    Column("label", Integer, nullable=False),
    Column("ink", LargeBinary(784), nullable=False),  # 28×28 bytes, 0 paper to 255 ink
    Column("strokes", String, nullable=False),  # JSON: [[[x, y], …], …] on a canvas of 280×280
    Column("drawn", Float, nullable=False),
    Column("hidden", Boolean, nullable=False),
    UniqueConstraint("browser", "token"),
)

SILENCED = Table("silenced", METADATA, Column("browser", String(16), primary_key=True))  # whatever it draws is hidden
