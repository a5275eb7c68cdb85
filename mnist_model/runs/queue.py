"""The queue of runs: each is a job in a process of its own; so many run at once, the others wait their turn.

Whatever happens to a run, its slot is given back and the next one begins: nothing that a process says or leaves undone,
no folder that vanishes and no full disk can hold the queue.
"""

import atexit
import logging
import pickle
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Generic

from mnist_model.networks.history import Record
from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import store
from mnist_model.runs.messages import Done, Evaluate, Failed, Job, JobT, Progress, Train
from mnist_model.runs.process import Worker

LOST = 90  # seconds after which a run ends whose owner has gone
READY = 600  # seconds for which a process with TensorFlow is kept ready
REMEMBERED = 200  # runs whose records stay in memory
PATIENCE = 30  # seconds for a training to end after it was asked to
LOG = logging.getLogger(__name__)
GLANCE = 3  # seconds between two looks at who is still there


class State(Enum):
    """Where a run is."""

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    STOPPED = auto()  # on its owner's wish
    LOST = auto()  # its owner was gone
    FAILED = auto()


@dataclass(eq=False)
class Run(Generic[JobT]):
    """One job in the queue. Its queue alone changes it; others read."""

    job: JobT
    owner: str
    alive: Callable[[], bool]  # whether its owner is still there
    expected: float  # seconds that it will take
    state: State = State.WAITING
    history: list[Record] = field(default_factory=list)  # of a training, as far as it has come
    measured: float | None = None  # how much of the evaluation is done, 0–1; None before it
    stopping: State | None = None  # what it will be, where it was asked to end
    is_kept: bool = False  # whether all that it writes is written
    error: str = ""  # one sentence
    worker: Worker | None = None
    begun: float = 0.0  # when its process was started
    seen: float = field(default_factory=time.monotonic)  # when the owner was last there
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def folder(self) -> RunFolder | None:
        """The run folder that was written or measured, once that is complete."""
        return RunFolder(self.job.folder) if self.is_kept else None

    @property
    def can_be_stopped(self) -> bool:
        """Whether stopping it means anything: a training that is being evaluated goes on."""
        is_trained = isinstance(self.job, Train) and self.measured is not None
        return self.state in (State.WAITING, State.RUNNING) and not self.stopping and not is_trained


