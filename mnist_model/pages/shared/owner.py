"""Which browser this is: by its name, so that after a reload or a nap its runs are found again."""

from collections import defaultdict

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from mnist_model import browser_name
from mnist_model.addresses import is_loopback, visitor_address

SEEDS = 10_000
LOOPBACK = "127.0.0.1"  # which Streamlit calls no address
_sessions: dict[str, set[str]] = defaultdict(set)


def me() -> str:
    """The name of this session's browser: its cookie's, else a new one."""
    if "owner" not in st.session_state:
        st.session_state.owner = browser_name.known(st.context.cookies) or browser_name.new()
        context = get_script_run_ctx()
        assert context
        _sessions[st.session_state.owner].add(context.session_id)
    return st.session_state.owner


def address() -> str:
    """Where this browser is; nothing where that is not known."""
    return visitor_address(st.context.ip_address or LOOPBACK, st.context.headers.get("X-Real-Ip", ""))


def is_host() -> bool:
    """Whether this browser is on the server's own machine: whoever is there has started it.

    Whom a proxy names has to be there, too; what is no address is nowhere.
    """
    return st.context.ip_address is None and is_loopback(st.context.headers.get("X-Real-Ip", LOOPBACK))


def seed() -> int:
    """A seed of this browser's own: thirty who train the same recipe get thirty networks."""
    return int(me(), 16) % SEEDS


def is_there(owner: str) -> bool:
    """Whether a session of that browser is connected; may be called from any thread."""
    if not runtime.exists():  # in a test there is one session, and no server
        return True
    is_active = runtime.get_instance().is_active_session
    return any(is_active(session) for session in _sessions.get(owner, set()).copy())
