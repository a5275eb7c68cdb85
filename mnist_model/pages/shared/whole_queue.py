"""Everybody's runs in the queue, for the teacher: any can be stopped, or be the next one."""

import html

import streamlit as st

from mnist_model.pages.shared import owner, queue
from mnist_model.pages.shared.pick import pick
from mnist_model.pages.shared.teacher import is_teacher
from mnist_model.render.tables import table
from mnist_model.render.words import duration
from mnist_model.runs.queue import Place
from mnist_model.runs.run import Run, State

PAUSE = 5.0  # seconds between two looks
TEXT = "You see the runs of all, because you are the teacher."


def show() -> None:
    """The queue, where somebody else has a run in it; others may come any time to a server that is open to them."""
    if is_teacher():
        st.fragment(listed, run_every=PAUSE if queue.is_open() or queue.queue().unfinished() else None)()


def listed() -> None:
    """The runs of all in a table, and what the teacher picks there done; nothing where all are the teacher's own."""
    places = queue.queue().places()
    runs = {run.key: run for run in places}
    if all(run.owner == owner.me() for run in runs.values()):
        return
    rows = [row(run, place) for run, place in places.items()]
    st.subheader("The whole queue", anchor=False)
    st.caption(TEXT)
    with st.container(key="whole-queue"):
        picked = pick(table(["", "run", "time left", ""], rows, "queue"), "in_queue")
    if picked is None:
        return
    what, key = picked.split("-")
    if what == "first":
        queue.queue().move_ahead(runs[key])
    else:
        queue.queue().stop(runs[key], State.STOPPED if runs[key].owner == owner.me() else State.DISMISSED)
    st.rerun()


def row(run: Run, place: Place) -> list[str]:
    """A run's cells (HTML): its place, what it does, how long that takes yet, and what can be done with it."""
    waits = f"{duration(place.seconds)}, then " if place.number else ""
    whose = "<b>yours</b>, " if run.owner == owner.me() else ""
    ahead = f'<button data-pick="first-{run.key}">Move ahead</button>' if place.number > 1 else ""
    stop = f'<button data-pick="stop-{run.key}">Stop</button>' if run.can_be_stopped else ""
    left = f"{waits}{duration(run.seconds_left)}"
    return [str(place.number or "now"), whose + html.escape(queue.line(run.job)), left, ahead + stop]
