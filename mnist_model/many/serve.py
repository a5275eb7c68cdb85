"""Many servers of the app, nginx in front of them, and a scheduler with its workers for all: `make many`.

python -m mnist_model.many.serve HOST PORT SERVERS

Whatever ends by itself is started again. When this process ends, however it does, nothing is left running.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import click

from mnist_model.classroom.invitation import invitation
from mnist_model.many.nginx import configuration
from mnist_model.runs import settings
from mnist_model.runs.settings import ROOT

PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))  # nginx is in sbin
PACKAGES = {"nginx": "nginx", "setpriv": "util-linux"}
MOST = 64  # servers
GLANCE = 0.5  # seconds between two looks at what has ended
PAUSE = 5.0  # seconds between two starts of one program
GRACE = 8.0  # seconds to end in order
Command = tuple[str | Path, ...]


class Program:
    """A program that runs until it is ended. It gets SIGTERM when this process is gone, killed included."""

    def __init__(self, name: str, *command: str | Path, **environment: str) -> None:
        self.name, self._command, self._environment = name, command, environment
        self.start()

    def start(self) -> None:
        """Start it, the first time or again."""
        self._begun = time.monotonic()
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", *self._command],
            cwd=ROOT,
            env=os.environ | self._environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C in the terminal is for this process
        )

    @property
    def is_to_start_again(self) -> bool:
        """Whether it has ended, and was not started just now."""
        return self._process.poll() is not None and time.monotonic() - self._begun > PAUSE

    def ask_to_end(self) -> None:
        self._process.terminate()

    def end(self, patience: float) -> None:
        """Wait so many seconds for its end, and have none of its processes left."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


@click.command()
@click.argument("host")
@click.argument("port", type=click.IntRange(1, 65535))
@click.argument("servers", type=click.IntRange(1, MOST))
def main(host: str, port: int, servers: int) -> None:
    """Serve the app at HOST and PORT with as many SERVERS, until Ctrl-C or SIGTERM."""
    check(host, port)
    stopping = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    programs: list[Program] = []
    with tempfile.TemporaryDirectory(prefix="nudge-many-") as folder:
        try:
            programs.extend(started(host, port, servers, Path(folder)))
            threading.Thread(target=announce, args=(host, port, servers), daemon=True).start()
            while not stopping.wait(GLANCE):
                restart(programs)
        finally:
            end(programs)


def check(host: str, port: int) -> None:
    """Raise ClickException where something is missing, or the port is taken."""
    for program, package in PACKAGES.items():
        if not shutil.which(program, path=PLACES):
            how = f"sudo apt-get install --no-install-recommends {package}"
            raise click.ClickException(f"make many needs {program}, which is not there; on Debian: {how}")
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        why = str(error.strerror).partition(" (")[0]  # Python adds the address
        raise click.ClickException(f"{host}:{port} cannot be served: {why}.") from error


def started(host: str, port: int, servers: int, folder: Path) -> Iterator[Program]:
    """Start everything: the servers, nginx, and, unless MNIST_CLUSTER is a lab's, a scheduler with workers."""
    scheduler, *ports = free_ports(1 + servers)
    environment = {"MNIST_REACHED_AT": f"{host}:{port}"}
    if not os.environ.get("MNIST_CLUSTER"):
        environment["MNIST_CLUSTER"] = address = f"tcp://127.0.0.1:{scheduler}"
        yield Program("The scheduler", sys.executable, "-m", "mnist_model.engine.lab_scheduler", address)
        for _ in range(settings.number("MNIST_RUNS_AT_ONCE", 1)):
            yield Program("A worker", sys.executable, "-m", "mnist_model.engine.join_lab", address)
    for number, each in enumerate(ports, 1):
        yield Program(f"Server {number}", *server(each), **environment)
    file = folder / "nginx.conf"
    file.write_text(configuration(host, port, ports, folder))
    yield Program("nginx", str(shutil.which("nginx", path=PLACES)), "-e", "stderr", "-c", file)


def server(port: int) -> Command:
    """The command of one server, which this machine alone reaches."""
    where = ("--server.address", "127.0.0.1", "--server.port", str(port))
    return sys.executable, "-m", "streamlit", "run", "app.py", *where, "--server.headless", "true"


def free_ports(count: int) -> list[int]:
    """So many ports of this machine that nobody listens at."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def announce(host: str, port: int, servers: int) -> None:
    """Say where to go, once a server answers."""
    here = f"[{host}]" if ":" in host else host
    directly = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # whatever proxy this machine has
    while True:
        with contextlib.suppress(OSError), directly.open(f"http://{here}:{port}/_stcore/health", timeout=5):
            click.echo(f"{invitation(host, port)}\n  {servers} servers share the work.\n")
            return
        time.sleep(GLANCE)


def restart(programs: list[Program]) -> None:
    """Start again what has ended by itself."""
    for each in programs:
        if each.is_to_start_again:
            click.echo(f"{each.name} has ended, and is started again.", err=True)
            each.start()


def end(programs: list[Program]) -> None:
    """End everything, in order where that does not take too long."""
    last = time.monotonic() + GRACE
    for each in programs:
        each.ask_to_end()
    for each in programs:
        each.end(max(0.0, last - time.monotonic()))


if __name__ == "__main__":
    main()
