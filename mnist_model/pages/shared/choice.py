"""One of a few: a row of segments."""

from collections.abc import Sequence
from typing import Any

import streamlit as st


def choice(label: str, options: Sequence[str], key: str, first: str = "", **rest: Any) -> str:
    """The option that is chosen; the session remembers it from page to page.

    At first it is `first`, else the first one; and so it is where a browser sends what cannot be chosen.
    """
    first = first or options[0]
    st.session_state.setdefault(key, first)
    st.segmented_control(label, options, key=key, required=True, persist_state="session", **rest)
    return chosen_of(options, key, first)


def chosen_of(options: Sequence[str], key: str, first: str = "") -> str:
    """What `choice` returns, before it is on the page, too."""
    chosen: Any = st.session_state.get(key)
    return chosen if chosen in options else first or options[0]
