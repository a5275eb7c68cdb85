"""A scheduler and workers on this machine, in processes of their own.

python -m mnist_model.engine.local WORKERS

prints the scheduler's address, and ends with its standard input: the server that started it is gone then.
"""

import logging
import os
import subprocess
import sys

import dask
from distributed import LocalCluster

from mnist_model.runs.store import ROOT

SETTINGS = {
    "distributed.scheduler.allowed-failures": 1,  # a job whose worker was killed is begun again, once
    "distributed.admin.low-level-log-length": 10,  # else a thousand of the last records stay in memory
    "distributed.worker.preload": ["mnist_model.engine.worker"],
}


def start(workers: int) -> subprocess.Popen[str]:
    """Start them; the first line of standard output is the address."""
    return subprocess.Popen(
        [sys.executable, "-m", "mnist_model.engine.local", str(workers)],
        cwd=ROOT,
        env=os.environ | {"PYTHONWARNINGS": "ignore:resource_tracker"},  # it counts semaphores that end with us
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C in the server's terminal is for the server
    )


def main() -> None:
    dask.config.set(SETTINGS)
    cluster = LocalCluster(
        n_workers=int(sys.argv[1]),
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=0,
        silence_logs=logging.ERROR,
    )
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
    os._exit(0)  # the workers see it, and end at once; to end them in order takes seconds


if __name__ == "__main__":
    main()
