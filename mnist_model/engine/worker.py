"""What runs in a worker's process: it imports TensorFlow once, and then does one job after the other."""

import contextlib
import errno
import functools
import gc
import os
import pickle
import tempfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psutil
from distributed import Worker, get_worker

from mnist_model import heap
from mnist_model.errors import NudgeError
from mnist_model.images import dataset
from mnist_model.networks.registry import NETWORKS, TUTORIAL
from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import measuring
from mnist_model.runs.errors import DiskFull
from mnist_model.runs.jobs import OURS, Evaluate, Job, MeasureFigures, MeasureShifts, Train
from mnist_model.runs.messages import Begun, Files, Message, Progress, Weights
from mnist_model.training.errors import Stopped
from mnist_model.training.importing import training_modules
from mnist_model.training.ours import read

MOST_BYTES = 2_000_000  # bytes of weights that are said as they are learned
UNTRAINED = 2  # messages of a training before its first step: a record, and weights
PATIENCE = 30  # seconds for a job to end after it was asked to
_mnist = functools.cache(dataset.load)
_asked_to_stop: set[str] = set()
_doing: set[str] = set()
_training = threading.Lock()  # TensorFlow is imported, and a compiled network used, by one thread at a time


def dask_setup(worker: Worker) -> None:
    """Dask calls this in a new worker: it gets ready, so that its first job finds TensorFlow imported."""
    threading.Thread(target=_get_ready, daemon=True).start()


def dask_teardown(worker: Worker) -> None:
    """Dask calls this when a worker's scheduler is gone, or wants it no more: what it is doing is for nobody."""
    os._exit(0)  # to end in order, TensorFlow's threads would have to come back first


def work(topic: str, key: str, job: Job, files: Files) -> Files:
    """Do a job on the run folder of these files, saying how it goes; the files that are new or changed by it.

    The topic is that of the server whose job it is.

    Raises NudgeError.
    """
    say = functools.partial(_say, get_worker(), topic, key)
    say(Begun())
    _doing.add(key)
    try:
        with tempfile.TemporaryDirectory(dir=get_worker().local_directory) as place:
            folder = RunFolder(Path(place) / job.folder.name)
            folder.write_files({name: content for name, content in files.items() if name != OURS})
            _do(job, folder, files.get(OURS), say, functools.partial(_is_to_stop, get_worker(), key))
            made = folder.files("**/*")
            return {name: content for name, content in made.items() if files.get(name) != content}
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull("The disk of the machine that did it is full: nothing could be kept.") from error
        raise
    finally:
        _doing.discard(key)
        _asked_to_stop.discard(key)
        heap.trim()


def ask_to_stop(key: str) -> None:
    """Have a job end and return what it has; where it does not within half a minute, this process ends."""
    _asked_to_stop.add(key)
    later = threading.Timer(PATIENCE, _end_unless_stopped, [key])
    later.daemon = True
    later.start()


def _end_unless_stopped(key: str) -> None:
    if key in _doing:
        os._exit(1)
    _asked_to_stop.discard(key)


def _do(
    job: Job, folder: RunFolder, ours: bytes | None, say: Callable[[Message], None], stopping: Callable[[], bool]
) -> None:
    match job:
        case Train():
            with _training:
                run, _ = training_modules()
                run.run(job.network, job.recipe, _mnist(), folder.path, say, stopping, ours and read(ours))
        case Evaluate():
            measuring.evaluate_run(folder.path, _mnist(), _heeding(say, stopping))
        case MeasureShifts():
            show, of = _heeding(say, stopping), len(measuring.offsets(job.near))
            measuring.measure_shifts(folder.path, False, _mnist(), lambda done: show(done / of), job.near)
        case MeasureFigures():
            measuring.measure_figures(folder.path, _mnist(), _heeding(say, stopping))


def _heeding(say: Callable[[Message], None], stopping: Callable[[], bool]) -> Callable[[float], None]:
    """What says how much of a measurement is done, 0–1, and raises Stopped where it is to stop."""

    def show(done: float) -> None:
        if stopping():
            raise Stopped("It was stopped; nothing was kept.")
        say(Progress(done))

    return show


def _say(worker: Worker, topic: str, key: str, message: Message) -> None:
    if not isinstance(message, Weights) or sum(each.nbytes for each in message.arrays) <= MOST_BYTES:
        worker.log_event(topic, pickle.dumps((key, message)))


def _is_to_stop(worker: Worker, key: str) -> bool:
    """Whether a job was asked to stop, or nobody waits for it any more: its server is gone, or gave it up."""
    task = worker.state.tasks.get(key)
    return key in _asked_to_stop or task is None or task.state == "cancelled"


def _get_ready() -> None:
    threading.Thread(target=_mnist, daemon=True).start()  # meanwhile, on the other core
    with contextlib.suppress(NudgeError), _training:  # what is missing is said when there is something to train
        run, models = training_modules()
        if not _doing:
            recipe, said = replace(NETWORKS[TUTORIAL].recipe, epochs=1), list[Message]()
            run.learn(models.build(TUTORIAL, recipe), recipe, _mnist(), said.append, lambda: len(said) > UNTRAINED)
    gc.collect()
    heap.trim()  # 50 MB that importing and compiling took
    _let_others_pass()


def _let_others_pass() -> None:
    """Low priority: who draws comes first. Only once it is ready, which on busy cores would else take minutes."""
    process = psutil.Process()
    if psutil.LINUX:  # where each thread has a priority of its own, and so has each session
        for thread in process.threads():
            os.setpriority(os.PRIO_PROCESS, thread.id, 19)
        if os.getsid(0) == os.getppid():  # the session is the engine's, and no terminal's
            with contextlib.suppress(OSError):  # this Linux does not weigh sessions
                Path("/proc/self/autogroup").write_text("10")  # a tenth of a core, however busy the others are
    else:
        process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else 19)
