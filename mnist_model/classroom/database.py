"""Where a class is kept: SQLite in the folder of runs or, where many machines share a class, what MNIST_CLASS names."""

import contextlib
import functools
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, select, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from mnist_model.classroom.errors import NoClass
from mnist_model.classroom.tables import METADATA, ROOM
from mnist_model.runs import settings

FILE = "class.sqlite"
PATIENCE = 5  # seconds that one waits for another's change
TRACES = "All is erased, but traces are still on the disk, because somebody reads there: erase once more."
ALONE = "AUTOCOMMIT"  # a reader holds no lock


def address() -> str:
    """The database's address, as SQLAlchemy understands it."""
    return os.environ.get("MNIST_CLASS") or f"sqlite:///{settings.home() / FILE}"


@contextlib.contextmanager
def reading() -> Iterator[Connection]:
    """A connection to look with. Raises NoClass."""
    with _said(), _engine(address()).connect().execution_options(isolation_level=ALONE) as connection:
        yield connection


@contextlib.contextmanager
def changing() -> Iterator[Connection]:
    """A connection to change with, one after the other: all of it or, where it fails, nothing. Raises NoClass."""
    with _said(), _engine(address()).begin() as connection:
        connection.execute(update(ROOM).values(version=ROOM.c.version + 1))  # locks the room, elsewhere than in SQLite
        yield connection


def leave_nothing() -> None:
    """Have what was deleted disappear from the disk, too. Raises NoClass."""
    with reading() as connection:
        if connection.dialect.name == "sqlite":
            is_busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
            if is_busy:
                raise NoClass(TRACES)


@contextlib.contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise NoClass("The class's database cannot be used now: what was sent is not kept.") from error


@functools.lru_cache(maxsize=4)
def _engine(url: str) -> Engine:
    """The database, with its tables and its room."""
    if url.startswith("sqlite"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": PATIENCE})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        engine = create_engine(url, pool_pre_ping=True)
    METADATA.create_all(engine)
    _furnish(engine)
    return engine


def _prepare_sqlite(connection: object, _record: object) -> None:
    """Readers do not wait for a writer; what was answered with success outlives the server."""
    connection.isolation_level = None  # type: ignore[attr-defined]  # Python's own idea of a transaction
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
        connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]


def _begin_sqlite(connection: Connection) -> None:
    if connection.get_execution_options().get("isolation_level") != ALONE:
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # else two that have read would both wait to write


def _furnish(engine: Engine) -> None:
    """Make the one room, if another server has not."""
    row = {"id": 1, "secret": secrets.token_urlsafe(16), "version": 0, "lesson": "", "step": 0, "mode": "free"}
    with contextlib.suppress(IntegrityError), engine.begin() as connection:
        if connection.execute(select(ROOM.c.id)).first() is None:
            connection.execute(insert(ROOM).values(**row, collects=False, gate_open=False))
