"""Finished runs beside one another, and what can be done with one of them."""

import html
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import streamlit as st

from mnist_model.networks.challenge import Contender, View
from mnist_model.networks.places import Places
from mnist_model.networks.report import Report
from mnist_model.networks.run_folder import RunFolder
from mnist_model.pages.shared import chosen, networks, owner, queue
from mnist_model.pages.shared.layout import chart
from mnist_model.pages.shared.pick import pick
from mnist_model.pages.shared.titles import title
from mnist_model.pages.train import downloads, scrub
from mnist_model.render import curves
from mnist_model.render.challenge import Kind
from mnist_model.render.colours import LINE_COLOURS
from mnist_model.render.tables import run_row, table
from mnist_model.runs import store
from mnist_model.runs.jobs import Evaluate

HEAD = ["run", "recipe", "parameters", "seconds", "training", "test", "2 px", "4 px"]
TEXT = (
    "Accuracy in % on the training images, on the test images, and on the test images moved by 2 and by 4 pixels. "
    "Select a run to use it, download it, or go back through its epochs."
)
NONE_YET = "None yet: what you train is listed here, and stays when you reload the page."


def show() -> None:
    """The runs, shown anew while one that was stopped is being measured."""
    queue.watch(Evaluate, runs)


def runs() -> None:
    """This browser's runs and the earlier ones of everybody, one of them selected."""
    mine = [RunFolder(Path(folder)) for folder in reversed(chosen.own_runs())]
    earlier = [folder for folder in store.runs() if folder not in mine and is_nobodys(folder)]
    if not mine and not earlier:
        return
    st.subheader("Compare", anchor=False)
    lists = {"Your runs": mine, "Earlier runs": earlier}
    kind = st.segmented_control(
        "Runs",
        list(lists),
        format_func=lambda name: f"{name} ({len(lists[name])})",
        default="Your runs",
        required=True,
        key="whose_runs",
        label_visibility="collapsed",
    )
    selected = select(lists[kind])
    if selected:
        details(selected, own=selected in mine)
    elif not lists[kind]:
        st.caption(NONE_YET)


def is_nobodys(folder: RunFolder) -> bool:
    """Whether no browser that is here now owns a run."""
    name = folder.owner()
    return not name or not owner.is_there(name)


def select(listed: list[RunFolder]) -> RunFolder | None:
    """The runs as a table, a button for each that can be read, and their curves; the one that is selected."""
    reports = {folder: networks.report(folder.path) for folder in listed}
    readable = [folder for folder, report in reports.items() if report]
    selected = st.session_state.get("selected_run")
    selected = selected if selected in readable else next(iter(readable), None)
    colours = dict(zip(readable, LINE_COLOURS, strict=False))
    rows = [
        row(i, folder, report, colours.get(folder, "transparent"), folder == selected)
        for i, (folder, report) in enumerate(reports.items())
    ]
    if rows:
        st.html(f"<p>{TEXT}</p>")
        picked = pick(table(HEAD, rows, "runs"), "pick_run")
        if picked is not None and picked.isdecimal() and int(picked) < len(listed) and listed[int(picked)] != selected:
            st.session_state.selected_run = listed[int(picked)]
            st.rerun()
    if len(readable) > 1:
        overlay(list(colours))
    return selected


def row(index: int, folder: RunFolder, report: Report | None, colour: str, selected: bool) -> list[str]:
    """A run's cells (HTML)."""
    if report is None:
        return [html.escape(folder.name), "cannot be read", *["–"] * (len(HEAD) - 2)]
    return run_row(str(index), title(str(folder.path)).short, report.described, report, colour, selected)


def overlay(folders: list[RunFolder]) -> None:
    """The curves of several runs over one another: training thin, test thick."""
    histories = {title(str(folder.path)).short: networks.history(folder) for folder in folders}
    for place, quantity in zip(st.columns(2, gap="medium"), curves.QUANTITIES, strict=True):
        with place:
            alt = f"{quantity.capitalize()} over the epochs, {len(folders)} runs"
            chart(curves.of_several(histories, quantity), alt)
    st.caption("Solid lines: test images. Thin dashed lines: training images.")


def details(folder: RunFolder, own: bool) -> None:
    """What can be done with the selected run."""
    path = str(folder.path)
    network = networks.readable(path)
    st.subheader(title(path).full, anchor=False)
    st.caption(f"{network.report.described} · {network.report.parameters:,} parameters")
    evaluating = queue.mine(Evaluate)
    if evaluating and queue.is_under_way(evaluating) and evaluating.job.folder == folder.path:
        st.caption("It is being measured: its accuracies will be in the table in a few seconds.")
    with st.container(horizontal=True):
        in_use = chosen.chosen() == path
        act("Use it on every page", ":material/check:", chosen.use, path, type="primary", disabled=in_use)
        downloads.files(folder)
        downloads.report(network, "selected")
        if own:
            act("Delete", ":material/delete:", chosen.delete, path)
    scrub.show(network)


def act(label: str, icon: str, what: Callable[[str], None], path: str, **options) -> None:
    """A button that does something with a run; then the sidebar too has to be shown anew.

    Not with `on_click`: a run that was deleted has no button any more to know by that it was pressed.
    """
    if st.button(label, icon=icon, **options):
        what(path)
        st.rerun()


def contenders() -> list[Contender]:
    """The shipped networks and the runs here that were measured, fewest parameters first."""
    names = [*chosen.SHIPPED, *(str(folder) for folder, _ in networks.finished())]
    found = ((name, networks.report(name), networks.places(name)) for name in names)
    known = [
        Contender(name, report.parameters, right_where(report, near))
        for name, report, near in found
        if report and report.evaluation
    ]
    return sorted(known, key=lambda each: each.parameters)


def right_where(report: Report, near: Places | None) -> dict[View, float]:
    """What a network reads rightly, as far as it has been measured."""
    at_4_px = report.evaluation and report.evaluation.accuracy_at_px.get("4")
    figures: dict[View, float | None] = {"at 4 px": at_4_px, "at all 49 places": near and near.everywhere}
    return {view: figure for view, figure in figures.items() if figure is not None}


def in_words(network: str) -> tuple[str, str]:
    """A network's layers as a text, and how it was trained."""
    report = networks.load(network).report
    return report.stack, replace(report, recipe=replace(report.recipe, layers="")).described


def whose(network: str) -> Kind:
    if network in chosen.SHIPPED:
        return "shipped"
    return "mine" if network in chosen.own_runs() else "others"


def code(network: str) -> str:
    """What picks a network: never where it lies on the disk."""
    return network if network in chosen.SHIPPED else f"run:{quote(Path(network).name)}"


def in_use() -> str:
    """What picks the network that is chosen for every page."""
    return code(chosen.chosen())
