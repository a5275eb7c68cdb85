"""Asking a training to stop: it ends after the steps it is at, and keeps what it has learned."""

import os
import queue
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


def on_input() -> queue.Queue[str]:
    """Listen to standard input: its first line comes out of the queue, and the next one is that wish.

    Its end is the end of whoever started this process, and ends this process too.
    """
    first: queue.Queue[str] = queue.Queue()

    def listen() -> None:
        """Read lines until the input ends."""
        for count, line in enumerate(sys.stdin):
            if count == 0:
                first.put(line)
            else:
                asked.set()
        os._exit(1)

    threading.Thread(target=listen, daemon=True).start()
    return first
