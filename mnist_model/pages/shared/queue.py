"""This browser's runs on the pages: put into the queue, watched, left."""

import functools
from collections.abc import Callable

import streamlit as st

from mnist_model.pages.shared import owner
from mnist_model.render.words import duration
from mnist_model.runs import settings
from mnist_model.runs.messages import Job, JobT
from mnist_model.runs.queue import Queue, Run, State

PAUSES = {State.WAITING: 1.0, State.RUNNING: 0.3}  # seconds between two looks


@functools.cache
def queue() -> Queue:
    """The server's queue."""
    return Queue(settings.number("MNIST_RUNS_AT_ONCE", 1))


def submit(job: JobT, expected: float = 0.0) -> None:
    """Put a job into the queue as this browser's; it may take so many seconds."""
    name = owner.me()
    queue().submit(job, name, lambda: owner.is_there(name), expected)


def mine(kind: type[JobT]) -> Run[JobT] | None:
    """This browser's last run of a kind of job."""
    return queue().latest(owner.me(), kind)


def state(run: Run | None) -> State | None:
    return run.state if run else None


def is_under_way(run: Run | None) -> bool:
    return state(run) in PAUSES


def watch(kind: type[Job], show: Callable[[], None]) -> None:
    """Call `show` in a fragment of its own, several times a second while this browser's run is under way.

    When the run begins or ends the whole page is run again.
    """
    before = state(mine(kind))

    def watching() -> None:
        if state(mine(kind)) != before:
            st.rerun()
        show()

    st.fragment(watching, run_every=PAUSES.get(before) if before else None)()


def wait(run: Run) -> None:
    """The place in the queue of a run that waits, and how to leave."""
    count, seconds = len(queue().ahead(run)), queue().seconds_until(run)
    others = "one run has" if count == 1 else f"{count} runs have"
    about = f" That takes about {duration(seconds)}." if seconds else ""
    st.progress(0.0, f"You are number {queue().place(run)} in the queue: {others} to end first.{about}")
    st.button("Leave the queue", icon=":material/logout:", on_click=queue().stop, args=(run,))
