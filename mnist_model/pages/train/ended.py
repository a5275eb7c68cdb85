"""A training that has ended: how, and that its network is the chosen one now."""

import streamlit as st

from mnist_model.pages.shared import chosen, queue
from mnist_model.pages.shared.titles import title
from mnist_model.runs.jobs import Train
from mnist_model.runs.run import Run, State


def choose() -> None:
    """Once a run that this window has seen under way has ended, its network is the chosen one."""
    seen: set[str] = st.session_state.setdefault("seen_under_way", set())
    taken: set[str] = st.session_state.setdefault("taken", set())
    for run in queue.all_mine(Train):
        if queue.is_under_way(run):
            seen.add(run.key)
        elif run.key in seen - taken:
            taken.add(run.key)
            if run.folder and run.state in (State.DONE, State.STOPPED, State.DISMISSED):
                st.session_state.chosen_before = chosen.chosen()
                chosen.use(str(run.folder.path))
    if "choose_next" in st.session_state:
        st.rerun()


def say(run: Run[Train]) -> None:
    """How it ended; where its network is the chosen one, that it is, and a button that goes back."""
    kind, sentence = how(run)
    path = str(run.folder.path) if run.folder else ""
    is_chosen = path == chosen.chosen()
    with st.container(horizontal=True, vertical_alignment="center"):
        kind(f"{sentence} Its network is the chosen one now: below, and on every page." if is_chosen else sentence)
        before = st.session_state.get("chosen_before", path)
        is_there = is_chosen and before != path and before in chosen.choices()
        if is_there and st.button(f"Back to {title(before).short}", icon=":material/undo:"):
            chosen.use(before)
            st.rerun()
        if is_news(run) and st.button("Train another", icon=":material/tune:"):
            dismiss(run)
            st.rerun()


def how(run: Run[Train]):
    """What shows one sentence, and the sentence: failed and why, stopped and by whom, and what was kept."""
    name = f"Your training of {run.job.network}"
    if run.state is State.FAILED:
        return st.error, f"{name} failed: {run.error}"
    if run.state is State.DONE:
        return st.success, f"{name} is done."
    if run.state is State.LOST:
        kept = "what it had learned is kept." if run.is_kept else "it had learned nothing yet."
        return st.info, f"{name} was ended because your browser was gone for a minute and a half; {kept}"
    who = "You" if run.state is State.STOPPED else "The teacher"
    if run.is_kept:
        return st.info, f"{who} stopped it after {run.history[-1].epoch:.2f} epochs; what it had learned is kept."
    if run.begun:
        return st.info, f"{who} stopped it before it had learned anything; nothing was kept."
    return st.info, "You left the queue." if run.state is State.STOPPED else f"{who} took it out of the queue."


def news() -> Run[Train] | None:
    """The run that has the first screen."""
    run = queue.mine(Train)
    return run if run and is_news(run) else None


def is_news(run: Run[Train]) -> bool:
    """Whether a run is under way, or has ended before the eyes of this window's person with curves to look at."""
    watched = run.key in st.session_state.seen_under_way and has_curves(run) and not is_dismissed(run)
    return queue.is_under_way(run) or watched


def has_curves(run: Run[Train]) -> bool:
    return len(run.history) > 1


def use_instead(folder: str) -> None:
    """Choose a finished run of the same recipe."""
    chosen.use(folder)
    dismiss_last()


def dismiss_last() -> None:
    """How one's own last training ended is no news any more."""
    run = queue.mine(Train)
    if run and not queue.is_under_way(run):
        dismiss(run)


def dismiss(run: Run[Train]) -> None:
    """How a run ended is no news any more."""
    st.session_state.dismissed = run.key


def is_dismissed(run: Run[Train]) -> bool:
    """Whether a run has ended and is no news any more."""
    return not queue.is_under_way(run) and run.key == st.session_state.get("dismissed")
