"""Run folders: where they are, which are complete, and how much disk they may take.

A run writes into NAME.partial and renames it when all is there. Any number of servers and commands may share one
folder of runs: each removes only half-written runs whose process is gone.
"""

import contextlib
import csv
import json
import os
import platform
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from mnist_model import settings

ROOT = Path(__file__).parent.parent
LIMIT = 2000  # MB, for all runs together
PARTIAL = ".partial"
PROCESS = "process.json"
ABANDONED = 3600  # seconds after which a half-written run of another machine, or of no known process, is given up


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

    Replaces an older run in the same place. Raises FileExistsError where something else is there, or another run is
    being written.
    """
    if folder.exists() and not (folder / "report.json").exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} exists and is not a run folder.")
    half = partial(folder)
    if half.exists() and not _is_dead(half):
        raise FileExistsError(f"Another run is being written to {folder}.")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(parents=True)
    try:
        own = {"pid": os.getpid(), "created": psutil.Process().create_time(), "machine": platform.node()}
        (half / PROCESS).write_text(json.dumps(own))
        yield half
        (half / PROCESS).unlink()
        delete(folder)
        half.rename(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


def finished() -> list[Path]:
    """The complete run folders, newest first."""
    reports = [entry / "report.json" for entry in _entries() if not entry.name.endswith(PARTIAL)]
    dated = [(time_of(report.parent), report.parent) for report in reports if report.is_file()]
    return [folder for _, folder in sorted(dated, reverse=True)]


def time_of(folder: Path) -> float:
    """When a run was completed, in seconds since 1970; 0 where it has gone in the meantime."""
    try:
        return (folder / "history.csv").stat().st_mtime
    except OSError:
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


def make_room(megabytes: float = 0) -> None:
    """Delete the oldest runs until all take at most MNIST_RUNS_MB (2,000), with so many megabytes to come."""
    sizes = {entry: _megabytes(entry) for entry in _entries()}
    excess = sum(sizes.values()) + megabytes - settings.number("MNIST_RUNS_MB", LIMIT)
    for folder in reversed(finished()):
        if excess <= 0:
            return
        delete(folder)
        excess -= sizes[folder]


def report(folder: Path) -> dict | None:
    """What a run says of itself, or None where that cannot be read."""
    try:
        kept = json.loads((folder / "report.json").read_text())
    except (OSError, ValueError):
        return None
    return kept if {"network", "recipe", "parameters", "seconds"} <= set(kept) else None


def history(folder: Path) -> list[dict]:
    """The records of a finished run, from its history.csv; none where that cannot be read."""
    try:
        with (folder / "history.csv").open(newline="") as file:
            return [{name: float(cell) if cell else None for name, cell in row.items()} for row in csv.DictReader(file)]
    except (OSError, ValueError):
        return []


def claim(folder: Path, owner: str) -> None:
    """Note whose run it is."""
    (folder / "owner.txt").write_text(owner)


def owner(folder: Path) -> str:
    """Whose run it is, or "" for nobody's."""
    try:
        return (folder / "owner.txt").read_text()
    except OSError:
        return ""


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
            return psutil.Process(own["pid"]).create_time() != own["created"]
    except psutil.NoSuchProcess:
        return True
    except (OSError, ValueError, KeyError):
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
