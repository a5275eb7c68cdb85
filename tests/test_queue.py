"""A run is a process of its own: queued, watched, stopped; and whatever happens to it, the queue moves on."""

import os
import signal
import subprocess
import sys
import threading
import time

import psutil
import pytest

from mnist_model.networks import classifier
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import messages, store
from mnist_model.runs import queue as queues
from mnist_model.runs.messages import Done, Evaluate, Failed, MeasureShifts, Progress, Train
from mnist_model.runs.queue import Queue, Run, State
from tests.conftest import ROOT
from tests.process import Process
from tests.steps import until

SMALL, LONG = Recipe(epochs=1, examples=320), Recipe(epochs=1000)
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


@pytest.fixture
def queue():
    """A queue of one at a time; none of its runs is left."""
    made = Queue()
    yield made
    made.close()


def train(recipe: Recipe = SMALL) -> Train:
    return Train("dense", recipe, store.new("dense"))


def wait_for_learning(run: Run) -> None:
    until(lambda: len(run.history) > 5 or run.ended.is_set(), 60)
    assert not run.ended.is_set(), run.error


def test_a_training_reports_its_records_and_its_folder(queue):
    run = queue.submit(train(), owner="me")
    assert run.ended.wait(90) and run.state is State.DONE, run.error
    assert queue.latest("me", Train) is run and run.folder == RunFolder(run.job.folder)
    assert run.folder.history() == run.history and run.history[-1].examples == 320
    assert run.folder.owner() == "me" and store.runs() == [run.folder]
    report = run.folder.report()
    assert run.measured == 1 and report.evaluation.accuracy_at_px.keys() == {"2", "4"}
    assert report.command == "python -m mnist_model train dense --epochs=1 --examples=320"


def test_a_run_has_low_priority_and_a_stopped_one_keeps_what_it_learned(queue):
    run = queue.submit(train(LONG), owner="me")
    wait_for_learning(run)
    assert psutil.Process(run.worker.pid).nice() == 19
    queue.stop(run)
    assert not run.can_be_stopped
    assert run.ended.wait(10) and run.state is State.STOPPED and not run.error
    assert run.folder.epochs_kept() >= 2 and run.history[-1].loss < 2
    evaluating = queue.latest("me", Evaluate)
    assert evaluating.ended.wait(60) and evaluating.state is State.DONE, evaluating.error
    assert run.folder.report().evaluation.test_accuracy > 0.5


def test_stop_while_the_process_is_being_started_is_not_lost(staged, monkeypatch):
    queue, begin, started = staged(), threading.Event(), []

    def slow(loads_tensorflow):
        started.append(1)
        begin.wait(5)
        return Process()

    monkeypatch.setattr(queues, "Worker", slow)
    run = queue.submit(train())
    until(lambda: started)
    queue.stop(run)
    begin.set()
    assert run.ended.wait(5) and run.state is State.STOPPED and not run.worker.told


def test_stop_before_anything_was_learned_keeps_nothing(queue, home):
    run = queue.submit(train(LONG))
    until(lambda: run.worker)
    queue.stop(run)
    assert run.ended.wait(10) and run.state is State.STOPPED and run.folder is None and not run.error
    assert not list(home.glob("*"))


def test_a_ready_process_begins_at_once_and_goes_when_nobody_asks(monkeypatch):
    monkeypatch.setattr(queues, "GLANCE", 0.1)
    queue = Queue(ready=1.0)
    try:
        queue.prepare()
        ready = queue._ready
        run = queue.submit(MeasureShifts(store.ROOT))
        assert run.worker is not ready, "that is for trainings"
        until(lambda: queue._ready is None and not ready.is_alive(), 10)
        queue._ready_for = 60
        queue.prepare()
        ready = queue._ready
        training = queue.submit(train(LONG))
        until(lambda: training.worker)
        assert training.worker is ready
    finally:
        queue.close()


def test_whatever_happens_to_a_run_is_said_in_one_sentence_and_the_queue_moves_on(queue, home):
    killed, diverged = queue.submit(train(LONG)), queue.submit(train(Recipe(learning_rate=1e30)))
    fine = queue.submit(train())
    wait_for_learning(killed)
    os.kill(killed.worker.pid, signal.SIGKILL)
    assert killed.ended.wait(10) and (killed.state, killed.error) == (State.FAILED, "it was ended from outside.")
    assert diverged.ended.wait(90) and diverged.state is State.FAILED and diverged.folder is None
    assert "the loss was no longer a number: a learning rate of 1e+30 is too large" in diverged.error
    assert fine.ended.wait(90) and fine.state is State.DONE
    assert [folder.name for folder in home.iterdir()] == [fine.folder.name], "nothing half-written is left"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="a small disk needs root")
