"""The challenge: right on moved digits with the fewest parameters, all trainings on this server side by side."""

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from mnist_model.networks.challenge import VIEWS, Contender, View, best_line, is_new_on_the_line
from mnist_model.pages.shared import measuring
from mnist_model.pages.shared.choice import choice
from mnist_model.pages.shared.pick import pick
from mnist_model.pages.shared.teacher import is_in_class
from mnist_model.pages.shared.titles import title
from mnist_model.pages.train import form
from mnist_model.pages.train.compare import code, contenders, in_use, in_words, whose
from mnist_model.render import challenge as render

TEXT = (
    "Who is right on moved digits with the fewest parameters? A dot is a finished training {where}; where only seeds "
    "differ, how far apart dots lie is luck. Nothing beats the best line: to be right more often takes more "
    "parameters. Upwards, from one figure to the next, mistakes are about halved. Select a dot to see its layers, and "
    "start from it."
)
WHERE = {True: "of this class", False: "on this server"}
NONE_YET = "So far there are only the networks that came with Nudge: what you train is a dot here."


def show() -> None:
    """All networks as marks, and one of them, selected, to start from."""
    with st.container(key="challenge"):
        st.subheader("The challenge", anchor=False)
        st.html(f"<p>{TEXT.format(where=WHERE[is_in_class()])}</p>")
        st.fragment(contest)()


def contest() -> None:
    """The picture, and what is selected in it."""
    found = contenders()
    if not found:  # what is wrong with those that came with Nudge is said elsewhere
        return
    place, beside = st.columns([3, 2], gap="large")
    with place:
        view = where()
        if all(whose(each.network) == "shipped" for each in found):
            st.caption(NONE_YET)
        picks = {code(each.network): each for each in found}
        selected = picks.get(at_hand()) or found[0]
        picked = pick(picture(picks, view, code(selected.network)), "contest")
    if picked is not None:
        st.session_state.contender = picked, in_use()
        st.rerun()
    with beside:
        details(selected, found, view)


def where() -> View:
    """Where digits have to be read rightly."""
    asked = choice("Right", VIEWS, "challenge_view", label_visibility="collapsed")
    return next(view for view in VIEWS if view == asked)


def at_hand() -> str:
    """What picks the one that was selected; as soon as another network is chosen for the pages, that."""
    picked, before = st.session_state.get("contender", ("", ""))
    return picked if before == in_use() else in_use()


def picture(picks: Mapping[str, Contender], view: View, selected: str) -> str:
    """The marks and the best line: HTML."""
    best = {each.network for each in best_line(picks.values(), view)}
    marks = [
        render.Mark(
            pick,
            title(each.network).short,
            whose(each.network),
            each.parameters,
            each.right[view],
            each.network in best,
        )
        for pick, each in picks.items()
        if view in each.right
    ]
    missing = {pick: title(each.network).short for pick, each in picks.items() if view not in each.right}
    return render.plot(marks, missing, selected)


def details(selected: Contender, everyone: list[Contender], view: View) -> None:
    """What the selected one is, and what can be done with it."""
    network, kind = selected.network, whose(selected.network)
    st.html(render.entry(selected, title(network).short, kind, *in_words(network)))
    if kind == "mine":
        news(network, everyone, view)
    if st.button("Start from it", icon=":material/edit:", on_click=form.start_from, args=(network,)):
        st.rerun()
    if "at all 49 places" not in selected.right and kind != "shipped":
        measuring.offer(Path(network), near=True, place="challenge")


def news(network: str, everyone: list[Contender], view: View) -> None:
    """Say where a network has a place on the best line that nobody had."""
    if is_new_on_the_line(network, everyone, view):
        st.html(render.news(next(each for each in everyone if each.network == network), view))


def ended(network: str) -> None:
    """The same of a training that has just ended."""
    news(network, contenders(), VIEWS[0])
