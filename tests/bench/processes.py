"""The programs that are measured: a command run to its end, and a Streamlit server on a free loopback port."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).parent.parent.parent
STREAMLIT = Path(sys.executable).with_name("streamlit")
LIMIT = 600  # seconds, for a command


class Server(NamedTuple):
    url: str
    process: psutil.Popen
    begun: float  # perf_counter() when its process was started
    log: Path

    def last_words(self) -> str:
        """The end of what it has written."""
        return self.log.read_text(errors="replace")[-5000:]


def run(*arguments: str) -> str:
    """Run this Python with arguments in the project's folder and return the last line it prints."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, check=False, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=LIMIT
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: {done.stderr.strip()}")
    return done.stdout.splitlines()[-1] if done.stdout else ""


@contextlib.contextmanager
def serve(app: Path, folder: Path, **environment: str) -> Iterator[Server]:
    """Serve an app as `make run` does, with the configuration of `folder`, for as long as the block runs."""
    port = free_port()
    where = ["--server.address", "127.0.0.1", "--server.port", str(port)]
    quiet = ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    command, env = [STREAMLIT, "run", app, *where, *quiet], _environment() | environment
    with tempfile.NamedTemporaryFile() as log:
        begun = time.perf_counter()
        process = psutil.Popen(command, cwd=folder, env=env, stdout=log, stderr=subprocess.STDOUT)
        try:
            _wait_until_up(process, port)
            yield Server(f"http://127.0.0.1:{port}", process, begun, Path(log.name))
        finally:
            _end(process)


@contextlib.contextmanager
def runs_elsewhere() -> Iterator[None]:
    """Runs of the bench are nobody's earlier runs."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MNIST_RUNS"] = folder
        try:
            yield
        finally:
            del os.environ["MNIST_RUNS"]


def resident(process: psutil.Process) -> float:
    """Resident memory in MB of a process."""
    return process.memory_info().rss / 2**20


def memory(process: psutil.Process) -> float:
    """Resident memory in MB of a process and all it has started."""
    return sum(resident(each) for each in [process, *process.children(recursive=True)])


def _environment() -> dict[str, str]:
    """This process's own, without what would change the app."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    return ours | {"MNIST_NETWORK": ""}


def free_port() -> int:
    """A loopback port that nobody listens at."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _wait_until_up(process: psutil.Popen, port: int, seconds: float = 60) -> None:
    last = time.perf_counter() + seconds
    while process.poll() is None and time.perf_counter() < last:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().status == 200:
                return
        time.sleep(0.02)
    raise RuntimeError("the server did not start")


def _end(process: psutil.Popen) -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(10)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(10)
