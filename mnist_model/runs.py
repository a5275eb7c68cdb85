"""Commands of ours as processes of their own: queued, started, watched line by line, stopped.

Whatever a run does, the process that serves pages only reads its output. MNIST_RUNS_AT_ONCE of them run at once, one
unless it says otherwise; the others wait their turn. A training starts in a process that has already imported
TensorFlow, where one is ready. A process whose server is gone ends by itself.
"""

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from mnist_model import folders, settings

LOST = 90  # seconds after which a run ends whose owner has gone
READY = 600  # seconds for which a process with TensorFlow is kept ready
REMEMBERED = 200  # runs whose records stay in memory
PATIENCE = 30  # seconds for a training to end after it was asked to


@dataclass
class Run:
    """One command that waits, runs or has ended. `records` grows as the command prints JSON lines."""

    arguments: tuple[str, ...]
    owner: str
    alive: Callable[[], bool]  # whether its owner is still there
    target: Path | None  # the run folder that a training writes
    expected: float  # seconds that it will take
    records: list[dict] = field(default_factory=list)
    process: subprocess.Popen | None = None
    stopped: bool = False
    lost: bool = False
    error: str = ""
    ended: threading.Event = field(default_factory=threading.Event)
    seen: float = field(default_factory=time.monotonic)  # when the owner was last there
    begun: float = 0.0  # when its process was started

    @property
    def command(self) -> str:
        return self.arguments[0]

    @property
    def history(self) -> list[dict]:
        """The records of a training, as far as it has come."""
        return [record for record in self.records if "loss" in record]

    @property
    def is_trained(self) -> bool:
        """Whether the training itself is over; being measured comes after it."""
        return self.records[-1:] != [] and "loss" not in self.records[-1]

    @property
    def folder(self) -> Path | None:
        """The run folder that was written, once it is complete."""
        return self.target if self.records and "folder" in self.records[-1] else None


_lock = threading.RLock()
_waiting: list[Run] = []
_running: list[Run] = []
_latest: dict[tuple[str, str], Run] = {}
_ready: subprocess.Popen | None = None
_wanted_until = 0.0
_watchman: threading.Thread | None = None


def submit(
    *arguments: str,
    owner: str = "",
    alive: Callable[[], bool] = lambda: True,
    expected: float = 0.0,
    first: bool = False,
) -> Run:
    """Put `python -m mnist_model ARGUMENTS --progress json` into the queue, `first` or last, at low priority.

    A training gets a new run folder. A run whose owner is not `alive` for a minute and a half ends.
    """
    target = folders.new(arguments[1]) if arguments[0] == "train" else None
    out = ("--out", str(target)) if target else ()
    run = Run((*arguments, *out, "--progress", "json"), owner, alive, target, expected)
    with _lock:
        _waiting.insert(0 if first else len(_waiting), run)
        _latest.pop((owner, run.command), None)
        _latest[owner, run.command] = run
        while len(_latest) > REMEMBERED:
            del _latest[next(iter(_latest))]
    _start_waiting()
    _begin_watch()
    return run


def place(run: Run) -> int:
    """How many have to end before this run begins: 0 where it has begun."""
    with _lock:
        return _waiting.index(run) + 1 if run in _waiting else 0


def ahead(run: Run) -> list[Run]:
    """The runs that come before a waiting one: those that run and those before it in the queue."""
    with _lock:
        return _running + (_waiting[: _waiting.index(run)] if run in _waiting else [])


def seconds_until(run: Run) -> float:
    """About how long a waiting run still has to wait, as far as the runs before it have said what they expect."""
    now = time.monotonic()
    left = [max(0.0, each.expected - (now - each.begun if each.begun else 0)) for each in ahead(run)]
    return sum(left) / settings.number("MNIST_RUNS_AT_ONCE", 1)


def latest(owner: str, command: str) -> Run | None:
    """The last run of a command that an owner has submitted."""
    return _latest.get((owner, command))


