"""A run: one job, whose it is, how far it has come; what a worker begins it from, and what is kept of it."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Generic

import numpy as np

from mnist_model.networks.history import Record
from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import durations, store
from mnist_model.runs.errors import NotARunFolder
from mnist_model.runs.jobs import JobT, Train
from mnist_model.runs.messages import Files


class State(Enum):
    """Where a run is."""

    WAITING = auto()
    RUNNING = auto()
    DONE = auto()
    STOPPED = auto()  # on its owner's wish
    DISMISSED = auto()  # on the teacher's wish
    LOST = auto()  # its owner was gone
    FAILED = auto()


@dataclass(eq=False)
class Run(Generic[JobT]):
    """One job in the queue. Its queue alone changes it; others read."""

    job: JobT
    owner: str
    alive: Callable[[], bool]  # whether its owner is still there
    usual: float  # seconds that it takes on an idle machine
    expected: float  # seconds that it will take here
    first: bool = False  # whether it goes before the others
    address: str = ""  # where its owner is
    files: Callable[[], Files] = dict  # what a training needs besides MNIST, to be had when it begins
    key: str = field(default_factory=lambda: secrets.token_hex(8))
    state: State = State.WAITING
    history: list[Record] = field(default_factory=list)  # of a training, as far as it has come; once kept, its end
    weights: list[np.ndarray] | None = None  # of a training, as they were lately
    measured: float | None = None  # how much of the evaluation is done, 0–1; None before it
    attempts: int = 0  # how often a worker has begun it: again, where the first one was killed
    stopping: State | None = None  # what it will be, where it was asked to end
    is_kept: bool = False  # whether all that it writes is written
    error: str = ""  # one sentence
    begun: float = 0.0  # when it was given to the engine; then, when a worker has begun it
    seen: float = field(default_factory=time.monotonic)  # when the owner was last there
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def folder(self) -> RunFolder | None:
        """The run folder that was written or measured, once that is complete."""
        return RunFolder(self.job.folder) if self.is_kept else None

    def forget_attempt(self) -> None:
        """What a worker has said that is lost, or that begins again."""
        self.history, self.weights, self.measured = [], None, None

    @property
    def can_be_stopped(self) -> bool:
        """Whether stopping it means anything: a training that is being evaluated goes on."""
        is_trained = isinstance(self.job, Train) and self.measured is not None
        return self.state in (State.WAITING, State.RUNNING) and not self.stopping and not is_trained

    @property
    def seconds_left(self) -> float:
        """About how long it will take yet, once it has begun: by how it goes, else by what was expected."""
        if isinstance(self.job, Train) and self.measured is None and not self.job.ours:  # else others follow it
            left = durations.seconds_left(self.history, self.job.recipe.epochs)
            if left is not None:
                return left
        return max(0.0, self.expected - (time.monotonic() - self.begun if self.begun else 0.0))


def inputs(run: Run[Any]) -> Files:
    """What a worker needs for a run besides MNIST: the folder that is measured, which is now in use."""
    if isinstance(run.job, Train):
        return run.files()
    folder = RunFolder(run.job.folder)
    folder.use()
    return folder.files()


def keep(run: Run[Any], files: Files) -> None:
    """Keep what a worker has made of a run. A training's folder is there whole and with its owner, or not at all."""
    if isinstance(run.job, Train):
        with store.writing(run.job.folder) as half:
            RunFolder(half).claim(run.owner)  # first: whoever holds most makes room (runs/disk_space.py)
            RunFolder(half).write_files(files)
    elif RunFolder(run.job.folder).exists():
        RunFolder(run.job.folder).write_files(files)
    else:
        raise NotARunFolder("the run was deleted in the meantime.")
