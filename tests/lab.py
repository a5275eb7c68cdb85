"""A lab on this machine: its scheduler and its workers, each a process as `make cluster` and `make worker` start it."""

import contextlib
import socket
import subprocess
import sys
from collections.abc import Iterator

import psutil

from tests.conftest import ROOT


class Lab:
    """Processes by name. `address` is free until a scheduler is started at it."""

    def __init__(self, scheme: str = "tcp") -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = f"{scheme}://127.0.0.1:{probe.getsockname()[1]}"
        self._running: list[psutil.Popen] = []

    def scheduler(self) -> psutil.Popen:
        return self._start("lab_scheduler")

    def worker(self, *before: str) -> psutil.Popen:
        """A worker, by a command that is told what to start, such as taskset."""
        return self._start("join_lab", *before)

    def end(self) -> None:
        for each in self._running:
            kill(each)

    def _start(self, end: str, *before: str) -> psutil.Popen:
        command = [*before, sys.executable, "-m", f"mnist_model.engine.{end}", self.address]
        self._running.append(psutil.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL))
        return self._running[-1]


def kill(process: psutil.Popen) -> None:
    """Switch a machine off: its processes end, and say nothing."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for each in [process, *process.children(recursive=True)]:
            each.kill()
    process.wait()


@contextlib.contextmanager
def lab(scheme: str = "tcp") -> Iterator[Lab]:
    made = Lab(scheme)
    try:
        yield made
    finally:
        made.end()
