"""What runs in a worker process (runs/process.py): it gets ready, takes one job from standard input, and does it.

python -m mnist_model.worker [--tensorflow]

What follows on standard input stops the job, and its end ends this process: the server is gone.
"""

import contextlib
import functools
import logging
import os
import queue
import sys
import threading
from collections.abc import Callable

from mnist_model.errors import NudgeError
from mnist_model.images import dataset
from mnist_model.networks.positions import MEASURED
from mnist_model.runs import measuring, messages
from mnist_model.runs.messages import Done, Evaluate, Failed, Job, MeasureShifts, Message, Progress, Train
from mnist_model.training.importing import training_modules

Say = Callable[[Message], None]
_mnist = functools.cache(dataset.load)


def main() -> None:
    stopping = threading.Event()
    jobs = _listen(stopping)
    say = _speaker()
    threading.Thread(target=_mnist).start()  # meanwhile, on the other core
    if "--tensorflow" in sys.argv:
        _get_ready(jobs)
    with contextlib.suppress(BrokenPipeError):  # the server is gone
        _attempt(jobs.get(), say, stopping)
    os._exit(0)  # taking TensorFlow down in order takes a third of a second


def do(job: Job, say: Say, stopping: threading.Event) -> None:
    """Do a job, saying how it goes."""
    match job:
        case Train():
            run, _ = training_modules()
            run.run(job.network, job.recipe, _mnist(), job.folder, say, _progress(say), stopping.is_set)
        case Evaluate():
            measuring.evaluate_run(job.folder, _mnist(), _progress(say))
        case MeasureShifts():
            show = _progress(say)
            measuring.measure_shifts(job.folder, False, _mnist(), lambda done: show(done / len(MEASURED)))


def _attempt(job: Job, say: Say, stopping: threading.Event) -> None:
    """Do a job, or say in one sentence why it cannot be done."""
    try:
        do(job, say, stopping)
    except NudgeError as error:
        say(Failed(str(error)))
    except Exception as error:
        logging.getLogger(__name__).exception("the job failed")
        say(Failed(f"something unexpected went wrong ({type(error).__name__}); the server's log says more."))
    else:
        say(Done())


def _progress(say: Say) -> Callable[[float], None]:
    return lambda done: say(Progress(done))


def _listen(stopping: threading.Event) -> "queue.Queue[Job]":
    """The job comes out of the queue; what comes after it sets `stopping`, and the input's end ends this process."""
    jobs: queue.Queue[Job] = queue.Queue()

    def listen() -> None:
        """Read messages until the input ends."""
        for count, message in enumerate(messages.received(sys.stdin.buffer)):
            if count:
                stopping.set()
            else:
                jobs.put(message)  # type: ignore[arg-type]
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    return jobs


def _speaker() -> Say:
    """What sends messages. Standard output is theirs alone: what anything else prints goes to standard error."""
    stream = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return functools.partial(messages.send, stream)


def _get_ready(jobs: "queue.Queue[Job]") -> None:
    """Import TensorFlow and, while there is time, ask a network once: the first call takes longer."""
    with contextlib.suppress(NudgeError):  # it is said when there is something to train
        _, models = training_modules()
        if jobs.empty():
            models.dense()(dataset.scale(_mnist().test_images[:1000]))


if __name__ == "__main__":
    main()
