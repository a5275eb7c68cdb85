"""Where run folders are, which there are, and how much disk they may take.

A run writes into NAME.partial and renames it when all is there and the disk has it. Any number of servers and commands
may share one folder of runs: each removes only half-written runs that nobody writes any more (lives.py).
"""

import contextlib
import errno
import functools
import logging
import secrets
import shutil
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from mnist_model.networks import disk
from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import disk_space, lives, settings
from mnist_model.runs.errors import DiskFull, NotARunFolder
from mnist_model.runs.settings import home

LIMIT = 2000  # MB, for all runs together
PARTIAL = ".partial"
REPLACED = ".replaced" + PARTIAL  # an older run, while a new one takes its place
SPARE = 2**20  # bytes: with less left, a failed write is put down to the full disk


def new(network: str) -> Path:
    """A run folder that does not exist yet."""
    return home() / f"{network}-{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(2)}"


def partial(folder: Path) -> Path:
    """Where a run folder is while it is half-written."""
    return folder.with_name(folder.name + PARTIAL)


@contextlib.contextmanager
def writing(folder: Path) -> Iterator[Path]:
    """A half-written run folder that becomes `folder` at the block's end, or disappears where the block fails.

    Replaces an older run in the same place. Raises NotARunFolder where something else is there, or another run is
    being written, and DiskFull.
    """
    half = _begin(folder)
    with lives.held(half):
        try:
            shutil.rmtree(half, ignore_errors=True)
            half.mkdir(parents=True)
            lives.sign(half)
            yield half
            make_room()
            _complete(half, folder)
        except OSError as error:
            full = error.errno == errno.ENOSPC or shutil.disk_usage(half.parent).free < SPARE
            if full:
                raise DiskFull("The disk is full: nothing of this run could be kept.") from error
            raise
        finally:
            shutil.rmtree(half, ignore_errors=True)


def runs() -> list[RunFolder]:
    """The run folders, newest first: all but half-written ones. One that cannot be read is said to be so (Compare)."""
    found = [entry for entry in _entries() if not entry.name.endswith(PARTIAL) and not entry.name.startswith(".")]
    dated = sorted(((time_of(entry), entry) for entry in found), reverse=True)
    return [RunFolder(entry) for _, entry in dated]


def time_of(folder: Path) -> float:
    """When a run was completed, in seconds since 1970; 0 where it has gone in the meantime."""
    for file in (folder / "history.csv", folder):
        with contextlib.suppress(OSError):
            return file.stat().st_mtime
    return 0.0


def delete(folder: Path) -> None:
    """Remove a run folder; nobody ever sees a part of it."""
    doomed = folder.with_name(f"{folder.name}-{secrets.token_hex(2)}{PARTIAL}")
    with contextlib.suppress(FileNotFoundError):
        folder.rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)


def clean() -> None:
    """Remove what was left half-written by whoever is gone; a run whose successor never came is there again."""
    for entry in _entries():
        if entry.name.endswith(REPLACED):
            _restore(entry)
        elif entry.name.endswith(PARTIAL) and lives.is_given_up(entry):
            shutil.rmtree(entry, ignore_errors=True)
        elif RunFolder(entry).exists():
            _remove_unfinished(entry)


def make_room() -> None:
    """Delete runs (disk_space.py says which) until all, also half-written ones, take at most MNIST_RUNS_MB (2,000)."""
    sizes = {entry: _megabytes(entry) for entry in _entries()}
    excess = sum(sizes.values()) - settings.number("MNIST_RUNS_MB", LIMIT)
    if excess <= 0:
        return
    writing: defaultdict[str, float] = defaultdict(float)
    for entry, megabytes in sizes.items():
        if entry.name.endswith(PARTIAL):
            writing[RunFolder(entry).owner()] += megabytes
    finished = [
        disk_space.Kept(run.path, run.owner(), sizes.get(run.path, 0), time_of(run.path), run.used())
        for run in runs()
        if run.exists()
    ]
    for path in disk_space.to_go(finished, writing, excess, time.time()):
        delete(path)


def _begin(folder: Path) -> Path:
    """Where a run folder is going to be half-written. Raises NotARunFolder."""
    if folder.exists() and not RunFolder(folder).exists() and any(folder.iterdir()):
        raise NotARunFolder(f"{folder.name} exists and is not a run folder.")
    return partial(folder)


def _complete(half: Path, folder: Path) -> None:
    """Promise a run: all that was written is on the disk, and its name is its own, in the older one's place."""
    for entry in (*half.rglob("*"), half):
        disk.settle(entry)
    older = folder.with_name(f"{folder.name}-{secrets.token_hex(2)}{REPLACED}")
    with contextlib.suppress(FileNotFoundError):
        folder.rename(older)
    try:
        half.rename(folder)
    except OSError:
        with contextlib.suppress(OSError):
            older.rename(folder)
        raise
    (folder / lives.MACHINE).unlink()
    disk.settle(folder.parent)
    shutil.rmtree(older, ignore_errors=True)


def _restore(older: Path) -> None:
    """Put a run back whose successor's writer was killed before it had taken its place; else remove it."""
    folder = older.with_name(older.name.removesuffix(REPLACED).rpartition("-")[0])
    if not lives.is_given_up(partial(folder)):
        return
    with contextlib.suppress(OSError):  # somebody else does the same
        if folder.exists():
            shutil.rmtree(older, ignore_errors=True)
        else:
            older.rename(folder)


def _remove_unfinished(folder: Path) -> None:
    """Remove the files in a run folder that somebody began to write and never will end."""
    for file in folder.glob(f"*{disk.UNFINISHED}"):
        with contextlib.suppress(OSError):
            if time.time() - file.stat().st_mtime > lives.ABANDONED:
                file.unlink()


def _entries() -> list[Path]:
    try:
        return [entry for entry in home().iterdir() if entry.is_dir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        _complain(f"The folder of runs cannot be read: {error.strerror}.")
        return []


@functools.cache
def _complain(text: str) -> None:
    """Once, to whoever started the server: those who visit can do nothing about it."""
    logging.getLogger(__name__).warning(text)


def _megabytes(folder: Path) -> float:
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):  # it may go while we look
            total += file.stat().st_size
    return total / 2**20