@pytest.mark.parametrize("size", ["200k", "1500k"])
def test_a_full_disk_gets_one_sentence(queue, home, size):
    home.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", home], check=True)
    try:
        run = queue.submit(train())
        assert run.ended.wait(90) and run.error == "The disk is full: nothing of this run could be kept."
        assert not list(home.iterdir())
    finally:
        subprocess.run(["umount", home], check=True)


def test_a_missing_tensorflow_gets_one_sentence(queue, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_TENSORFLOW)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    run = queue.submit(train())
    assert run.ended.wait(60) and run.error == "TensorFlow is missing: pip install -r requirements.txt brings it."


def test_a_network_that_cannot_be_measured_gets_one_sentence(queue, tmp_path):
    run = queue.submit(MeasureShifts(tmp_path / "nowhere"))
    assert run.ended.wait(60) and run.state is State.FAILED and "There is no network" in run.error


def test_nothing_is_left_running_when_the_server_is_killed(tmp_path):
    code = f"""
import time
from pathlib import Path
from mnist_model.networks.recipe import Recipe
from mnist_model.runs.messages import Train
from mnist_model.runs.queue import Queue
queue = Queue()
run = queue.submit(Train("dense", Recipe(epochs=1000), Path({str(tmp_path)!r}) / "run"))
while not run.worker:
    time.sleep(0.01)
queue.prepare()
time.sleep(60)
"""
    server = psutil.Popen([sys.executable, "-c", code], cwd=ROOT)
    until(lambda: len(server.children()) == 2)
    children = server.children()
    server.kill()
    server.wait()
    assert not psutil.wait_procs(children, 20)[1]


@pytest.fixture
def staged(monkeypatch):
    """A queue whose processes say what they are told, one after the other; the last one is as long as wanted."""
    queues_made = []

    def make(*processes: Process, **options) -> Queue:
        waiting = list(processes)
        monkeypatch.setattr(queues, "Worker", lambda loads_tensorflow: waiting.pop(0) if waiting else Process())
        queues_made.append(Queue(**options))
        return queues_made[-1]

    yield make
    for queue in queues_made:
        queue.close()


