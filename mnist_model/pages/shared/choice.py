"""One of a few: a row of segments."""

from collections.abc import Sequence
from typing import Any

import streamlit as st


def choice(label: str, options: Sequence[str], key: str, **rest: Any) -> str:
    """The option that is chosen, at first the first one; the session remembers it from page to page.

    It is the first one, too, where a browser sends what cannot be chosen.
    """
    st.session_state.setdefault(key, options[0])
    chosen = st.segmented_control(label, options, key=key, required=True, persist_state="session", **rest)
    return chosen if chosen in options else options[0]
