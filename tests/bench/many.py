"""How many people one server carries, and two behind nginx: classes on the Shift page, each moving once a second."""

import asyncio
import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from tests.bench.line import Line
from tests.bench.load import lesson, pupil
from tests.bench.processes import ROOT, free_port, serve

SERVERS, CLASSES = (1, 2), (30, 60, 100)
HERE = "127.0.0.1"


def measure() -> Iterator[Line]:
    for servers in SERVERS:
        with served(servers) as url:
            asyncio.run(pupil(url, 1))
            for sessions in CLASSES:
                times = asyncio.run(lesson(url, sessions))
                name = f"{sessions} sessions, {servers} server{'s' * (servers > 1)}"
                ms = f"median {times.median:.0f} ms, 95th percentile {times.p95:.0f} ms"
                yield Line(name, ms, "none failing", times.failed == 0)


@contextlib.contextmanager
def served(servers: int) -> Iterator[str]:
    """The address of the Shift page, served by so many."""
    if servers == 1:
        with serve(ROOT / "app.py", ROOT) as server:
            yield f"{server.url}/shift"
        return
    with tempfile.TemporaryDirectory() as folder:
        port, environment = free_port(), os.environ | {"MNIST_RUNS": f"{folder}/runs", "TMPDIR": folder}
        command = [sys.executable, "-m", "mnist_model.many.serve", HERE, str(port), str(servers)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            next(line for line in process.stdout if "servers share" in line)
            yield f"http://{HERE}:{port}/shift"
        finally:
            process.terminate()
            process.wait()
