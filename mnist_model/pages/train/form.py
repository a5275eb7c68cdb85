"""What to train and how, how long that will take, and the Train button."""

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from mnist_model.networks import stack
from mnist_model.networks.errors import BadRecipe
from mnist_model.networks.field import Field
from mnist_model.networks.recipe import FIELDS, Recipe
from mnist_model.networks.registry import OWN, PRESETS, TRAINABLE, TUTORIAL
from mnist_model.pages.shared import links, owner, queue
from mnist_model.pages.shared.chosen import chosen as in_use
from mnist_model.pages.shared.networks import finished, report
from mnist_model.pages.shared.readers import BadValue, Reader
from mnist_model.pages.train import ended, ours, own
from mnist_model.render.words import duration
from mnist_model.runs import durations, store
from mnist_model.runs.jobs import Train

WIDGETS = {name: row for name, row in FIELDS.items() if name != "layers"}  # which have an editor of their own
STARTS = {network.name: network.stack(network.recipe) for network in TRAINABLE.values() if network != OWN}
KNOWN = 20  # of the last runs, for the estimate
WIDTH = 150  # pixels of a field


def show(others: Callable[[], dict[str, object]]) -> None:
    """Presets and fields, what they amount to, and Train; folded into one line while a training is on the page.

    `others` say what else stands in the page's address, which is written here.
    """
    run = ended.news()
    expanded = st.session_state.get("form_open", False)
    with st.expander(queue.line(run.job), expanded) if run else st.container():
        st.pills("Start from", list(PRESETS), key="preset", on_change=take_preset, persist_state="session")
        with st.container(horizontal=True, key="recipe"):
            fields()
        st.fragment(layers_and_go)(others)


def layers_and_go(others: Callable[[], dict[str, object]]) -> None:
    """The layers of a network of one's own, what is chosen amounts to, and Train: a fragment for quick edits."""
    if st.session_state.pop("started", False) or "choose_next" in st.session_state:
        st.rerun()
    if st.session_state.kind == OWN.name:
        own.show(STARTS)
    go()
    links.write(**address(), **others())


def go() -> None:
    """Train, what it comes to, and why it cannot be."""
    with st.container(horizontal=True, vertical_alignment="center", key="go"):
        try:
            recipe = chosen()
        except BadRecipe as error:
            st.error(str(error))
            return
        too_long = queue.too_long(usual(recipe))
        train_button(recipe, bool(too_long))
        if not ours.are_in():
            offer_finished(recipe)
        queue.refused()
        if too_long:
            st.error(too_long + ours.AGAIN * ours.are_in())
        network = TRAINABLE[st.session_state.kind]
        st.html(f'<div class="amount">{amount(recipe)}<br>{network.name}: {network.line}</div>')


def begin(others: dict[str, Reader]) -> None:
    """The first preset is chosen until another is, or the page's address says what; `others` read the rest of it."""
    st.session_state.setdefault(own.KEY, OWN.recipe.layers)
    if "kind" not in st.session_state:
        st.session_state.preset = next(iter(PRESETS))
        take_preset()
    links.read(LINK | others)


def read_kind(text: str) -> None:
    """The network to train, with its own recipe, from the page's address: that is what the first screen is for then."""
    if text not in TRAINABLE:
        raise BadValue(f"one of {', '.join(TRAINABLE)}")
    st.session_state.kind = text
    changed_network()
    ended.dismiss_last()


def read_field(name: str, text: str) -> None:
    """A field of the recipe, from the page's address."""
    try:
        st.session_state[f"recipe_{name}"] = FIELDS[name].parse(text)
    except BadRecipe as error:
        raise BadValue(FIELDS[name].bounds) from error
    changed()


def read_layers(text: str) -> None:
    """A stack of one's own, from the page's address; where its layers do not fit each other, the editor says it."""
    try:
        own.put(stack.text_of(stack.parse(text)[: stack.LAYERS]))
    except BadRecipe as error:
        raise BadValue(stack.BOUNDS) from error


# The network to train is called so because "network" is the one that is asked.
LINK: dict[str, Reader] = {"train": read_kind, **{name: partial(read_field, name) for name in WIDGETS}}
LINK["layers"] = read_layers


def address() -> dict[str, object]:
    """What the page's address says of it: the recipe as it is in the fields, whether it can be trained or not."""
    shown = FIELDS if st.session_state.kind == OWN.name else WIDGETS
    return {"train": st.session_state.kind} | {name: st.session_state.get(f"recipe_{name}") for name in shown}


def take_preset() -> None:
    if st.session_state.preset:
        network, recipe = PRESETS[st.session_state.preset]
        st.session_state.kind = network
        take(recipe)


def take(recipe: Recipe) -> None:
    """Show a recipe in the fields, with this browser's own seed."""
    recipe = replace(recipe, seed=owner.seed())
    for name in WIDGETS:
        st.session_state[f"recipe_{name}"] = getattr(recipe, name)


