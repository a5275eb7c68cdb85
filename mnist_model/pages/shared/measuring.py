"""Measuring a network on the moved test images: offered, followed and stopped, in a process of its own."""

from pathlib import Path

import streamlit as st

from mnist_model.pages.shared import queue
from mnist_model.pages.shared.titles import title
from mnist_model.render import words
from mnist_model.runs.jobs import MeasureShifts
from mnist_model.runs.run import Run, State


def offer(folder: Path, near: bool, damage: str = "", place: str = "") -> None:
    """Offer to measure a network, `near` only within 3 pixels; `damage` is what else was said of its figures.

    `place` tells several on a page apart.
    """
    queue.watch(MeasureShifts, lambda: _offer(MeasureShifts(folder, near), damage, place))


def _offer(job: MeasureShifts, damage: str, place: str) -> None:
    run = queue.mine(MeasureShifts)
    if run and queue.is_under_way(run):
        _follow(run, place)
        return
    where = "at the places within 3 px" if job.near else "on the shifted test images"
    if not damage:
        st.markdown(f"**{title(str(job.folder)).short}** has not been measured {where} yet.")
    if run and run.state is State.FAILED:
        st.error(f"Measuring failed: {run.error}")
    elif run and run.state is State.STOPPED:
        st.info("You stopped the measurement; nothing was kept.")
    elif run and run.state is State.DISMISSED:
        st.info("The teacher stopped the measurement; nothing was kept.")
    st.button("Measure it", key=f"measure-{place}", on_click=queue.submit, args=(job,))


def _follow(run: Run[MeasureShifts], place: str) -> None:
    """How far a measurement has come, or its place in the queue."""
    if run.state is State.WAITING:
        queue.trouble()
        queue.wait(run, place)
        return
    done, name = run.measured or 0.0, title(str(run.job.folder)).short
    st.progress(done, words.measuring(run.job.near, name, done))
    st.button("Stop", key=f"stop-{run.key}-{place}", icon=":material/stop:", on_click=queue.queue().stop, args=(run,))
