"""Run folders are complete or not there; what is abandoned goes, what lives stays, and the disk has a limit."""

import json
import os
import platform
import subprocess
import sys
import time

import psutil
import pytest

from mnist_model import folders


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    return tmp_path


def written(name: str, megabytes: int = 0, age: float = 0) -> None:
    with folders.writing(folders.home() / name) as partial:
        (partial / "report.json").write_text("{}")
        (partial / "history.csv").write_text("")
        (partial / "model.keras").write_bytes(bytes(megabytes * 2**20))
    os.utime(folders.home() / name / "history.csv", (time.time() - age,) * 2)


def half_written(name: str, pid: int, created: float) -> None:
    half = folders.home() / f"{name}.partial"
    half.mkdir()
    (half / "process.json").write_text(json.dumps({"pid": pid, "created": created, "machine": platform.node()}))


def test_a_run_is_not_listed_before_it_is_complete():
    with folders.writing(folders.home() / "run") as partial:
        (partial / "report.json").write_text("{}")
        (partial / "history.csv").write_text("")
        assert folders.finished() == [] and partial == folders.partial(folders.home() / "run")
    assert folders.finished() == [folders.home() / "run"] and not partial.exists()


def test_what_fails_leaves_nothing(home):
    with pytest.raises(ZeroDivisionError), folders.writing(home / "run"):
        1 / 0  # noqa: B018
    assert not list(home.iterdir())


def test_writing_spares_what_is_not_a_run_and_what_another_is_writing(home):
    (home / "thesis").mkdir()
    (home / "thesis" / "thesis.txt").write_text("my only copy")
    with pytest.raises(FileExistsError), folders.writing(home / "thesis"):
        pass
    assert (home / "thesis" / "thesis.txt").exists()
    with folders.writing(home / "run"), pytest.raises(FileExistsError), folders.writing(home / "run"):
        pass


def test_cleaning_removes_what_a_dead_process_left_and_spares_a_living_ones(home):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    half_written("dead", ended.pid, 0.0)
    half_written("reused", os.getpid(), 0.0)  # the number lives on, the process does not
    half_written("alive", os.getpid(), psutil.Process().create_time())
    (home / "beginning.partial").mkdir()
    folders.clean()
    assert sorted(entry.name for entry in home.iterdir()) == ["alive.partial", "beginning.partial"]


def test_the_oldest_go_when_the_disk_is_needed(monkeypatch):
    for age, name in enumerate(["new", "older", "oldest"]):
        written(name, megabytes=2, age=100 * age)
    assert [folder.name for folder in folders.finished()] == ["new", "older", "oldest"]
    monkeypatch.setenv("MNIST_RUNS_MB", "5")
    folders.make_room()
    assert [folder.name for folder in folders.finished()] == ["new", "older"]
    folders.make_room(megabytes=2)
    assert [folder.name for folder in folders.finished()] == ["new"]


def test_a_run_has_an_owner_or_none():
    written("run")
    folder = folders.home() / "run"
    assert folders.owner(folder) == ""
    folders.claim(folder, "ab12")
    assert folders.owner(folder) == "ab12"
    folders.delete(folder)
    assert folders.finished() == [] and not list(folders.home().iterdir())


def test_no_two_new_folders_have_one_name():
    assert len({folders.new("dense") for _ in range(50)}) == 50
