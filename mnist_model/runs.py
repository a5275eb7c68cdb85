"""Commands of ours as processes of their own: started, watched line by line, stopped. One at a time.

Whatever a run does, the process that serves pages only reads its output. A run whose server is gone can no
longer write and ends by itself.
"""

import atexit
import csv
import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).parent.parent


class Busy(Exception):
    """Another run has the machine."""


@dataclass
class Run:
    """One command under way or ended. `records` grows as the command prints JSON lines."""

    process: subprocess.Popen
    arguments: tuple[str, ...]
    records: list[dict] = field(default_factory=list)
    stopped: bool = False
    error: str = ""
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def folder(self) -> str | None:
        """The run folder that was written, once it is complete."""
        return self.records[-1].get("folder") if self.records else None


_slot = threading.Lock()
_latest: Run | None = None


def start(*arguments: str) -> Run:
    """Start `python -m mnist_model ARGUMENTS --progress json` at low priority. Raises Busy while another runs."""
    global _latest
    with _slot:
        if busy():
            raise Busy("Another run is under way.")
        _latest = Run(_launch(arguments), arguments)
    threading.Thread(target=_watch, args=(_latest,), daemon=True).start()
    return _latest


def busy() -> bool:
    """Whether a run is under way anywhere on this server."""
    return _latest is not None and not _latest.ended.is_set()


def stop(run: Run) -> None:
    """End a run now; what it had not written yet is lost."""
    if not run.ended.is_set():
        run.stopped = True
        run.process.terminate()
        run.ended.wait(5)


def history(folder: Path) -> list[dict]:
    """The records of a finished run, from its history.csv."""
    with (folder / "history.csv").open(newline="") as file:
        return [{name: float(cell) if cell else None for name, cell in row.items()} for row in csv.DictReader(file)]


def _launch(arguments: tuple[str, ...]) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-m", "mnist_model", *arguments, "--progress", "json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    low = psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else 19
    psutil.Process(process.pid).nice(low)
    return process


def _watch(run: Run) -> None:
    errors: list[str] = []
    reader = threading.Thread(target=lambda: errors.extend(run.process.stderr), daemon=True)
    reader.start()
    for line in run.process.stdout:
        if line.startswith("{"):
            run.records.append(json.loads(line))
    code = run.process.wait()
    reader.join()
    if code and not run.stopped:
        ended_outside = code < 0 or not errors
        run.error = "it was ended from outside." if ended_outside else errors[-1].strip().removeprefix("error: ")
    run.ended.set()


@atexit.register
def _stop_latest() -> None:
    if _latest is not None:
        stop(_latest)
