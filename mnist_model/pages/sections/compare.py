"""Train: finished runs beside one another, and what can be done with one of them."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from mnist_model import figures, folders, recipes
from mnist_model.pages import owner, queue, shared
from mnist_model.pages.sections import scrub
from mnist_model.recipes import Recipe

HEAD = ["run", "recipe", "parameters", "seconds", "training", "test", "2 px", "4 px"]
OVERLAID = 6  # runs with curves: as many as there are colours
TEXT = (
    "Accuracy in % on the training images, on the test images, and on the test images moved by 2 and by 4 pixels. "
    "Select a run to use it, download it, or go back through its epochs."
)


def show() -> None:
    """This browser's runs and the earlier ones of everybody, one of them selected."""
    mine = [Path(folder) for folder in reversed(shared.own_runs())]
    earlier = [folder for folder in folders.finished() if str(folder) not in shared.own_runs() and is_nobodys(folder)]
    if not mine and not earlier:
        return
    st.subheader("Compare", anchor=False)
    choices = {f"Your runs ({len(mine)})": mine, f"Earlier runs ({len(earlier)})": earlier}
    kind = st.segmented_control(
        "Runs", list(choices), default=next(iter(choices)), required=True, label_visibility="collapsed"
    )
    listed = [folder for folder in choices[kind] if folders.report(folder)]
    if not listed:
        st.caption("None yet: what you train is listed here, and stays when you reload the page.")
        return
    selected = table(listed)
    if len(listed) > 1:
        overlay(listed[:OVERLAID])
    details(selected, kind == next(iter(choices)))


def is_nobodys(folder: Path) -> bool:
    """Whether no browser that is here now owns a run."""
    name = folders.owner(folder)
    return not name or not owner.is_there(name)


def table(listed: list[Path]) -> Path:
    """The runs as a table with a button for each; the one that is selected."""
    selected = st.session_state.get("selected_run")
    selected = selected if selected in listed else listed[0]
    rows = [row(folder, place, folder == selected) for place, folder in enumerate(listed)]
    st.html(f"<p>{TEXT}</p>")
    picked = shared.pick(figures.table(HEAD, rows, "runs"), "pick_run")
    if picked is not None and Path(picked) != selected:
        st.session_state.selected_run = Path(picked)
        st.rerun()
    return selected


def row(folder: Path, place: int, selected: bool) -> list[str]:
    """A run's cells (HTML): a button with its colour and name, its recipe, its figures."""
    report = folders.report(folder)
    colour = figures.COLOURS[place] if place < OVERLAID else "transparent"
    name = (
        f'<button data-pick="{folder}" aria-pressed="{str(selected).lower()}"><i style="background:{colour}"></i>'
        f"{shared.short_title(str(folder))}</button>"
    )
    at = report.get("accuracy_at_px") or {}
    shares = [report["train_accuracy"], report["test_accuracy"], at.get("2"), at.get("4")]
    figured = ["–" if share is None else f"{100 * share:.1f}" for share in shares]
    return [name, recipe(folder), f"{report['parameters']:,}", f"{report['seconds']:.1f}", *figured]


def recipe(folder: Path) -> str:
    """How a run was trained, in one line."""
    report = folders.report(folder)
    return recipes.described(report["network"], Recipe(**report["recipe"]), report.get("epochs"))


def overlay(listed: list[Path]) -> None:
    """The curves of several runs over one another: training thin, test thick."""
    histories = {shared.short_title(str(folder)): folders.history(folder) for folder in listed}
    for place, quantity in zip(st.columns(2, gap="medium"), ("loss", "accuracy"), strict=True):
        with place:
            chart = figures.overlaid(histories, quantity)
            shared.chart(chart, f"{quantity.capitalize()} over the epochs, {len(listed)} runs")
    st.caption("Solid lines: test images. Thin dashed lines: training images.")
    offer_png("All curves as PNG", histories)


def offer_png(label: str, histories: dict[str, list[dict]]) -> None:
    """A button that downloads the curves of runs by name, drawn when it is pressed."""
    st.download_button(
        label,
        lambda: figures.curves_png(histories),
        "curves.png",
        "image/png",
        icon=":material/download:",
        on_click="ignore",
    )


def details(folder: Path, own: bool) -> None:
    """What can be done with the selected run."""
    st.subheader(shared.title(str(folder)), anchor=False)
    st.caption(f"{recipe(folder)} · {shared.load(str(folder)).report['parameters']:,} parameters")
    measuring = queue.mine("measure")
    if queue.under_way(measuring) and measuring.arguments[1] == str(folder):
        st.caption("It is being measured: its accuracies will be in the table in a few seconds.")
    with st.container(horizontal=True):
        in_use = shared.chosen() == str(folder)
        if act("Use it on every page", ":material/check:", shared.use, folder, type="primary", disabled=in_use):
            st.rerun()
        for name in ("model.keras", "model.tflite", "history.csv"):
            st.download_button(name, (folder / name).read_bytes, name, icon=":material/download:", on_click="ignore")
        offer_png("curves.png", {shared.short_title(str(folder)): folders.history(folder)})
        if own and act("Delete", ":material/delete:", shared.delete, folder):
            st.rerun()
    scrub.show(folder)


def act(label: str, icon: str, what: Callable[[str], None], folder: Path, **options) -> bool:
    """A button that does something with a run; where it was pressed, the sidebar too has to be shown anew."""
    return st.button(label, icon=icon, on_click=what, args=(str(folder),), **options)
