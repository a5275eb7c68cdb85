"""A scheduler and workers on this machine, in processes of their own.

python -m mnist_model.engine.local WORKERS VERSION

prints the scheduler's address, and ends with its standard input: the server that started it is gone then. It ends, too,
where its workers do not come back: the server starts another.
"""

import subprocess
import sys
import threading

from distributed import LocalCluster

from mnist_model.engine import settings
from mnist_model.engine.version import version
from mnist_model.runs.settings import ROOT

LOST = 30.0  # seconds without any worker: Dask gives one up that failed while it was started again
GLANCE = 1.0  # seconds between two looks


def start(workers: int) -> subprocess.Popen[str]:
    """Start them; the first line of standard output is the address."""
    return subprocess.Popen(
        [sys.executable, "-m", "mnist_model.engine.local", str(workers), version()],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C in the server's terminal is for the server
    )


def main() -> None:
    """The program: until its standard input ends, or its workers are lost."""
    settings.apply()
    workers, version_served = sys.argv[1:]
    cluster = LocalCluster(
        n_workers=int(workers),
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # any free port: another server here may have the usual one
        resources={version_served: 1},  # files may have changed since the server began
        **settings.WORKER,
    )
    print(cluster.scheduler_address, flush=True)
    watch(cluster)
    settings.leave()


def watch(cluster: LocalCluster) -> None:
    """Return when standard input ends, or when there has been no worker for too long."""
    ended, absent = threading.Event(), 0.0

    def read() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=read, daemon=True).start()
    while absent < LOST and not ended.wait(GLANCE):
        absent = 0.0 if cluster.scheduler.workers else absent + GLANCE


if __name__ == "__main__":
    main()