def start_from(network: str) -> None:
    """Have a network's layers and recipe in the form, to be changed and trained as one's own; and the form in sight."""
    if found := report(network):
        st.session_state.kind = OWN.name
        own.put(found.stack)
        take(replace(found.recipe, hidden=OWN.recipe.hidden))
        changed()
    if run := ended.news():
        ended.dismiss(run)
    st.session_state.update(form_open=True, taken_over=st.session_state.get("taken_over", 0) + 1)


def changed() -> None:
    """A field was changed: show whether what is chosen now is one of the presets, with whatever seed."""
    network = st.session_state.kind
    replace_forged(TRAINABLE[network].recipe)
    try:
        recipe = chosen()
    except BadRecipe:  # said below the fields
        st.session_state.preset = None
        return
    now = network, replace(recipe, seed=TRAINABLE[network].recipe.seed)
    st.session_state.preset = next((name for name, preset in PRESETS.items() if preset == now), None)


def replace_forged(own: Recipe) -> None:
    """Put the network's own value in place of one of a type that cannot be chosen: no browser of ours sends it."""
    for name, row in WIDGETS.items():
        if row.choices and not isinstance(st.session_state.get(f"recipe_{name}"), row.kind):
            st.session_state[f"recipe_{name}"] = getattr(own, name)


def changed_network() -> None:
    if st.session_state.kind not in TRAINABLE:  # no browser of ours sends that
        st.session_state.kind = TUTORIAL
    take(TRAINABLE[st.session_state.kind].recipe)
    changed()


def fields() -> None:
    """A widget for each field of the table; a preset or another network fills them."""
    keep: dict[str, Any] = {"persist_state": "session", "width": WIDTH}
    st.selectbox("Network to train", list(TRAINABLE), key="kind", on_change=changed_network, **keep)
    has_hidden = TRAINABLE[st.session_state.kind].has_hidden
    for name, row in WIDGETS.items():
        field(name, row)(disabled=name == "hidden" and not has_hidden, on_change=changed, help=row.help, **keep)
    ours.offer(**keep)


def field(name: str, row: Field) -> Any:
    """The widget of a field, yet to be called with what all have in common."""
    key = f"recipe_{name}"
    if row.kind is bool:
        return partial(st.checkbox, row.label, key=key)
    if row.choices:
        value = st.session_state.get(key)
        offered = row.choices if value in row.choices or value is None else sorted((*row.choices, value))
        return partial(st.selectbox, row.label, offered, key=key, format_func=plain)
    return partial(st.number_input, row.label, row.least, row.most, step=row.step, key=key)


def plain(value: float | str) -> str:
    """A number without an exponent; words as they are."""
    return value if isinstance(value, str) else f"{value:.5f}".rstrip("0").rstrip(".")


def chosen() -> Recipe:
    """The recipe in the fields; one that was emptied counts as the network's own. Raises BadRecipe."""
    kind, typed = st.session_state.kind, st.session_state
    values = {name: typed.get(f"recipe_{name}") for name in WIDGETS}
    layers = typed[own.KEY] if kind == OWN.name else ""
    return replace(TRAINABLE[kind].recipe, layers=layers, **{n: each for n, each in values.items() if each is not None})


def amount(recipe: Recipe) -> str:
    """How much there is to learn, and how long that will take: HTML."""
    made = stack.walk(stack.parse(TRAINABLE[st.session_state.kind].stack(recipe)))
    seconds = queue.queue().expected(usual(recipe))
    return f"<b>{sum(each.parameters for each in made):,} parameters</b>, about <b>{duration(seconds)}</b>"


def usual(recipe: Recipe) -> float:
    """Seconds that a recipe takes on an idle machine."""
    reports = [known for _, known in finished()[:KNOWN]]
    return durations.seconds(st.session_state.kind, recipe, reports, ours.are_in())


def offer_finished(recipe: Recipe) -> None:
    """The same network with the same recipe and seed need not be trained again, where somebody has trained it."""
    for folder, known in finished():
        if (known.network, known.recipe, known.ours) == (st.session_state.kind, recipe, None) and known.evaluation:
            label = f"Trained at {time.strftime('%H:%M', time.localtime(store.time_of(folder)))}: use it"
            if str(folder) != in_use():
                st.button(label, icon=":material/check:", on_click=ended.use_instead, args=(str(folder),))
            return


def train_button(recipe: Recipe, too_long: bool) -> None:
    """Train, also while another training is in progress: it then waits; not what would be refused."""
    network = st.session_state.kind
    job = Train(network, recipe, Path(), ours.are_in())
    under_way = queue.submitted(job) is not None
    st.button(
        "Train",
        type="primary",
        icon=":material/play_arrow:",
        on_click=start,
        args=(job, usual(recipe)),
        disabled=under_way or too_long,
        help="This very training is under way: another seed gives another network." if under_way else None,
    )


def start(job: Train, seconds: float) -> None:
    """Put a training into the queue, in a folder of its own."""
    st.session_state.update(started=True, form_open=False)
    queue.submit(replace(job, folder=store.new(job.network)), seconds, ours.digits())
