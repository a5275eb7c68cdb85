"""A study, done: each condition trained with each seed, and measured, by a queue's workers.

FOLDER/CONDITION-SEED is the run folder of one trial. What is there, whole and measured, is not done again, wherever it
was made; so a study goes on where it stopped.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from mnist_model.networks import disk, study
from mnist_model.networks.places import Figures
from mnist_model.networks.remedies import Remedy
from mnist_model.networks.run_folder import RunFolder, find
from mnist_model.networks.study import CONDITIONS, Condition, Row
from mnist_model.runs import durations, store
from mnist_model.runs.errors import NotARunFolder
from mnist_model.runs.jobs import Job, MeasureFigures, Train
from mnist_model.runs.queue import Queue
from mnist_model.runs.run import Run, State

MOST = 100  # seeds


@dataclass(eq=False)
class Trial:
    """One condition with one seed, and how far it is."""

    condition: Condition
    seed: int
    folder: RunFolder
    run: Run[Any] | None = None  # what is being done for it
    error: str = ""  # why it could not be done, in one sentence
    is_done: bool = False

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def has_ended(self) -> bool:
        return self.is_done or bool(self.error)

    def figures(self) -> list[Figures]:
        """Its figures, then those with centring in front of it, if there are such; fewer where it is not measured."""
        found = (self.folder.figures(centred) for centred in self.condition.network.fronts)
        return [each for each in found if each]

    def job(self) -> Job | None:
        """What is to be done next, by what is in its folder. Raises NotARunFolder where that is something else."""
        network, recipe = self.condition.network, replace(self.condition.network.recipe, seed=self.seed)
        if not self.folder.is_whole():
            return Train(network.name, recipe, self.folder.path)
        report = self.folder.report()
        if (report.network, report.recipe, report.epochs) != (network.name, recipe, recipe.epochs):
            raise NotARunFolder(f"{self.folder.path} holds another training: move it away.")
        is_measured = len(self.figures()) == len(network.fronts)
        return None if is_measured else MeasureFigures(self.folder.path)

    def is_measured(self) -> bool:
        """Whether nothing is left to be done."""
        with contextlib.suppress(NotARunFolder):
            return self.job() is None
        return False


def trials(conditions: Iterable[Condition], seeds: int, home: Path) -> list[Trial]:
    """All trials of a study with the seeds 0 to `seeds` − 1: all of a seed before the next, as it may be stopped."""
    named = list(conditions)
    return [
        Trial(condition, seed, RunFolder(home / f"{condition.name}-{seed}"))
        for seed in range(seeds)
        for condition in named
    ]


def advance(asked: Iterable[Trial], queue: Queue) -> Iterator[Trial]:
    """Have the queue do what is next of each trial, and say which have ended since the last time."""
    for trial in asked:
        if trial.has_ended or (trial.run and not trial.run.ended.is_set()):
            continue
        try:
            _advance(trial, queue)
        except NotARunFolder as error:
            trial.error = str(error)
        if trial.has_ended:
            yield trial


def state(asked: Sequence[Trial]) -> str:
    """How far a study is, in one line."""
    done = sum(trial.has_ended for trial in asked)
    doing = [f"{trial.name} {_doing(trial.run)}" for trial in asked if trial.run and trial.run.state is State.RUNNING]
    return ", ".join([f"{done} of {len(asked)} done", *doing])


def gathered(home: Path) -> dict[str, Row]:
    """What is measured in a folder, by condition, whoever did it."""
    found: dict[str, list[tuple[int, Figures]]] = {}
    parameters = {}
    for trial in trials(CONDITIONS.values(), MOST, home):
        if trial.is_measured():
            for centred, figures in zip(trial.condition.network.fronts, trial.figures(), strict=True):
                title = Remedy(trial.condition.name, centred).title
                found.setdefault(title, []).append((trial.seed, figures))
                parameters[title] = trial.folder.report().parameters
    return {title: Row(parameters[title], *zip(*measured, strict=True)) for title, measured in found.items()}


def write(home: Path) -> Path:
    """Write what is measured in a folder into the study's file there; returns it."""
    file = home / study.FILE
    disk.write({file: study.to_json(gathered(home)).encode()}, lasting=True)
    return file


def _doing(run: Run[Any]) -> str:
    if isinstance(run.job, Train) and run.measured is None:
        return f"epoch {run.history[-1].epoch if run.history else 0:.1f} of {run.job.recipe.epochs}"
    return f"measured {run.measured or 0:.0%}"


def _advance(trial: Trial, queue: Queue) -> None:
    if trial.run and trial.run.error:
        trial.error = trial.run.error
        return
    _take_shipped(trial)
    job = trial.job()
    trial.is_done = job is None
    if isinstance(job, Train):
        trial.run = queue.submit(job, usual=durations.seconds(job.network, job.recipe))
    elif job:
        trial.run = queue.submit(job, first=True)


def _take_shipped(trial: Trial) -> None:
    """Where a shipped network is this very training, it need not be done again."""
    shipped = find(trial.condition.network.name)
    if trial.folder.path.exists() or not shipped.exists():
        return
    if shipped.report().recipe == replace(trial.condition.network.recipe, seed=trial.seed):
        with store.writing(trial.folder.path) as half:
            RunFolder(half).write_files(shipped.files())
