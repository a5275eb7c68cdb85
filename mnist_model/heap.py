"""What the C library keeps for later (glibc; elsewhere nothing happens)."""

import ctypes

SETTINGS = {-8: 1, -3: 128_000, -1: 128_000}  # M_ARENA_MAX; M_MMAP_THRESHOLD and M_TRIM_THRESHOLD, bytes


def keep_one_heap() -> None:
    """Have it keep one heap for all threads, and return what is large at once.

    A heap for each thread is full of holes after a lesson: 55 MB of 330 in which nothing is.
    """
    mallopt = getattr(ctypes.pythonapi, "mallopt", None)
    if mallopt:
        for option, value in SETTINGS.items():
            mallopt(option, value)


def trim() -> None:
    """Have it return what is free."""
    malloc_trim = getattr(ctypes.pythonapi, "malloc_trim", None)  # of the library that Python is linked with
    if malloc_trim:
        malloc_trim(0)
