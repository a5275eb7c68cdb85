"""This browser's runs on the pages: put into the queue, watched, left."""

import functools
import threading
from collections.abc import Callable

import streamlit as st

from mnist_model import addresses
from mnist_model.networks.report import trained_by
from mnist_model.pages.shared import owner
from mnist_model.pages.shared.titles import title
from mnist_model.render.words import duration
from mnist_model.runs import settings
from mnist_model.runs.errors import TooLong, TooManyRuns
from mnist_model.runs.jobs import OURS, Job, JobT, Train
from mnist_model.runs.messages import Files
from mnist_model.runs.queue import Engine, Queue
from mnist_model.runs.run import Run, State

WAITS = "Until that changes, nothing is trained or measured here, and every run waits."
SOON = 2  # the last place in the queue from which one looks often whether one's run begins
RUNS, WAITS_SHORT, WAITS_LONG = 0.3, 1.0, 5.0  # seconds between two looks: thirty who wait should not keep the server
_starting = threading.Lock()


def queue() -> Queue:
    """The server's queue."""
    with _starting:  # two who ask first would else start one each
        return _queue()


@functools.cache
def _queue() -> Queue:
    return Queue(cluster, 60 * settings.number("MNIST_RUN_MINUTES", 3) if is_open() else float("inf"))


def is_open() -> bool:
    """Whether others than this machine's own browsers may come."""
    return addresses.is_open(st.get_option("server.address"), st.get_option("server.port"))


def cluster() -> Engine:
    """What does the jobs."""
    from mnist_model.engine.cluster import chosen  # half a second and 46 MB, only for who trains

    return chosen()


def line(job: Job) -> str:
    """What is trained, and how, or what is measured: in one line."""
    if isinstance(job, Train):
        ours = ", with our digits" if job.ours else ""
        return f"{job.network}: {trained_by(job.network, job.recipe)}{ours}"
    return f"measures {title(str(job.folder)).short}"


def submit(job: Job, usual: float = 0.0, ours: Callable[[], bytes] | None = None) -> None:
    """Put a job into the queue as this browser's, that takes so many seconds on an idle machine.

    `ours` has a class's digits for a training, asked when that begins: not in a run of a page.
    """
    name = owner.me()
    files: Callable[[], Files] = (lambda: {OURS: ours()}) if ours else dict
    try:
        queue().submit(job, name, functools.partial(owner.is_there, name), usual, address=owner.address(), files=files)
    except (TooLong, TooManyRuns) as error:
        st.session_state.refused = str(error)


def too_long(usual: float) -> str:
    """Why a run that takes so many seconds on an idle machine would be refused; "" where it would not."""
    try:
        queue().check(usual)
    except TooLong as error:
        return str(error)
    return ""


def refused() -> None:
    """Say why the last press was refused, once."""
    if "refused" in st.session_state:
        st.error(st.session_state.pop("refused"))


def mine(kind: type[JobT]) -> Run[JobT] | None:
    """This browser's run of a kind of job: the one in progress, else the next one, else the last."""
    return queue().latest(owner.me(), kind)


def all_mine(kind: type[JobT]) -> list[Run[JobT]]:
    """This browser's runs of a kind of job, as far as they are remembered."""
    return queue().of(owner.me(), kind)


def state(run: Run | None) -> State | None:
    return run.state if run else None


def is_under_way(run: Run | None) -> bool:
    return state(run) in (State.WAITING, State.RUNNING)


def submitted(job: JobT) -> Run[JobT] | None:
    """This browser's run of the same job, where it has not ended yet."""
    return queue().unfinished_like(job, owner.me())


def watch(kind: type[Job], show: Callable[[], None]) -> None:
    """Call `show` in a fragment of its own, again and again while this browser's run is under way.

    When the run begins, ends, or is soon to begin, the whole page is run again.
    """
    run = mine(kind)
    pause = pause_of(run)

    def watching() -> None:
        if mine(kind) is not run or pause_of(run) != pause:  # each state has a pause of its own
            st.rerun()
        show()

    st.fragment(watching, run_every=pause)()


def pause_of(run: Run | None) -> float | None:
    """Seconds between two looks at a run; None where there is nothing to be seen any more."""
    if run is None or not is_under_way(run):
        return None
    if run.state is State.RUNNING:
        return RUNS
    place = queue().places().get(run)
    return WAITS_LONG if place and place.number > SOON else WAITS_SHORT


def trouble() -> None:
    """Say why nothing can be done at the moment, where that is so, in a place of its own: what follows stays put."""
    place = st.empty()
    if queue().trouble:
        place.warning(f"{queue().trouble} {WAITS}")


def wait(run: Run, where: str = "") -> None:
    """The place in the queue of a run that waits, and how to leave; `where` tells several on a page apart."""
    place = queue().places().get(run)
    if place is None:  # it has ended this moment
        return
    others = "one run has" if place.ahead == 1 else f"{place.ahead} runs have"
    about = f" That takes about {duration(place.seconds)}." if place.seconds else ""
    first = f": {others} to end first.{about}" if place.ahead else "."
    with st.container(horizontal=True, vertical_alignment="center"):
        st.progress(0.0, f"You are number {place.number} in the queue{first}")
        key = f"leave-{run.key}{where}"
        st.button("Leave the queue", key=key, icon=":material/logout:", on_click=queue().stop, args=(run,))
