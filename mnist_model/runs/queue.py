"""The queue of runs: each is a job for the engine's workers; so many are done at once, the others wait their turn.

Turns go round by owner: nobody's second run comes before anybody's first. Whatever happens to a run, its slot is given
back and the next one begins.
"""

import atexit
import contextlib
import logging
import statistics
import threading
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from mnist_model.errors import NudgeError
from mnist_model.networks.history import Record
from mnist_model.runs import store
from mnist_model.runs.errors import NoWorkers, TooLong, TooManyRuns
from mnist_model.runs.jobs import Evaluate, Job, JobT, Train
from mnist_model.runs.messages import Begun, End, Files, Hear, Message, Progress, Weights
from mnist_model.runs.run import Run, State, inputs, keep

LOST = 90  # seconds after which a run ends whose owner has gone, unless less than that is left of it
ASLEEP = 900  # seconds for which a run keeps its place whose owner has gone
READY = 600  # seconds for which workers are kept ready
REMEMBERED = 200  # runs whose records stay in memory
WAITING = 3  # runs that an owner may have waiting
FROM_ONE_ADDRESS = 100  # runs that all owners at one address may have waiting: a class may have one address together
ATTEMPTS = 2  # of a run, where its worker or the way to it was lost
GLANCE = 3  # seconds between two looks at who is still there
LOG = logging.getLogger(__name__)


class Place(NamedTuple):
    """Where a run is in the queue."""

    number: int  # how many have to begin before it does, itself included: 0 where it has begun
    ahead: int  # runs that come before it: those in progress, and those before it in the queue
    seconds: float  # about how long it still has to wait


class Engine(Protocol):
    """What does the jobs (engine/cluster.py)."""

    @property
    def slots(self) -> int: ...
    def prepare(self) -> None: ...
    def rest(self) -> None: ...
    def begin(self, key: str, job: Job, files: Files, hear: Hear, end: End) -> None: ...
    def stop(self, key: str) -> None: ...
    def abandon(self, key: str) -> None: ...
    def close(self) -> None: ...


