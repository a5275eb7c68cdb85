"""A network of one's own: its stack of layers, added, removed, moved and set, with what each of them makes."""

from collections.abc import Mapping

import streamlit as st

from mnist_model.networks import editing, stack
from mnist_model.pages.shared.frontend import script, sent
from mnist_model.render.stack import editor

KEY = "recipe_layers"  # the stack as text, whether it can be trained or not
STEPS = 50  # that can be undone

_editor = st.components.v2.component(
    "nudge_stack", html='<div class="stack"></div>', js=script("show", "shapes", "stack"), isolate_styles=False
)


def show(starts: Mapping[str, str]) -> None:
    """The editor; `starts` are the stacks to start from, by name."""
    text = st.session_state[KEY]
    made, faults = stack.survey(text)
    markup = editor(stack.parse(text), made, faults, starts)
    _editor(data=markup, key="stack", on_edit_change=lambda: edit(starts))


def edit(starts: Mapping[str, str]) -> None:
    """Do what was just pressed or changed; what the editor does not offer is nobody's edit."""
    asked, before = str(sent("stack", "edit")), st.session_state.get("layers_before", [])
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
