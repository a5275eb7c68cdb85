"""Where jobs are done: Dask's workers on this machine or in a lab, by one way to both."""

import contextlib
import functools
import logging
import os
import pickle
import secrets
import subprocess
import threading
from concurrent.futures import CancelledError

from distributed import Client, Future, KilledWorker
from distributed.scheduler import NoValidWorkerError, NoWorkerError
from distributed.utils import LoopRunner
from tornado.ioloop import IOLoop

from mnist_model.engine import local, worker
from mnist_model.engine.security import security, unreachable
from mnist_model.engine.version import version
from mnist_model.runs import settings
from mnist_model.runs.errors import NoWorkers, WorkersLost
from mnist_model.runs.jobs import Job
from mnist_model.runs.messages import End, Files, Hear

PATIENCE = 10  # seconds for a scheduler to answer


class Cluster:
    """The workers of a scheduler at an address; without one, `at_once` of this machine, started when they are needed.

    May be used from any thread.
    """

    def __init__(self, at_once: int = 1, address: str = "") -> None:
        self._at_once, self._address = at_once, address
        self._slots = at_once
        self._topic = f"nudge-{secrets.token_hex(8)}"  # of what its jobs say: other servers may have the same workers
        self._lock = threading.Lock()
        self._local: subprocess.Popen[str] | None = None
        self._client: Client | None = None
        self._jobs: dict[str, tuple[Future, Hear]] = {}

    @property
    def slots(self) -> int:
        """How many jobs can be done at the same time, as of the last `prepare`: in a lab, as many as have joined."""
        return self._slots

    def prepare(self) -> None:
        """Have the workers started, and TensorFlow imported in them. Raises NoWorkers."""
        with self._lock:
            is_gone = self._local is not None and self._local.poll() is not None
            if self._client is None or is_gone or self._client.status in ("closing", "closed"):
                self._disconnect()
                self._client = self._connect()
            if self._client.status != "running":  # it tries to connect again
                raise NoWorkers(self._lost())
            if self._address:
                self._slots = self._joined(self._client)

    def rest(self) -> None:
        """End the workers of this machine: nobody has asked for them for a while."""
        with self._lock:
            if self._local:
                self._disconnect()

    def begin(self, key: str, job: Job, files: Files, hear: Hear, end: End) -> None:
        """Have a job done on the files of a run folder.

        `hear` gets what it says, and `end` the files that it made or why it could not be done.
        Raises NoWorkers.
        """
        self.prepare()
        assert self._client
        self._client.subscribe_topic(self._topic, self._hear)  # each time: the scheduler may be another by now
        future = self._client.submit(worker.work, self._topic, key, job, files, key=key, resources={version(): 1})
        self._jobs[key] = future, hear
        threading.Thread(target=self._end, args=(key, future, end), daemon=True).start()

    def stop(self, key: str) -> None:
        """Have a job end soon and return what it has."""
        threading.Thread(target=self._ask_to_stop, args=(key,), daemon=True).start()

    def abandon(self, key: str) -> None:
        """Have a job end without any result."""
        future, _ = self._jobs.pop(key, (None, None))
        if future:
            future.cancel()

    def close(self) -> None:
        """End the workers of this machine; those of a lab give up what they were doing for this server."""
        self._jobs.clear()
        with self._lock:
            self._disconnect()

    def _connect(self) -> Client:
        address = self._address or self._start()
        try:
            return Client(address, timeout=PATIENCE, security=security(address), loop=_loop(), set_as_default=False)
        except OSError as error:
            raise unreachable(address, error) from error

    def _start(self) -> str:
        """Start the workers of this machine; their scheduler's address."""
        try:
            self._local = local.start(self._at_once)
        except OSError as error:
            raise NoWorkers(f"Workers cannot be started: {error.strerror}.") from error
        assert self._local.stdout
        address = self._local.stdout.readline().strip()
        if not address:
            raise NoWorkers("Workers cannot be started; the server's log says more.")
        return address

    def _joined(self, client: Client) -> int:
        """How many workers of a lab do the jobs of this version. Raises NoWorkers where there are none."""
        joined = client.scheduler_info(n_workers=-1)["workers"].values()
        able = sum(version() in each["resources"] for each in joined)
        if joined and not able:
            raise NoWorkers(f"The workers at {self._address} have another version of the project than this server.")
        if not able:
            raise NoWorkers(f"No worker has joined the scheduler at {self._address}, or all have left.")
        return able

    def _lost(self) -> str:
        return f"The connection to the {'scheduler at ' + self._address if self._address else 'workers'} was lost."

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client:
            client.close()
        process, self._local = self._local, None
        if process:
            try:
                process.communicate(timeout=PATIENCE)  # it ends with its standard input, and tidies up
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()

    def _hear(self, event: tuple[float, bytes]) -> None:
        key, message = pickle.loads(event[1])
        _, hear = self._jobs.get(key, (None, None))
        if hear:
            hear(message)

    def _ask_to_stop(self, key: str) -> None:
        """Every worker is asked: which of them has the job may be changing."""
        client = self._client
        if client:
            with contextlib.suppress(OSError):  # it is gone, and so is the job
                client.run(worker.ask_to_stop, key, on_error="ignore")

    def _end(self, key: str, future: Future, end: End) -> None:
        """Wait for the end of a job."""
        outcome = self._outcome(future)
        if self._jobs.pop(key, None):  # else it was abandoned
            end(outcome)
            future.release()

    def _outcome(self, future: Future) -> Files | Exception:
        try:
            files: Files = future.result()
            return files
        except KilledWorker:
            return WorkersLost("its process was ended from outside, twice.")
        except CancelledError:
            return NoWorkers(self._lost())
        except (NoWorkerError, NoValidWorkerError):
            return NoWorkers("Every worker has left.")
        except Exception as error:
            return error


def chosen() -> Cluster:
    """The workers that the environment chooses: those of the lab at MNIST_CLUSTER, or MNIST_RUNS_AT_ONCE here."""
    return Cluster(settings.number("MNIST_RUNS_AT_ONCE", 1), os.environ.get("MNIST_CLUSTER", "").strip())


@functools.cache
def _loop() -> IOLoop:
    """The thread of all clients: one of its own would outlive each that cannot connect."""
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # what NoWorkers says, in forty lines
    runner = LoopRunner()
    runner.start()
    return runner.loop