class Queue:
    """Runs, `at_once` of them at the same time. May be used from any thread."""

    def __init__(self, at_once: int = 1, lost: float = LOST, ready: float = READY) -> None:
        self._at_once, self._lost, self._ready_for = at_once, lost, ready
        self._lock = threading.RLock()
        self._waiting: list[Run[Any]] = []
        self._running: list[Run[Any]] = []
        self._latest: dict[tuple[str, type], Run[Any]] = {}
        self._ready: Worker | None = None
        self._wanted_until = 0.0
        self._closed = threading.Event()
        threading.Thread(target=self._look_after, daemon=True).start()
        atexit.register(self.close)

    def submit(
        self,
        job: JobT,
        owner: str = "",
        alive: Callable[[], bool] = lambda: True,
        expected: float = 0.0,
        first: bool = False,
    ) -> Run[JobT]:
        """Put a job into the queue, `first` or last. A run whose owner is not `alive` for a minute and a half ends."""
        run = Run(job, owner, alive, expected)
        with self._lock:
            self._waiting.insert(0 if first else len(self._waiting), run)
            self._latest.pop((owner, type(job)), None)
            self._latest[owner, type(job)] = run
            while len(self._latest) > REMEMBERED:
                del self._latest[next(iter(self._latest))]
        self._start_waiting()
        return run

    def latest(self, owner: str, kind: type[JobT]) -> Run[JobT] | None:
        """The last run of a kind of job that an owner has submitted."""
        return self._latest.get((owner, kind))

    def place(self, run: Run[Any]) -> int:
        """How many have to begin before this run does, itself included: 0 where it has begun."""
        with self._lock:
            return self._waiting.index(run) + 1 if run in self._waiting else 0

    def ahead(self, run: Run[Any]) -> list[Run[Any]]:
        """The runs that come before a waiting one: those that run and those before it in the queue."""
        with self._lock:
            return self._running + (self._waiting[: self._waiting.index(run)] if run in self._waiting else [])

    def seconds_until(self, run: Run[Any]) -> float:
        """About how long a waiting run still has to wait, as far as the runs before it have said what they expect."""
        now = time.monotonic()
        left = [max(0.0, each.expected - (now - each.begun if each.begun else 0)) for each in self.ahead(run)]
        return sum(left) / self._at_once

    def stop(self, run: Run[Any], state: State = State.STOPPED) -> None:
        """Leave the queue, or end: a training keeps what it has learned."""
        with self._lock:
            if not run.can_be_stopped:
                return
            run.stopping = state
            if run in self._waiting:
                self._waiting.remove(run)
                run.state = state
                run.ended.set()
            if run.worker is None:
                return
        if any(record.examples for record in run.history):
            run.worker.ask_to_stop()
            killer = threading.Timer(PATIENCE, run.worker.kill)
            killer.daemon = True
            killer.start()
        else:
            run.worker.kill()

    def prepare(self) -> None:
        """Have a process import TensorFlow, so that the next training begins at once; it is kept for ten minutes."""
        with self._lock:
            self._wanted_until = time.monotonic() + self._ready_for
            if self._closed.is_set() or (self._ready and self._ready.is_alive()):
                return
            try:
                self._ready = Worker(loads_tensorflow=True)
                if self._running:
                    self._ready.lower()
            except OSError:  # a training then starts one of its own, or says why it cannot
                LOG.exception("no process could be made ready")

    def close(self) -> None:
        """The server stops: nothing is left running, nor half-written."""
        self._closed.set()
        with self._lock:
            for run in self._waiting:
                run.state = State.STOPPED
                run.ended.set()
            self._waiting.clear()
            workers = [run.worker for run in self._running if run.worker]
            for run in self._running:
                run.stopping = State.STOPPED
            ending = list(self._running)
        for worker in workers:
            worker.kill()
        self._end_ready()
        for run in ending:
            run.ended.wait(PATIENCE)
        store.clean()

    def _start_waiting(self) -> None:
        with self._lock:
            while self._waiting and len(self._running) < self._at_once and not self._closed.is_set():
                run = self._waiting.pop(0)
                self._running.append(run)
                run.state, run.begun = State.RUNNING, time.monotonic()
                try:
                    threading.Thread(target=self._carry_out, args=(run,), daemon=True).start()
                except RuntimeError:
                    run.error = "the server has no thread left for it."
                    self._end(run)
            trains_next = any(isinstance(run.job, Train) for run in self._waiting)
        if trains_next:
            self.prepare()

    def _carry_out(self, run: Run[Any]) -> None:
        """A run from its process's start to its end, whatever happens."""
        try:
            run.worker = self._worker(run.job)
            if run.stopping:  # while it was being started
                return
            run.worker.begin(run.job)
            for message in run.worker.messages():
                _take(run, message)
        except OSError as error:
            run.error = f"no process could be started or read: {error.strerror}."
        except pickle.UnpicklingError:
            LOG.exception("a run's process broke off")
        except Exception:
            LOG.exception("a run failed")
            run.error = "what its process said could not be understood."
        finally:
            self._end(run)

    def _worker(self, job: Job) -> Worker:
        """The process that has imported TensorFlow, or a new one."""
        if not isinstance(job, Train):
            return Worker(loads_tensorflow=False)
        with self._lock:
            ready, self._ready = self._ready, None
        return ready if ready and ready.is_alive() else Worker(loads_tensorflow=True)

    def _end(self, run: Run[Any]) -> None:
        """What follows a run: its slot is free, its folder gets its owner, a stopped training is evaluated first."""
        try:
            if run.worker:
                run.worker.close()
            if run.is_kept and isinstance(run.job, Train):
                RunFolder(run.job.folder).claim(run.owner)
            store.clean()
        except OSError as error:
            run.is_kept = False
            run.error = f"its folder could not be kept: {error.strerror}."
        finally:
            run.state = _outcome(run)
            with self._lock:
                self._running.remove(run)
            run.ended.set()
        if run.is_kept and run.stopping and isinstance(run.job, Train):
            self.submit(Evaluate(run.job.folder), owner=run.owner, first=True)
        self._start_waiting()
        if time.monotonic() < self._wanted_until:
            self.prepare()

    def _look_after(self) -> None:
        """Every few seconds: end the runs whose owners have gone, and the ready process nobody has asked for."""
        while not self._closed.wait(GLANCE):
            try:
                self._end_lost()
                if time.monotonic() > self._wanted_until:
                    self._end_ready()
            except Exception:  # the next look may succeed; without looks, nothing would ever end
                LOG.exception("looking after the runs failed")

    def _end_lost(self) -> None:
        now = time.monotonic()
        with self._lock:
            unfinished = self._running + self._waiting
        for run in unfinished:
            if run.alive():
                run.seen = now
            elif now - run.seen > self._lost:
                self.stop(run, State.LOST)

    def _end_ready(self) -> None:
        with self._lock:
            ready, self._ready = self._ready, None
        if ready:
            ready.close()


def _take(run: Run[Any], message: object) -> None:
    """Note what a run's process says."""
    match message:
        case Record():
            run.history.append(message)
        case Progress():
            run.measured = message.done
        case Done():
            run.is_kept = True
        case Failed():
            run.error = message.sentence
        case _:
            raise TypeError(f"not a message: {message!r}")


def _outcome(run: Run[Any]) -> State:
    """What a run has come to, once its process has ended."""
    if run.stopping and (run.is_kept or not run.error):
        return run.stopping
    if not run.is_kept and not run.error:
        run.error = "it was ended from outside."
    return State.FAILED if run.error else State.DONE
