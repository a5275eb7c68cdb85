"""Asking a training to stop: it ends after the steps it is at, and keeps what it has learned."""

import os
import signal
import sys
import threading

asked = threading.Event()


def on_signals() -> None:
    """Take Ctrl-C and SIGTERM for that wish; the second Ctrl-C ends the process as ever."""

    def ask(*_: object) -> None:
        asked.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)


def on_input() -> None:
    """Take a line on standard input for that wish, and its end for the end of whoever started this process."""

    def listen() -> None:
        for _ in sys.stdin:
            asked.set()
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
