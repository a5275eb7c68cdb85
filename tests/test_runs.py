"""A run is a process of its own: watched, stopped, one at a time."""

import os
import signal
import time

import psutil
import pytest

from mnist_model import runs


@pytest.fixture(autouse=True)
def no_run_is_left():
    yield
    if runs._latest:
        runs.stop(runs._latest)


def test_a_run_reports_its_records_and_its_folder(tmp_path):
    run = runs.start("train", "dense", "--epochs", "1", "--examples", "320", "--out", str(tmp_path / "run"))
    assert runs.busy()
    assert run.ended.wait(90) and not run.error
    assert run.folder == str(tmp_path / "run") and not runs.busy()
    history = runs.history(tmp_path / "run")
    assert [r["loss"] for r in history] == pytest.approx([r["loss"] for r in run.records[:-1]])


def test_a_run_has_low_priority_and_the_machine_to_itself():
    run = runs.start("train", "dense", "--epochs", "50")
    assert psutil.Process(run.process.pid).nice() == 19
    with pytest.raises(runs.Busy):
        runs.start("train", "dense")


def test_stop_ends_a_run_within_a_second():
    run = runs.start("train", "dense", "--epochs", "50")
    wait_for_records(run)
    begun = time.perf_counter()
    runs.stop(run)
    assert time.perf_counter() - begun < 1
    assert run.stopped and not run.error and run.folder is None and run.records and not runs.busy()


def test_a_run_killed_from_outside_says_so():
    run = runs.start("train", "dense", "--epochs", "50")
    wait_for_records(run)
    os.kill(run.process.pid, signal.SIGKILL)
    assert run.ended.wait(10) and "ended from outside" in run.error and not runs.busy()


def test_a_run_that_fails_says_why(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")
    run = runs.start("train", "dense", "--epochs", "1", "--examples", "32", "--out", str(tmp_path))
    assert run.ended.wait(90) and "is not a run folder" in run.error


def wait_for_records(run: runs.Run) -> None:
    while len(run.records) < 3:
        assert not run.ended.wait(0.1), run.error
