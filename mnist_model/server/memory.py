"""Memory is given back: windows that were closed, what they leave behind, and what the C library keeps for later.

Streamlit would collect garbage after each run, which is most of what a move costs; and it lets go of a closed window's
session only when another one closes, so that after a lesson up to 128 stay. That needs its private names, here only.
"""

import gc

from streamlit import runtime

from mnist_model import heap


def forget_closed_windows() -> None:
    """Let go of sessions that are over. To be called in the server's event loop."""
    manager = runtime.get_instance()._session_mgr
    manager._session_storage._cache.expire()  # type: ignore[attr-defined]


def give_back() -> None:
    """Collect garbage, and return what is free."""
    gc.collect()
    heap.trim()
