"""A scheduler and workers on this machine, in processes of their own.

python -m mnist_model.engine.local WORKERS VERSION

prints the scheduler's address, and ends with its standard input: the server that started it is gone then.
"""

import os
import subprocess
import sys

from distributed import LocalCluster

from mnist_model.engine import settings
from mnist_model.engine.version import version
from mnist_model.runs.store import ROOT


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
    """The program: until its standard input ends."""
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
    sys.stdin.read()
    os._exit(0)  # the workers see it, and end at once; to end them in order takes seconds


if __name__ == "__main__":
    main()
