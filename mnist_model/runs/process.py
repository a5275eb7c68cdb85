"""A worker process: started ahead, given one job, listened to, stopped (worker.py is what runs in it)."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator

import psutil

from mnist_model.runs import messages
from mnist_model.runs.messages import Job, Stop
from mnist_model.runs.store import ROOT


class Worker:
    """One process, for one job. It gets ready by itself, and ends when its job is done or the server is gone."""

    def __init__(self, loads_tensorflow: bool) -> None:
        self.loads_tensorflow = loads_tensorflow
        ahead = ["--tensorflow"] * loads_tensorflow
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mnist_model.worker", *ahead],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def begin(self, job: Job) -> None:
        """Give it its job, and low priority: those who draw come first."""
        self.lower()
        self._send(job)

    def ask_to_stop(self) -> None:
        self._send(Stop())

    def messages(self) -> Iterator[object]:
        """What it says of its job, until it ends."""
        assert self._process.stdout
        yield from messages.received(self._process.stdout)

    def lower(self) -> None:
        """Give it low priority."""
        low = psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else 19
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(self.pid).nice(low)

    def kill(self) -> None:
        """End it at once, and wait for that."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it, and let go of what it says; for whoever listens to it."""
        self.kill()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream
            with contextlib.suppress(BrokenPipeError):  # what was not read
                stream.close()

    def _send(self, message: Job | Stop) -> None:
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):  # it has ended; whoever listens says how
            messages.send(self._process.stdin, message)