def stop(run: Run) -> None:
    """Leave the queue, or end: a training keeps what it has learned, and one that is being measured goes on."""
    if run.command == "train" and run.is_trained:
        return
    with _lock:
        run.stopped = True
        if run in _waiting:
            _waiting.remove(run)
            run.ended.set()
    if run.ended.is_set() or run.process is None:
        return
    if run.command == "train" and any(record["examples"] for record in run.history):
        _tell(run.process, "stop")
        killer = threading.Timer(PATIENCE, run.process.kill)
        killer.daemon = True
        killer.start()
    else:
        run.process.kill()


def prepare() -> None:
    """Have a process import TensorFlow, so that the next training begins at once; it is kept for ten minutes."""
    global _ready, _wanted_until
    with _lock:
        _wanted_until = time.monotonic() + READY
        if _ready is None or _ready.poll() is not None:
            _ready = _open("train", "--wait")
            if _running:
                _lower(_ready)
    _begin_watch()


def _start_waiting() -> None:
    with _lock:
        while _waiting and len(_running) < settings.number("MNIST_RUNS_AT_ONCE", 1):
            run = _waiting.pop(0)
            _running.append(run)
            _launch(run)
        if any(run.command == "train" for run in _waiting):
            prepare()


def _launch(run: Run) -> None:
    """Start a run's process, or end the run with the reason why there is none."""
    run.begun = time.monotonic()
    try:
        if run.command == "train":
            run.process = _take_ready()
            _tell(run.process, json.dumps(run.arguments[1:]))
        else:
            run.process = _open(*run.arguments)
        _lower(run.process)
    except OSError as error:
        run.error = f"no process could be started: {error.strerror}."
        _end(run)
        return
    threading.Thread(target=_watch, args=(run,), daemon=True).start()


def _take_ready() -> subprocess.Popen:
    """The process that has imported TensorFlow, or a new one."""
    global _ready
    process, _ready = _ready, None
    return process if process and process.poll() is None else _open("train", "--wait")


def _open(*arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "mnist_model", *arguments],
        cwd=folders.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )


def _lower(process: subprocess.Popen) -> None:
    """Give a process low priority: those who draw come first."""
    low = psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else 19
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(process.pid).nice(low)


def _tell(process: subprocess.Popen, line: str) -> None:
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
    except BrokenPipeError:
        pass  # it has ended; whoever watches it says how


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
        sys.stderr.writelines(errors)
        ended_outside = code < 0 or not errors
        run.error = "it was ended from outside." if ended_outside else errors[-1].strip().removeprefix("error: ")
    _end(run)


def _end(run: Run) -> None:
    """What follows a run: its folder gets its owner, a stopped training is measured, the next in the queue begins."""
    if run.folder:
        folders.claim(run.folder, run.owner)
    folders.clean()
    with _lock:
        _running.remove(run)
    run.ended.set()
    if run.folder and run.stopped:
        submit("measure", str(run.folder), owner=run.owner, first=True)
    if time.monotonic() < _wanted_until:
        prepare()
    _start_waiting()


def _begin_watch() -> None:
    global _watchman
    with _lock:
        if _watchman is None:
            _watchman = threading.Thread(target=_look_after, daemon=True)
            _watchman.start()


def _look_after() -> None:
    """Every few seconds: end the runs whose owners have gone, and the ready process nobody has asked for."""
    while True:
        time.sleep(3)
        now = time.monotonic()
        with _lock:
            unfinished = _running + _waiting
        for run in unfinished:
            if run.alive():
                run.seen = now
            elif now - run.seen > LOST and not run.stopped:
                run.lost = True
                stop(run)
        with _lock:
            if _ready is not None and now > _wanted_until:
                _end_ready()


def _end_ready() -> None:
    global _ready
    if _ready is not None:
        _ready.kill()
        _ready.wait()
        _ready = None


@atexit.register
def _end_all() -> None:
    """The server stops: nothing is left running, nor half-written."""
    with _lock:
        _waiting.clear()
        for run in _running:
            run.stopped = True
            if run.process:
                run.process.kill()
                run.process.wait()
        _end_ready()
    folders.clean()
