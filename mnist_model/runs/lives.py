"""Whether whoever writes a half-written run still lives.

He holds a lock on a file beside it, which the system lets go when his process ends, however it ends. The system of
another machine may not know of that lock: there a run counts as given up when nothing has been written for an hour.
"""

import contextlib
import platform
import time
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from mnist_model.networks import disk
from mnist_model.runs.errors import NotARunFolder

MACHINE = "machine.txt"
ABANDONED = 3600  # seconds


@contextlib.contextmanager
def held(half: Path) -> Iterator[None]:
    """Within the block nobody else writes this half-written run. Raises NotARunFolder where somebody does."""
    half.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _lock(half):
            if half.exists() and not is_of_here(half) and not _is_old(half):
                raise NotARunFolder(f"Another run is being written to {half.stem}.")
            yield
    except Timeout as error:
        raise NotARunFolder(f"Another run is being written to {half.stem}.") from error


def sign(half: Path) -> None:
    """Say in a half-written run on which machine it was begun: all of its name, or none."""
    disk.write({half / MACHINE: platform.node().encode()}, lasting=False)


def is_given_up(half: Path) -> bool:
    """Whether nobody writes a half-written run any more."""
    if not is_of_here(half):
        return _is_old(half)
    try:
        with _lock(half):
            return True
    except Timeout:
        return False
    except OSError:  # a folder without locks, or in which we may not write
        return _is_old(half)


def is_of_here(half: Path) -> bool:
    """Whether it was begun on this machine."""
    with contextlib.suppress(OSError, ValueError):
        return (half / MACHINE).read_text() == platform.node()
    return False


@contextlib.contextmanager
def _lock(half: Path) -> Iterator[None]:
    """Hold the lock, or raise Timeout; its file goes before the lock does, so that none is left behind."""
    file = half.with_name(f".{half.name}.lock")
    with FileLock(file, blocking=False):
        try:
            yield
        finally:
            with contextlib.suppress(OSError):  # on Windows an open file stays; the next one takes it
                file.unlink()


def _is_old(half: Path) -> bool:
    newest = 0.0
    for entry in (half, *half.rglob("*")):
        with contextlib.suppress(OSError):  # it may go while we look
            newest = max(newest, entry.stat().st_mtime)
    return time.time() - newest > ABANDONED
