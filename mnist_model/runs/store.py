"""Where run folders are, which there are, and how much disk they may take.

A run writes into NAME.partial and renames it when all is there. Any number of servers and commands may share one
folder of runs: each removes only half-written runs whose process is gone.
"""

import contextlib
import errno
import json
import os
import platform
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import settings
from mnist_model.runs.errors import DiskFull, NotARunFolder

ROOT = Path(__file__).parents[2]
LIMIT = 2000  # MB, for all runs together
PARTIAL = ".partial"
PROCESS = "process.json"
ABANDONED = 3600  # seconds after which a half-written run of another machine, or of no known process, is given up
SPARE = 2**20  # bytes: with less left, a failed write is put down to the full disk


def home() -> Path:
    """The folder of all runs: MNIST_RUNS, or runs/ in the project."""
    return Path(os.environ.get("MNIST_RUNS") or ROOT / "runs")


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
    try:
        own = {"pid": os.getpid(), "created": psutil.Process().create_time(), "machine": platform.node()}
        (half / PROCESS).write_text(json.dumps(own))
        yield half
        (half / PROCESS).unlink()
        make_room()
        delete(folder)
        half.rename(folder)
    except OSError as error:
        full = error.errno == errno.ENOSPC or shutil.disk_usage(half).free < SPARE
        shutil.rmtree(half, ignore_errors=True)
        if full:
            raise DiskFull("The disk is full: nothing of this run could be kept.") from error
        raise
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


def runs() -> list[RunFolder]:
    """The run folders, newest first: all but half-written ones, whether they can be read or not."""
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
    """Remove what runs have left half-written whose process is gone."""
    for entry in _entries():
        if entry.name.endswith(PARTIAL) and _is_dead(entry):
            shutil.rmtree(entry, ignore_errors=True)


def make_room() -> None:
    """Delete the oldest runs until all, those half-written included, take at most MNIST_RUNS_MB (2,000)."""
    sizes = {entry: _megabytes(entry) for entry in _entries()}
    excess = sum(sizes.values()) - settings.number("MNIST_RUNS_MB", LIMIT)
    for run in reversed([run for run in runs() if run.exists()]):
        if excess <= 0:
            return
        delete(run.path)
        excess -= sizes.get(run.path, 0)


def _begin(folder: Path) -> Path:
    """A new, empty half-written folder."""
    if folder.exists() and not RunFolder(folder).exists() and any(folder.iterdir()):
        raise NotARunFolder(f"{folder} exists and is not a run folder.")
    half = partial(folder)
    if half.exists() and not _is_dead(half):
        raise NotARunFolder(f"Another run is being written to {folder}.")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    return half


def _entries() -> list[Path]:
    try:
        return [entry for entry in home().iterdir() if entry.is_dir()]
    except FileNotFoundError:
        return []


def _is_dead(half: Path) -> bool:
    """Whether the process that was writing a half-written run is gone."""
    try:
        own = json.loads((half / PROCESS).read_text())
        if own["machine"] == platform.node():
            return bool(psutil.Process(own["pid"]).create_time() != own["created"])
    except psutil.NoSuchProcess:
        return True
    except (OSError, ValueError, KeyError, TypeError):
        pass  # its process is just beginning or ending
    try:
        return time.time() - half.stat().st_mtime > ABANDONED
    except OSError:
        return False


def _megabytes(folder: Path) -> float:
    total = 0
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):  # it may go while we look
            total += file.stat().st_size
    return total / 2**20