FAULTS = {
    "no message": Process("{"),
    "a broken message": Process(messages.pickle.UnpicklingError("pickle data was truncated")),
    "an end without a word": Process(None),
    "a process that cannot be started": OSError(12, "Cannot allocate memory"),
    "an error while listening": Process(RuntimeError("out of luck")),
    "a folder that vanished before it was claimed": Process(Done()),
    "a refusal": Process(Failed("no.")),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_no_fault_holds_the_queue(staged, monkeypatch, fault):
    """Each of these left a run "running" for ever, and the class without training."""
    queue = staged(fault) if isinstance(fault, Process) else staged()
    if isinstance(fault, OSError):

        def refuse(loads_tensorflow):
            monkeypatch.setattr(queues, "Worker", lambda loads_tensorflow: Process(Failed("the next one.")))
            raise fault

        monkeypatch.setattr(queues, "Worker", refuse)
    if fault is FAULTS["a folder that vanished before it was claimed"]:
        monkeypatch.setattr(RunFolder, "claim", lambda self, owner: (_ for _ in ()).throw(OSError(2, "No such folder")))
    run, following = queue.submit(train()), queue.submit(train())
    assert run.ended.wait(5) and run.state is State.FAILED and run.folder is None
    assert run.error.endswith(".") and "\n" not in run.error
    until(lambda: following.state is not State.WAITING, 5)
    assert queue.ahead(following)[:1] in ([following], []) and run not in queue.ahead(following)


def test_a_full_disk_at_the_end_of_a_run_does_not_hold_the_queue(staged, monkeypatch):
    def full():
        raise OSError(28, "No space left on device")

    queue = staged(Process(Done()))
    monkeypatch.setattr(store, "clean", full)
    run, following = queue.submit(Evaluate(store.ROOT)), queue.submit(train())
    assert run.ended.wait(5) and "No space left" in run.error
    until(lambda: following.state is State.RUNNING, 5)
    monkeypatch.undo()


def test_the_others_wait_their_turn_and_know_how_long(staged):
    queue = staged()
    first, second, third = (queue.submit(train(), owner=name, expected=10) for name in "abc")
    until(lambda: first.worker)
    assert [queue.place(run) for run in (first, second, third)] == [0, 1, 2]
    assert [run.state for run in (first, second, third)] == [State.RUNNING, State.WAITING, State.WAITING]
    assert queue.ahead(third) == [first, second] and 15 < queue.seconds_until(third) <= 20
    queue.stop(second)
    assert second.ended.is_set() and second.state is State.STOPPED and second.begun == 0 and queue.place(third) == 1
    queue.stop(first)
    assert first.ended.wait(5) and first.state is State.STOPPED
    until(lambda: third.state is State.RUNNING, 5)


def test_as_many_run_at_once_as_it_was_told(staged):
    queue = staged(at_once=2)
    runs = [queue.submit(train(), expected=10) for _ in range(3)]
    until(lambda: runs[1].worker)
    assert [run.state for run in runs] == [State.RUNNING, State.RUNNING, State.WAITING]
    assert 5 < queue.seconds_until(runs[2]) <= 10


def test_what_goes_first_goes_first(staged):
    queue = staged()
    running, last = queue.submit(train()), queue.submit(train())
    first = queue.submit(Evaluate(store.ROOT), first=True)
    assert [queue.place(run) for run in (running, first, last)] == [0, 1, 2]


def test_a_stopped_training_is_evaluated_before_the_others(staged):
    class Learning(Process):
        def messages(self):
            yield classifier.load("dense").folder.history()[-1]
            self.over.wait(20)
            yield Done()

    queue = staged(Learning())
    run, waiting = queue.submit(train(), owner="me"), queue.submit(train())
    until(lambda: run.history)
    queue.stop(run)
    assert run.ended.wait(5) and run.state is State.STOPPED and run.is_kept
    until(lambda: queue.latest("me", Evaluate) and queue.latest("me", Evaluate).worker, 5)
    assert queue.latest("me", Evaluate).job.folder == run.job.folder and waiting.state is State.WAITING


def test_a_training_that_is_being_evaluated_is_not_stopped(staged):
    record = classifier.load("dense").folder.history()[-1]
    queue = staged()
    run = queue.submit(train())
    run.history.append(record)
    assert run.can_be_stopped
    run.measured = 0.5
    queue.stop(run)
    assert not run.can_be_stopped and run.stopping is None and run.state is State.RUNNING


def test_a_run_whose_owner_is_gone_ends_and_one_whose_owner_is_back_goes_on(staged, monkeypatch):
    monkeypatch.setattr(queues, "GLANCE", 0.05)
    queue = staged(Process(), Process(), at_once=2, lost=0.5)
    left = time.monotonic()
    back = queue.submit(train(), alive=lambda: time.monotonic() > left + 0.2)
    gone = queue.submit(train(), alive=lambda: False)
    waiting = queue.submit(train(), alive=lambda: False)
    assert gone.ended.wait(5) and gone.state is State.LOST and time.monotonic() - left > 0.5
    assert waiting.ended.wait(5) and waiting.state is State.LOST
    assert not back.ended.wait(0.5) and back.state is State.RUNNING


def test_an_owner_that_cannot_be_asked_does_not_end_the_looks(staged, monkeypatch):
    monkeypatch.setattr(queues, "GLANCE", 0.05)
    queue = staged(Process(), Process(), at_once=2, lost=0.3)
    asked = []

    def alive():
        asked.append(1)
        raise RuntimeError("the server has no answer")

    queue.submit(train(), alive=alive)
    until(lambda: len(asked) > 2, 5)


def test_only_the_last_runs_are_remembered(staged, monkeypatch):
    monkeypatch.setattr(queues, "REMEMBERED", 3)
    queue = staged()
    for number in range(5):
        queue.submit(train(), owner=str(number))
    assert queue.latest("1", Train) is None and queue.latest("2", Train) and queue.latest("4", Train)


def test_progress_is_what_was_last_said(staged):
    queue = staged(Process(Progress(0.25), Progress(0.5), Done()))
    run = queue.submit(MeasureShifts(store.ROOT))
    assert run.ended.wait(5) and run.measured == 0.5 and run.state is State.DONE
