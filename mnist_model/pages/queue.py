"""This browser's runs on the pages: put into the queue, watched, left."""

from collections.abc import Callable

import streamlit as st

from mnist_model import figures, runs
from mnist_model.pages import owner

PAUSES = {"waiting": 1.0, "running": 0.3}  # seconds between two looks


def submit(*arguments: str, expected: float = 0.0) -> None:
    """Put a command of ours into the queue as this browser's; it may take so many seconds."""
    name = owner.me()
    runs.submit(*arguments, owner=name, alive=lambda: owner.is_there(name), expected=expected)


def mine(command: str) -> runs.Run | None:
    """This browser's last run of a command."""
    return runs.latest(owner.me(), command)


def under_way(run: runs.Run | None) -> bool:
    return run is not None and not run.ended.is_set()


def state(run: runs.Run | None) -> str:
    """Where a run is: "none", "waiting", "running" or "ended"."""
    if run is None:
        return "none"
    if run.ended.is_set():
        return "ended"
    return "waiting" if runs.place(run) else "running"


def watch(command: str, show: Callable[[], None]) -> None:
    """Call `show` in a fragment of its own, several times a second while this browser's run is under way.

    When the run begins or ends the whole page is run again.
    """
    before = state(mine(command))

    def watching() -> None:
        if state(mine(command)) != before:
            st.rerun()
        show()

    st.fragment(watching, run_every=PAUSES.get(before))()


def wait(run: runs.Run) -> None:
    """The place in the queue of a run that waits, and how to leave."""
    count, seconds = len(runs.ahead(run)), runs.seconds_until(run)
    others = "one run has" if count == 1 else f"{count} runs have"
    about = f" That takes about {figures.duration(seconds)}." if seconds else ""
    st.progress(0.0, f"You are number {runs.place(run)} in the queue: {others} to end first.{about}")
    st.button("Leave the queue", icon=":material/logout:", on_click=runs.stop, args=(run,))
