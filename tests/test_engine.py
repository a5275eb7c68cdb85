"""Jobs are done by Dask's workers: watched, stopped; and whatever happens to a worker, nothing is lost or left."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import psutil
import pytest
from distributed import Client

from mnist_model.engine import local, worker
from mnist_model.engine.cluster import Cluster
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.run_folder import RunFolder, find
from mnist_model.runs import store
from mnist_model.runs.jobs import Evaluate, MeasureFigures, MeasureShifts, Train
from mnist_model.runs.queue import Queue
from mnist_model.runs.run import Run, State
from mnist_model.training import importing
from mnist_model.training.errors import Stopped
from tests.conftest import ROOT
from tests.steps import until

pytestmark = pytest.mark.engine
SMALL, LONG = Recipe(epochs=1, examples=320), Recipe(epochs=1000)
SOON = 300  # seconds, on a machine that does other things
WITHOUT_TENSORFLOW = """
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras"):
            raise ModuleNotFoundError(f"No module named {name!r}")

sys.meta_path.insert(0, Nothing())
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Runs of these tests go into a folder of their own."""
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


@pytest.fixture(scope="module")
def cluster():
    """One worker for all these tests: it imports TensorFlow once."""
    made = Cluster()
    yield made
    made.close()


@pytest.fixture
def queue(cluster):
    """A queue of its own, which leaves the worker to the next test."""
    made = Queue(lambda: cluster)
    yield made
    made._engine = None
    made.close()


def train(recipe: Recipe = SMALL, network: str = "dense") -> Train:
    return Train(network, recipe, store.new(network))


def wait_for_learning(run: Run) -> None:
    until(lambda: len(run.history) > 5 or run.ended.is_set(), SOON)
    assert not run.ended.is_set(), run.error


def workers(process: psutil.Process) -> list[psutil.Process]:
    """The processes that do the jobs."""
    return [each for each in process.children(recursive=True) if "--multiprocessing-fork" in each.cmdline()]


def test_a_training_reports_its_records_and_its_folder(queue):
    run = queue.submit(train(), owner="me")
    assert run.ended.wait(SOON) and run.state is State.DONE, run.error
    assert run.folder == RunFolder(run.job.folder) and run.attempts == 1
    assert run.folder.history()[-2:] == run.history and run.history[-1].examples == 320
    assert run.folder.owner() == "me" and store.runs() == [run.folder]
    report = run.folder.report()
    assert run.measured == 1 and report.evaluation.accuracy_at_px.keys() == {"2", "4"}
    assert report.command == "python -m mnist_model train dense --epochs=1 --examples=320"
    assert run.folder.epochs() == [0, 1]


def test_a_run_has_low_priority_shows_its_weights_and_keeps_what_it_learned_when_stopped(queue):
    run = queue.submit(train(LONG), owner="me")
    wait_for_learning(run)
    (working,) = workers(psutil.Process())
    assert working.nice() == 19
    loaded = "".join(each.path for each in working.memory_maps())
    assert "/tensorflow/" in loaded and not [name for name in importing.UNUSED if f"/{name}/" in loaded]
    sessions = Path(f"/proc/{working.pid}/autogroup")
    assert not sessions.exists() or sessions.read_text().endswith("nice 10\n")
    before = run.weights[0].copy()
    until(lambda: not np.array_equal(run.weights[0], before), SOON)
    queue.stop(run)
    assert not run.can_be_stopped
    assert run.ended.wait(SOON) and run.state is State.STOPPED and not run.error
    assert len(run.folder.epochs()) >= 2 and run.history[-1].loss < 2
    evaluating = queue.latest("me", Evaluate)
    assert evaluating.ended.wait(SOON) and evaluating.state is State.DONE, evaluating.error
    assert run.folder.report().evaluation.test_accuracy > 0.5


def test_stop_before_anything_was_learned_keeps_nothing_and_frees_the_worker(queue, home):
    run = queue.submit(train(LONG, "robust"))
    until(lambda: run.attempts)
    queue.stop(run)
    assert run.ended.is_set() and run.state is State.STOPPED and run.folder is None and not run.error
    following = queue.submit(train())
    assert following.ended.wait(SOON) and following.state is State.DONE, following.error
    assert store.runs() == [following.folder]


def test_a_run_whose_worker_is_killed_begins_again_once_and_the_queue_moves_on(queue, home):
    twice, diverged, fine = (queue.submit(train(r)) for r in (LONG, Recipe(learning_rate=1e30), SMALL))
    for attempt in (1, 2):
        until(lambda attempt=attempt: twice.attempts == attempt, SOON)
        wait_for_learning(twice)
        for each in workers(psutil.Process()):
            each.kill()
    assert twice.ended.wait(SOON) and twice.error == "its process was ended from outside, twice."
    assert diverged.ended.wait(SOON) and diverged.state is State.FAILED and diverged.folder is None
    assert "the loss was no longer a number: a learning rate of 1e+30 is too large" in diverged.error
    assert fine.ended.wait(SOON) and fine.state is State.DONE
    assert [folder.name for folder in home.iterdir()] == [fine.folder.name], "nothing half-written is left"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="a small disk needs root")
def test_a_full_disk_gets_one_sentence(queue, home):
    home.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", home], check=True)
    try:
        run = queue.submit(train())
        assert run.ended.wait(SOON) and run.error == "The disk is full: nothing of this run could be kept."
        assert not list(home.iterdir())
    finally:
        subprocess.run(["umount", home], check=True)


def test_a_network_that_cannot_be_measured_gets_one_sentence(queue, tmp_path):
    run = queue.submit(MeasureShifts(tmp_path / "nowhere"))
    assert run.ended.wait(SOON) and run.state is State.FAILED and "There is no network" in run.error


@pytest.mark.parametrize("job", [Evaluate, MeasureShifts, MeasureFigures])
def test_what_measures_ends_when_it_is_asked_to_stop(job, tmp_path):
    """A worker would go on for twelve seconds, or for minutes with a large network."""
    folder, said = RunFolder(shutil.copytree(find("dense").path, tmp_path / "dense")), []
    with pytest.raises(Stopped):
        worker._do(job(folder.path), folder, None, said.append, lambda: bool(said))
    assert len(said) == 1 and said[0].done < 0.1


def test_a_run_whose_workers_are_all_lost_with_their_scheduler_begins_again(queue):
    run = queue.submit(train(Recipe(epochs=20)), owner="me")
    wait_for_learning(run)
    for each in psutil.Process().children():
        if "mnist_model.engine.local" in each.cmdline():
            each.kill()
    until(lambda: run.attempts == 2, SOON)
    wait_for_learning(run)
    queue.stop(run)
    assert run.ended.wait(SOON) and run.state is State.STOPPED and run.is_kept, run.error


def test_where_workers_do_not_come_back_their_scheduler_ends():
    code = "from mnist_model.engine import local; local.LOST = 1; local.main()"
    command = [sys.executable, "-c", code, "1", "version"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    started = subprocess.Popen(command, cwd=ROOT, **pipes)
    with Client(started.stdout.readline().strip()) as client:
        client.retire_workers()
        assert started.wait(SOON) == 0
    started.communicate()


def test_workers_of_a_scheduler_elsewhere_are_left_alone(home):
    lab = local.start(1)
    elsewhere = Cluster(address=lab.stdout.readline().strip())
    others = Queue(lambda: elsewhere)
    try:
        run = others.submit(MeasureShifts(home / "nowhere"))
        assert run.ended.wait(SOON) and "There is no network" in run.error, "the same way to a lab"
        assert elsewhere.slots == 1
        elsewhere.rest()
        others.close()
        assert lab.poll() is None
    finally:
        lab.kill()
        lab.communicate()


def test_a_missing_tensorflow_gets_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_TENSORFLOW)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    queue = Queue(Cluster)
    run = queue.submit(train())
    assert run.ended.wait(SOON) and run.error == "TensorFlow is missing: pip install -r requirements.txt brings it."
    queue.close()


def test_nothing_is_left_running_when_the_server_is_killed(tmp_path):
    code = f"""
import time
from pathlib import Path
from mnist_model.engine.cluster import Cluster
from mnist_model.networks.recipe import Recipe
from mnist_model.runs.jobs import Train
from mnist_model.runs.queue import Queue
queue = Queue(Cluster)
queue.submit(Train("dense", Recipe(epochs=1000), Path({str(tmp_path)!r}) / "run"))
time.sleep(600)
"""
    server = psutil.Popen([sys.executable, "-c", code], cwd=ROOT)
    until(lambda: workers(server), SOON)
    children = server.children(recursive=True)
    server.kill()
    server.wait()
    assert not psutil.wait_procs(children, SOON)[1]


def test_a_job_that_does_not_heed_a_stop_ends_with_its_process(monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(worker, "PATIENCE", 0.05)
    monkeypatch.setattr(worker.os, "_exit", lambda code: ended.set())
    worker.ask_to_stop("done already")
    assert not ended.wait(0.3)
    worker._doing.add("deaf")
    worker.ask_to_stop("deaf")
    assert ended.wait(5)
    worker._doing.discard("deaf")
