"""The browser's part of the components: the files of frontend/."""

from pathlib import Path
from typing import Any

import streamlit as st

FRONTEND = Path(__file__).parents[2] / "frontend"


def script(*names: str) -> str:
    """Some of the frontend's files as one module: the last one has the component, the others what it needs."""
    return "".join((FRONTEND / f"{name}.js").read_text() for name in names)


def sent(key: str, name: str) -> Any:
    """What the component of this key has just sent by a name, as its callback is to read it.

    None where another page was asked for meanwhile: Streamlit then has forgotten it, and calls back all the same.
    """
    return st.session_state.get(key, {}).get(name)
