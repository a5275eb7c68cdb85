"""A network of one's own: its stack of layers, added, removed, moved and set, with what each of them makes."""

import streamlit as st

from mnist_model.networks import editing, stack
from mnist_model.networks.errors import BadStack
from mnist_model.networks.recipe import FIELDS
from mnist_model.networks.registry import NETWORKS, OWN
from mnist_model.pages.shared.frontend import script
from mnist_model.pages.shared.readers import BadValue
from mnist_model.render.stack import editor

KEY = "recipe_layers"  # the stack as text, whether it can be trained or not
STEPS = 50  # that can be undone
STACKS = {network.name: network.stack(network.recipe) for network in reversed(NETWORKS.values())}
NAMES = {layers: name for name, layers in STACKS.items()}  # of those that several networks have, the first one's

_editor = st.components.v2.component(
    "nudge_stack", html='<div class="stack"></div>', js=script("show", "shapes", "stack"), isolate_styles=False
)


def begin() -> None:
    """There is a stack to begin with."""
    st.session_state.setdefault(KEY, OWN.recipe.layers)
    st.session_state.setdefault("layers_before", [])


def read(text: str) -> None:
    """The stack, from the page's address; where its layers do not fit each other, the editor says it."""
    try:
        put(stack.text_of(stack.parse(text)[: stack.LAYERS]))
    except BadStack as error:
        raise BadValue(FIELDS["layers"].bounds) from error


def show() -> None:
    """The editor."""
    layers: list[stack.Layer] = stack.parse(st.session_state[KEY])
    made: list[stack.Made] = []
    faults = {}
    try:
        made.extend(stack.walk(layers))  # as far as that goes
        stack.check(st.session_state[KEY])
    except BadStack as error:
        faults = {error.at: str(error)}
    _editor(data=editor(layers, made, faults, list(NAMES.values())[::-1]), key="stack", on_edit_change=edit)


def edit() -> None:
    """Do what was just pressed or changed; what the editor does not offer is nobody's edit."""
    asked, before = str(st.session_state.stack.get("edit")), st.session_state.layers_before
    if asked == "undo" and before:
        st.session_state[KEY] = before.pop()
    elif asked.removeprefix("start=") in STACKS:
        put(STACKS[asked.removeprefix("start=")])
    else:
        try:
            put(stack.text_of(editing.edited(stack.parse(st.session_state[KEY]), asked)))
        except (ValueError, IndexError):
            return


def put(layers: str) -> None:
    """Have a stack in the editor, and the one before it within reach of Undo."""
    begin()
    if layers != st.session_state[KEY]:
        st.session_state.layers_before = [*st.session_state.layers_before, st.session_state[KEY]][-STEPS:]
        st.session_state[KEY] = layers
