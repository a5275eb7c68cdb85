"""Run folders are complete or not there; what is abandoned goes, what lives stays, and the disk has a limit."""

import json
import os
import platform
import subprocess
import sys
import time

import psutil
import pytest

from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import settings, store
from mnist_model.runs.errors import DiskFull, NotARunFolder


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    return tmp_path


def written(name: str, megabytes: int = 0, age: float = 0) -> None:
    with store.writing(store.home() / name) as partial:
        (partial / "report.json").write_text("{}")
        (partial / "history.csv").write_text("")
        (partial / "model.keras").write_bytes(bytes(megabytes * 2**20))
    os.utime(store.home() / name / "history.csv", (time.time() - age,) * 2)


def half_written(name: str, pid: int, created: float) -> None:
    half = store.home() / f"{name}.partial"
    half.mkdir()
    (half / "process.json").write_text(json.dumps({"pid": pid, "created": created, "machine": platform.node()}))


def test_a_run_is_not_listed_before_it_is_complete():
    with store.writing(store.home() / "run") as partial:
        (partial / "report.json").write_text("{}")
        (partial / "history.csv").write_text("")
        assert store.runs() == [] and partial == store.partial(store.home() / "run")
    assert store.runs() == [RunFolder(store.home() / "run")] and not partial.exists()


def test_what_fails_leaves_nothing(home):
    with pytest.raises(ZeroDivisionError), store.writing(home / "run"):
        1 / 0  # noqa: B018
    assert not list(home.iterdir())


def test_writing_spares_what_is_not_a_run_and_what_another_is_writing(home):
    (home / "thesis").mkdir()
    (home / "thesis" / "thesis.txt").write_text("my only copy")
    with pytest.raises(NotARunFolder), store.writing(home / "thesis"):
        pass
    assert (home / "thesis" / "thesis.txt").exists()
    with store.writing(home / "run"), pytest.raises(NotARunFolder), store.writing(home / "run"):
        pass


def test_cleaning_removes_what_a_dead_process_left_and_spares_a_living_ones(home):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    half_written("dead", ended.pid, 0.0)
    half_written("reused", os.getpid(), 0.0)  # the number lives on, the process does not
    half_written("alive", os.getpid(), psutil.Process().create_time())
    (home / "beginning.partial").mkdir()
    store.clean()
    assert sorted(entry.name for entry in home.iterdir()) == ["alive.partial", "beginning.partial"]


def test_the_oldest_go_when_the_disk_is_needed(monkeypatch):
    for age, name in enumerate(["new", "older", "oldest"]):
        written(name, megabytes=2, age=100 * age)
    assert [run.name for run in store.runs()] == ["new", "older", "oldest"]
    monkeypatch.setenv("MNIST_RUNS_MB", "5")
    store.make_room()
    assert [run.name for run in store.runs()] == ["new", "older"]
    with store.writing(store.home() / "newest") as half:
        (half / "report.json").write_bytes(bytes(2 * 2**20))
    assert {run.name for run in store.runs()} == {"newest", "new"}


def test_a_deleted_run_is_gone():
    written("run")
    store.delete(store.home() / "run")
    assert store.runs() == [] and not list(store.home().iterdir())
    store.delete(store.home() / "run")


def test_what_is_no_run_is_listed_and_never_deleted_to_make_room(home, monkeypatch):
    written("run", megabytes=2)
    (home / "holiday").mkdir()
    (home / "holiday" / "photo.jpg").write_bytes(bytes(2 * 2**20))
    (home / ".hidden").mkdir()
    assert {run.name for run in store.runs()} == {"run", "holiday"}
    monkeypatch.setenv("MNIST_RUNS_MB", "1")
    store.make_room()
    assert [entry.name for entry in sorted(home.iterdir())] == [".hidden", "holiday"]


def test_a_full_disk_is_one_sentence_and_leaves_nothing(home):
    with pytest.raises(DiskFull, match="The disk is full"), store.writing(home / "run"):
        raise OSError(28, "No space left on device")
    with pytest.raises(PermissionError), store.writing(home / "run"):
        raise PermissionError(13, "Permission denied")
    assert not list(home.iterdir())


@pytest.mark.parametrize("text", ["0", "-1", "many", ""])
def test_a_setting_that_is_no_number_of_at_least_1_is_the_default(monkeypatch, text):
    monkeypatch.setenv("MNIST_RUNS_AT_ONCE", text)
    assert settings.number("MNIST_RUNS_AT_ONCE", 1) == 1
    monkeypatch.setenv("MNIST_RUNS_AT_ONCE", "3")
    assert settings.number("MNIST_RUNS_AT_ONCE", 1) == 3


def test_no_two_new_folders_have_one_name():
    assert len({store.new("dense") for _ in range(50)}) == 50
