"""Memory is given back: windows that were closed, what they leave behind, and what the C library keeps for later.

Streamlit would collect garbage after each run, which is most of what a move costs; and it lets go of a closed window's
session only when another one closes, so that after a lesson up to 128 stay. That needs its private names, here only.
"""

import ctypes
import gc

from streamlit import runtime

HEAP = {-8: 1, -3: 128_000, -1: 128_000}  # glibc's M_ARENA_MAX; M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, bytes


def keep_one_heap() -> None:
    """Have the C library keep one heap for all threads, and return what is large at once, where it can (glibc).

    A heap for each thread is full of holes after a lesson: 55 MB of 330 in which nothing is.
    """
    mallopt = getattr(ctypes.pythonapi, "mallopt", None)
    if mallopt:
        for option, value in HEAP.items():
            mallopt(option, value)


def forget_closed_windows() -> None:
    """Let go of sessions that are over. To be called in the server's event loop."""
    manager = runtime.get_instance()._session_mgr
    manager._session_storage._cache.expire()  # type: ignore[attr-defined]


def give_back() -> None:
    """Collect garbage, and have the C library return what is free, where it can (glibc)."""
    gc.collect()
    trim = getattr(ctypes.pythonapi, "malloc_trim", None)  # of the library that Python is linked with
    if trim:
        trim(0)
