"""A network of one's own: its stack of layers, added, removed, moved and set, with what each of them makes."""

from collections.abc import Mapping

import streamlit as st

from mnist_model.networks import editing, stack
from mnist_model.pages.shared.frontend import script, sent
from mnist_model.render.stack import editor

KEY = "recipe_layers"  # the stack as text, whether it can be trained or not
DONE = "layers_edited"  # the number of the last edit that was done
STEPS = 50  # that can be undone
MOST = 50  # edits at once

_editor = st.components.v2.component(
    "nudge_stack", html='<div class="stack"></div>', js=script("show", "shapes", "stack"), isolate_styles=False
)


def show(starts: Mapping[str, str]) -> None:
    """The editor; `starts` are the stacks to start from, by name."""
    text = st.session_state[KEY]
    made, faults = stack.survey(text)
    markup = editor(stack.parse(text), made, faults, starts)
    data = {"html": markup, "done": st.session_state.get(DONE, 0)}
    _editor(data=data, key="stack", on_edit_change=lambda: edit(starts))


def edit(starts: Mapping[str, str]) -> None:
    """Do what was pressed or changed since, in order. Streamlit may bring an edit twice, or only with the next one."""
    told = sent("stack", "edit")
    for each in told[:MOST] if isinstance(told, list) else []:
        match each:
            case [int(number), str(asked)] if number > st.session_state.get(DONE, 0):
                st.session_state[DONE] = number
                edit_once(asked, starts)


def edit_once(asked: str, starts: Mapping[str, str]) -> None:
    """One edit; what the editor does not offer is nobody's."""
    before = st.session_state.get("layers_before", [])
    if asked == "undo" and before:
        st.session_state[KEY] = before.pop()
    elif asked.removeprefix("start=") in starts:
        put(starts[asked.removeprefix("start=")])
    else:
        try:
            put(stack.text_of(editing.edited(stack.parse(st.session_state[KEY]), asked)))
        except ValueError:
            return


def put(layers: str) -> None:
    """Have a stack in the editor, and the one before it, if any, within reach of Undo."""
    before = st.session_state.get(KEY)
    if before and layers != before:
        st.session_state.layers_before = [*st.session_state.get("layers_before", []), before][-STEPS:]
    st.session_state[KEY] = layers
