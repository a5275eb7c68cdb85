"""A run is a process of its own: queued, watched, stopped; and whatever happens to it, the queue moves on."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from mnist_model import checkpoints, folders, runs
from tests.conftest import ROOT
from tests.steps import until

SMALL = ("train", "dense", "--epochs", "1", "--examples", "320")
LONG = ("train", "dense", "--epochs", "100")
WITHOUT_TENSORFLOW = """
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("tensorflow", "keras"):
            raise ModuleNotFoundError(f"No module named {name!r}")

sys.meta_path.insert(0, Nothing())
"""


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Runs of these tests go into a folder of their own, and none is left."""
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    yield tmp_path / "runs"
    runs._end_all()
    for run in list(runs._running):
        run.ended.wait(10)
    runs._latest.clear()


def test_a_run_reports_its_records_and_its_folder():
    run = runs.submit(*SMALL, owner="me")
    assert run.ended.wait(90) and not run.error
    assert runs.latest("me", "train") is run and run.folder == run.target
    history = folders.history(run.folder)
    assert [r["loss"] for r in history] == pytest.approx([r["loss"] for r in run.history])
    assert folders.owner(run.folder) == "me" and folders.finished() == [run.folder]
    assert folders.report(run.folder)["accuracy_at_px"].keys() == {"2", "4"}


def test_a_run_has_low_priority_and_the_others_wait_their_turn():
    first, second, third = (runs.submit(*LONG, owner=name, expected=10) for name in "abc")
    assert psutil.Process(first.process.pid).nice() == 19
    assert [runs.place(run) for run in (first, second, third)] == [0, 1, 2]
    assert runs.ahead(third) == [first, second] and 15 < runs.seconds_until(third) <= 20
    runs.stop(second)
    assert second.ended.is_set() and second.process is None and runs.place(third) == 1
    runs.stop(first)
    until(lambda: third.process)
    assert runs.place(third) == 0


def test_as_many_run_at_once_as_the_environment_says(monkeypatch):
    monkeypatch.setenv("MNIST_RUNS_AT_ONCE", "2")
    both = [runs.submit(*LONG) for _ in range(2)]
    assert all(run.process for run in both)


def test_stop_ends_a_run_within_a_second_and_keeps_what_it_learned():
    run = runs.submit(*LONG, owner="me")
    wait_for_learning(run)
    begun = time.perf_counter()
    runs.stop(run)
    assert run.ended.wait(1), time.perf_counter() - begun
    assert run.stopped and not run.error
    assert checkpoints.read(run.folder, 0) is not None and run.history[-1]["loss"] < 2
    measuring = runs.latest("me", "measure")
    assert measuring.ended.wait(60) and not measuring.error
    assert folders.report(run.folder)["test_accuracy"] > 0.5


def test_stop_before_anything_was_learned_keeps_nothing(own_folder):
    run = runs.submit(*LONG)
    runs.stop(run)
    assert run.ended.wait(5) and run.folder is None and not run.error
    assert not list(own_folder.glob("*"))


def test_a_ready_process_begins_at_once():
    runs.prepare()
    ready = runs._ready
    run = runs.submit(*SMALL)
    assert run.process is ready and run.ended.wait(90) and run.folder
    runs._wanted_until = 0.0
    until(lambda: runs._ready is None, 10)


def test_a_run_whose_owner_is_gone_ends_and_one_whose_owner_is_back_goes_on(monkeypatch):
    monkeypatch.setattr(runs, "LOST", 6)
    monkeypatch.setenv("MNIST_RUNS_AT_ONCE", "2")
    left = []
    back = runs.submit(*LONG, alive=lambda: not left or time.monotonic() > left[0] + 2)
    gone = runs.submit(*LONG, alive=lambda: not left)
    wait_for_learning(back)
    wait_for_learning(gone)
    left.append(time.monotonic())
    assert gone.ended.wait(20) and gone.lost and time.monotonic() - left[0] > 2
    assert not back.ended.wait(4) and not back.lost


def test_whatever_happens_to_a_run_is_said_in_one_sentence_and_the_queue_moves_on(own_folder):
    killed = runs.submit(*LONG)
    diverged = runs.submit("train", "dense", "--learning-rate", "1e30")
    fine = runs.submit(*SMALL)
    wait_for_learning(killed)
    os.kill(killed.process.pid, signal.SIGKILL)
    assert killed.ended.wait(10) and killed.error == "it was ended from outside."
    assert diverged.ended.wait(90) and diverged.folder is None
    assert "the loss was no longer a number: a learning rate of 1e+30 is too large" in diverged.error
    assert fine.ended.wait(90) and not fine.error
    assert [folder.name for folder in own_folder.iterdir()] == [fine.folder.name], "nothing half-written is left"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="a small disk needs root")
@pytest.mark.parametrize("size", ["200k", "1500k"])
def test_a_full_disk_gets_one_sentence(own_folder, size):
    own_folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", own_folder], check=True)
    try:
        run = runs.submit(*SMALL)
        assert run.ended.wait(90) and run.error == "The disk is full: nothing of this run could be kept."
        assert not list(own_folder.iterdir())
    finally:
        subprocess.run(["umount", own_folder], check=True)


def test_a_missing_tensorflow_gets_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(WITHOUT_TENSORFLOW)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    run, measuring = runs.submit(*SMALL), runs.submit("evaluate", "dense")
    assert run.ended.wait(60) and "TensorFlow is missing: pip install -r requirements.txt" in run.error
    assert measuring.ended.wait(60), "the queue moves on"


def test_nothing_is_left_running_when_the_server_is_killed(tmp_path):
    code = f"from mnist_model import runs; import time; runs.submit(*{LONG}); runs.prepare(); time.sleep(60)"
    server = psutil.Popen([sys.executable, "-c", code], cwd=ROOT)
    until(lambda: len(server.children()) == 2)
    children = server.children()
    server.kill()
    server.wait()
    assert not psutil.wait_procs(children, 20)[1]


def wait_for_learning(run: runs.Run) -> None:
    until(lambda: len(run.history) > 5 or run.ended.is_set(), 60)
    assert not run.ended.is_set(), run.error