class Queue:
    """Runs, as many of them at the same time as the engine has slots. May be used from any thread.

    A run that is expected to take more than `longest` seconds is refused. Where nobody can do any run at the moment,
    `trouble` is a sentence that says why, and all wait.
    """

    def __init__(
        self, engine: Callable[[], Engine], longest: float = float("inf"), lost: float = LOST, ready: float = READY
    ) -> None:
        self._start_engine, self._longest, self._lost, self._ready_for = engine, longest, lost, ready
        self._engine: Engine | None = None
        self.trouble = ""
        self._lock = threading.RLock()
        self._waiting: list[Run[Any]] = []
        self._running: list[Run[Any]] = []
        self._known: dict[Run[Any], None] = {}  # in the order of their submission
        # How much longer the last runs took than was usual. One that was slow alone does not count, because what is
        # usual follows it, too (durations.py).
        self._slower = deque([1.0] * 3, maxlen=20)
        self._wanted_until = 0.0
        self._closed, self._wake = threading.Event(), threading.Event()
        threading.Thread(target=self._look_after, daemon=True).start()
        atexit.register(self.close)

    def submit(
        self,
        job: JobT,
        owner: str = "",
        alive: Callable[[], bool] = lambda: True,
        usual: float = 0.0,
        first: bool = False,
        address: str = "",
        files: Callable[[], Files] = dict,
    ) -> Run[JobT]:
        """Put a job into the queue, `first` or in turn; it takes its `usual` seconds on an idle machine.

        An owner who asks for the same again before it has ended gets that run. Raises TooManyRuns, and TooLong.
        """
        self.check(usual)
        run = Run(job, owner, alive, usual, self.expected(usual), first, address, files)
        with self._lock:
            if same := self.unfinished_like(job, owner):
                return same
            if not first:
                self._refuse_greed(owner, address)
            self._waiting.append(run)
            self._known[run] = None
            self._forget()
        self.prepare()
        return run

    def check(self, usual: float) -> None:
        """Raises TooLong where a run that takes so many seconds on an idle machine would be refused."""
        if (expected := self.expected(usual)) > self._longest:
            raise TooLong(
                f"That would take about {expected / 60:.0f} minutes, and a training here may take "
                f"{self._longest / 60:.0f}: choose fewer epochs, fewer images or a smaller network."
            )

    def _refuse_greed(self, owner: str, address: str) -> None:
        if owner and sum(run.owner == owner for run in self._waiting) >= WAITING:
            raise TooManyRuns(f"You have {WAITING} runs waiting: let one of them begin, or take it back.")
        if address and sum(run.address == address for run in self._waiting) >= FROM_ONE_ADDRESS:
            raise TooManyRuns(f"{FROM_ONE_ADDRESS} runs wait from your network already: let some of them begin.")

    def unfinished(self) -> list[Run[Any]]:
        """All runs that have not ended: those in progress, then those that wait, in the order of their turns."""
        with self._lock:
            return self._running + self.turns()

    def unfinished_like(self, job: JobT, owner: str) -> Run[JobT] | None:
        """An owner's run of the same job that has not ended and goes on."""
        alike = (run for run in self.unfinished() if owner and run.owner == owner and run.job == job)
        return next((run for run in alike if not run.stopping), None)

    def expected(self, seconds: float) -> float:
        """How long something will take here, by the last runs, that takes so many seconds on an idle machine."""
        return seconds * statistics.median(self._slower)

    def of(self, owner: str, kind: type[JobT]) -> list[Run[JobT]]:
        """The runs of a kind of job that an owner has submitted, oldest first, as far as they are remembered."""
        with self._lock:
            return [run for run in self._known if run.owner == owner and isinstance(run.job, kind)]

    def latest(self, owner: str, kind: type[JobT]) -> Run[JobT] | None:
        """An owner's run in progress of a kind of job, else the next one, else the last."""
        runs = self.of(owner, kind)
        unfinished = [run for state in (State.RUNNING, State.WAITING) for run in runs if run.state is state]
        return next(iter(unfinished or runs[-1:]), None)

    def turns(self) -> list[Run[Any]]:
        """The waiting runs in the order of their turns: those that are `first`, everybody's first, everybody's second.

        A run in progress counts as its owner's first. `first` are those moved ahead, those whose worker was lost, and
        evaluations of what was stopped.
        """
        with self._lock:
            rounds = Counter(run.owner for run in self._running)
            turn = {}
            for run in self._waiting:
                turn[run] = (not run.first, rounds[run.owner])
                rounds[run.owner] += 1
            return sorted(turn, key=turn.__getitem__)

    def places(self) -> dict[Run[Any], Place]:
        """All runs that have not ended, in the order of their turns, and where each is in the queue."""
        with self._lock:
            begun, turns = list(self._running), self.turns()
        places, seconds = dict.fromkeys(begun, Place(0, 0, 0.0)), sum(run.seconds_left for run in begun)
        for number, run in enumerate(turns, 1):
            places[run] = Place(number, len(begun) + number - 1, seconds / self._slots)
            seconds += run.seconds_left
        return places

    def stop(self, run: Run[Any], state: State = State.STOPPED) -> None:
        """Leave the queue, or end: a training keeps what it has learned.

        The engine asks the worker (engine/worker.py), the loop heeds it after its next steps (training/run.py), and
        what it had learned comes back, is kept and then evaluated first (`_end`).
        """
        with self._lock:
            if not run.can_be_stopped:
                return
            run.stopping = state
            has_learned = any(record.examples for record in run.history)
            if not has_learned:
                (self._waiting if run in self._waiting else self._running).remove(run)
                run.state, run.weights = state, None
                run.ended.set()
        if self._engine and run.begun:
            (self._engine.stop if has_learned else self._engine.abandon)(run.key)
        self._wake.set()

    def move_ahead(self, run: Run[Any]) -> None:
        """Make a waiting run the next one."""
        with self._lock:
            if run in self._waiting:
                self._waiting.remove(run)
                self._waiting.insert(0, run)
                run.first = True
        self._wake.set()

    def prepare(self) -> None:
        """Have workers ready, so that the next training begins at once; they are kept for ten minutes."""
        self._wanted_until = time.monotonic() + self._ready_for
        self._wake.set()

    def close(self) -> None:
        """The server stops: nothing is left running, nor half-written."""
        self._closed.set()
        self._wake.set()
        with self._lock:
            for run in self._waiting + self._running:
                run.state = State.STOPPED
                run.ended.set()
            self._waiting.clear()
            self._running.clear()
        if self._engine:
            self._engine.close()
        store.clean()

    def _look_after(self) -> None:
        """Every few seconds, and when something has changed: begin what can begin, end what nobody waits for."""
        while not self._closed.is_set():
            try:
                self._end_lost()
                self._keep_workers()
                self.trouble = ""
                self._begin_waiting()
            except NoWorkers as error:
                if str(error) != self.trouble:
                    LOG.warning("%s", error)
                self.trouble = str(error)
            except Exception:  # the next look may succeed; without looks, nothing would ever begin
                LOG.exception("looking after the runs failed")
            self._wake.wait(GLANCE)
            self._wake.clear()

    def _begin_waiting(self) -> None:
        for run in self.turns():
            with self._lock:
                if len(self._running) >= self._slots:
                    return
                if run not in self._waiting or not run.alive():  # its turn passes while nobody is there
                    continue
                self._waiting.remove(run)
                self._running.append(run)
                run.state, run.begun = State.RUNNING, time.monotonic()
            self._begin(run)

    def _begin(self, run: Run[Any]) -> None:
        try:
            engine = self._started()
            engine.begin(
                run.key, run.job, inputs(run), lambda said: self._hear(run, said), lambda end: self._end(run, end)
            )
            if run.ended.is_set():  # it was stopped in the meantime
                engine.abandon(run.key)
        except Exception as error:
            self._end(run, error)

    def _hear(self, run: Run[Any], said: Message) -> None:
        """Note what a run's worker says."""
        match said:
            case Begun():
                run.attempts += 1
                run.begun = time.monotonic()  # until now it may have waited for other servers' runs
                run.forget_attempt()
                if run.stopping and self._engine:
                    self._engine.stop(run.key)
            case Record():
                run.history.append(said)
            case Weights():
                run.weights = said.arrays
            case Progress():
                run.measured = said.done

    def _end(self, run: Run[Any], end: Files | Exception) -> None:
        """What follows a run: its files are written, its slot is free, a stopped training is evaluated first."""
        if run.ended.is_set():  # it was given up: what comes late is not wanted any more
            return
        try:
            if isinstance(end, Exception):
                raise end
            keep(run, end)
            run.is_kept = True
            run.history = run.history[-2:]  # all of it is in the folder
        except NoWorkers as error:
            if self._wait_again(run):
                return
            run.error = str(error)
        except NudgeError as error:
            run.error = str(error)
        except OSError as error:
            run.error = f"it could not be kept or begun: {error.strerror}."
        except Exception as error:
            LOG.exception("a run failed")
            run.error = f"something unexpected went wrong ({type(error).__name__}); the server's log says more."
        self._note_end(run)
        run.weights = None
        if run.is_kept and run.stopping and isinstance(run.job, Train):
            self.submit(Evaluate(run.job.folder), owner=run.owner, alive=run.alive, first=True)
        run.ended.set()
        self._wake.set()

    def _note_end(self, run: Run[Any]) -> None:
        """Give a run's slot back, and learn from how long it took."""
        with self._lock, contextlib.suppress(ValueError):  # it was given up just now
            self._running.remove(run)
            run.state = run.stopping if run.stopping and run.is_kept else State.FAILED if run.error else State.DONE
            if run.state is State.DONE and run.usual:
                self._slower.append((time.monotonic() - run.begun) / run.usual)

    def _wait_again(self, run: Run[Any]) -> bool:
        """Put a run whose workers are gone in front of the queue, unless it has been begun often enough."""
        with self._lock:
            if run.stopping or run.attempts >= ATTEMPTS or run not in self._running:
                return False
            self._running.remove(run)
            self._waiting.insert(0, run)
            run.state, run.first, run.begun = State.WAITING, True, 0.0
            run.forget_attempt()
        self._wake.set()
        return True

    def _end_lost(self) -> None:
        now = time.monotonic()
        for run in self.unfinished():
            if run.alive():
                run.seen = now
                continue
            patience = self._lost if run.begun else ASLEEP
            is_nearly_done = run.begun and run.seconds_left < self._lost
            if now - run.seen > patience and not is_nearly_done:
                self.stop(run, State.LOST)

    def _keep_workers(self) -> None:
        if time.monotonic() < self._wanted_until or self._waiting:
            self._started().prepare()
        elif self._engine and not self._running:
            self._engine.rest()

    @property
    def _slots(self) -> int:
        return self._engine.slots if self._engine else 1

    def _started(self) -> Engine:
        if self._engine is None:
            self._engine = self._start_engine()
        return self._engine

    def _forget(self) -> None:
        """Keep only so many finished runs in memory."""
        finished = [run for run in self._known if run.ended.is_set()]
        for run in finished[: max(0, len(self._known) - REMEMBERED)]:
            del self._known[run]
