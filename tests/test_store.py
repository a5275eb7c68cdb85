"""Run folders are complete or not there; what is abandoned goes, what lives stays, and the disk has a limit."""

import os
import shutil
import subprocess
import sys
import time

import pytest

from mnist_model.networks import disk
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


WRITING = """
import sys
from pathlib import Path
from mnist_model.runs import store
with store.writing(Path(sys.argv[1])) as half:
    (half / "report.json").write_text("{}")
    print(flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def writer(home):
    """Another process that is writing a run: `writer(name)`."""
    made = []

    def write(name: str) -> subprocess.Popen:
        command = [sys.executable, "-c", WRITING, str(home / name)]
        made.append(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
        made[-1].stdout.readline()
        return made[-1]

    yield write
    for process in made:
        process.kill()
        process.communicate()


def of_elsewhere(name: str, age: float) -> None:
    """Another machine's half-written run, last written to so long ago; its folder is older still."""
    half = store.home() / f"{name}.partial"
    (half / "epochs").mkdir(parents=True)
    (half / "machine.txt").write_text("elsewhere")
    (half / "epochs" / "003.npz").write_text("")
    for entry in half.rglob("*"):
        os.utime(entry, (time.time() - age - (entry.suffix != ".npz") * 9000,) * 2)
    os.utime(half, (time.time() - age - 9000,) * 2)


def names(home) -> list[str]:
    return sorted(entry.name for entry in home.iterdir() if not entry.name.startswith("."))


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


def test_cleaning_removes_what_a_dead_process_left_and_spares_a_living_ones(home, writer, monkeypatch):
    writer("alive")
    dead = writer("dead")
    dead.kill()
    dead.wait()
    monkeypatch.setattr(time, "time", lambda now=time.time: now() + 86_400)  # whatever the clock says
    store.clean()
    assert names(home) == ["alive.partial"]
    with pytest.raises(NotARunFolder, match="Another run is being written"), store.writing(home / "alive"):
        pass
    with store.writing(home / "dead") as half:
        (half / "report.json").write_text("{}")
    assert names(home) == ["alive.partial", "dead"]


def test_nothing_of_a_lock_is_left(home, writer):
    written("run")
    process = writer("another")
    process.communicate(b"")
    assert sorted(entry.name for entry in home.iterdir()) == ["another", "run"]
    assert not (home / "run" / "machine.txt").exists()


def test_cleaning_spares_what_another_machine_wrote_within_the_hour(home):
    of_elsewhere("given-up", 4000)
    of_elsewhere("alive", 3000)
    with pytest.raises(NotARunFolder), store.writing(home / "alive"):
        pass
    store.clean()
    assert names(home) == ["alive.partial"]


def test_a_run_comes_back_whose_successor_never_came(home, writer):
    """Killed between the two renames of a replacement, the only moment in which neither has the name."""
    written("run", megabytes=1)
    (home / "run").rename(home / "run-ab12.replaced.partial")
    process = writer("run")
    store.clean()
    assert names(home) == ["run-ab12.replaced.partial", "run.partial"], "it is on its way"
    process.kill()
    process.wait()
    store.clean()
    assert names(home) == ["run"] and (home / "run" / "model.keras").stat().st_size == 2**20
    shutil.copytree(home / "run", home / "run-ab12.replaced.partial")
    store.clean()
    assert names(home) == ["run"]


def test_cleaning_removes_files_that_nobody_will_end_and_no_others(home):
    written("run")
    for name, age in (("shift.json-ab12.new", 4000), ("report.json-ab12.new", 10)):
        (home / "run" / name).write_text("{")
        os.utime(home / "run" / name, (time.time() - age,) * 2)
    store.clean()
    assert names(home / "run") == ["history.csv", "model.keras", "report.json", "report.json-ab12.new"]
    assert "report.json-ab12.new" not in RunFolder(home / "run").files()


def test_a_promised_run_is_on_the_disk_before_it_has_its_name(home, monkeypatch):
    settled = []
    monkeypatch.setattr(disk, "settle", lambda path: settled.append((path, (home / "run").exists())))
    written("run")
    half = home / "run.partial"
    assert {(half / "report.json", False), (half / "model.keras", False), (half, False), (home, True)} <= set(settled)
    settled.clear()
    RunFolder(home / "run").claim("me")
    assert [path.name.split("-")[0] for path, _ in settled] == ["owner.txt", "run"]


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
