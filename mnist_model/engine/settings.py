"""What Dask is told, on this machine and in a lab alike."""

import logging
import os
import shutil
import tempfile
from typing import Any, NoReturn

import dask

NOBODY = 60  # seconds without any worker after which a job goes back to its server

SETTINGS = {
    "distributed.scheduler.allowed-failures": 1,  # a job whose worker was killed is begun again, once
    "distributed.scheduler.no-workers-timeout": NOBODY,
    "distributed.scheduler.http.routes": [],  # nothing for those who have no keys
    "distributed.worker.http.routes": [],
    "distributed.admin.low-level-log-length": 10,  # else a thousand of the last records stay in memory
    "distributed.worker.preload": ["mnist_model.engine.worker"],
    # Two heaps: with one, its threads wait for each other and a dense network learns by a fifth slower; with more, a
    # convolutional one leaves 80 MB of holes. Not Dask's own MALLOC_TRIM_THRESHOLD_: memory that is given back after
    # every step takes a third more time.
    "distributed.nanny.pre-spawn-environ": {"OMP_NUM_THREADS": 1, "OPENBLAS_NUM_THREADS": 1, "MALLOC_ARENA_MAX": 2},
}
WORKER: dict[str, Any] = {"nthreads": 1, "memory_limit": 0, "silence_logs": logging.CRITICAL}


def apply() -> None:
    """Tell Dask, in a process that has a scheduler or starts workers."""
    # A folder of its own: in Dask's, the workers of several servers tidy each other up, and one may not start for it.
    dask.config.set(SETTINGS | {"temporary-directory": tempfile.mkdtemp(prefix="nudge-workers-")})
    os.environ["PYTHONWARNINGS"] = "ignore:resource_tracker"  # it counts semaphores that end with the process
    logging.getLogger("distributed").setLevel(logging.CRITICAL)


def leave() -> NoReturn:
    """End such a process at once, and its workers with it: to end them in order takes seconds."""
    shutil.rmtree(dask.config.get("temporary-directory"), ignore_errors=True)
    os._exit(0)
