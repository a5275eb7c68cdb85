"""Killed, full, read-only, gone: at every step of keeping a run nothing finished is lost, and nothing half is shown.

The steps are those that Python itself announces (sys.addaudithook), so that none is forgotten when the code changes.
"""

import contextlib
import errno
import functools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_model.images import dataset
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.run_folder import SHIPPED, RunFolder
from mnist_model.pages.shared import digit, mnist, queue
from mnist_model.runs import lives, store
from mnist_model.runs.errors import DiskFull
from mnist_model.runs.jobs import MeasureShifts, Train
from mnist_model.runs.messages import Files
from mnist_model.runs.queue import Queue
from mnist_model.runs.run import Run, keep
from tests.engine import Engine

needs_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="mounting needs root")
needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process that is killed is forked")
STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"}  # audit events that touch a folder
WRITES = {"os.mkdir", "os.rename"}  # what a full disk refuses, and files opened to be written


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    (tmp_path / "runs").mkdir()
    return tmp_path / "runs"


def made(seed: int = 0) -> Files:
    """What a worker returns of a training."""
    content = random.Random(seed).randbytes(3000)
    return {"report.json": b"{}", "model.tflite": content, "history.csv": content[:500], "epochs/000.npz": content[9:]}


def train(name: str, files: Files) -> None:
    """What the server does with that."""
    run = Run(Train("dense", Recipe(), store.home() / name), f"owner of {name}", lambda: True, 0, 0)
    keep(run, files)


def measured(name: str, files: Files) -> None:
    keep(Run(MeasureShifts(store.home() / name), "", lambda: True, 0, 0), files)


def content(folder: Path) -> Files:
    """All there is in a run folder but what says whose it is."""
    kept = RunFolder(folder).files("**/*")
    return {name: each for name, each in kept.items() if name not in ("owner.txt", "machine.txt")}


FIGURES = [{"shift.json": bytes([65 + i]) * 900, "breaking.npy": bytes([65 + i]) * 900} for i in range(2)]
# By name: what is done, and all that may be there afterwards.
ACTS: dict[str, tuple[Callable[[], None], list[dict[str, Files]]]] = {
    "a new run": (lambda: train("new", made(1)), [{}, {"new": made(1)}]),
    "a run in the place of another": (lambda: train("old", made(1)), [{"old": made()}, {"old": made(1)}]),
    "a run is deleted": (lambda: store.delete(store.home() / "old"), [{"old": made()}, {}]),
    "a run is measured": (lambda: measured("old", FIGURES[0]), [{"old": made()}, {"old": made() | FIGURES[0]}]),
}


def hooked(step: int, fault: Callable[[], None], is_step: Callable[[str, tuple], bool]) -> None:
    """In this process, from now on: at its so many-th step in the folder of runs the fault happens, and ever after."""
    left = [step]

    def hook(event: str, arguments: tuple) -> None:
        if event in STEPS and str(store.home()) in str(arguments[0]) and is_step(event, arguments):
            left[0] -= 1
            if left[0] < 0:
                fault()

    sys.addaudithook(hook)


def forked(do: Callable[[], None]) -> int:
    """Do something in a process of its own; how it ended, negative for a signal."""
    pid = os.fork()
    if not pid:
        try:
            do()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def full() -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def any_step(event: str, arguments: tuple) -> bool:
    return True


def is_write(event: str, arguments: tuple) -> bool:
    mode, flags = (arguments[1], arguments[2]) if event == "open" else (None, 0)
    return event in WRITES or "w" in (mode or "") or bool((flags or 0) & os.O_CREAT)


def there(home: Path) -> dict[str, Files]:
    return {run.name: content(run.path) for run in store.runs()}


@needs_fork
@pytest.mark.parametrize(("act", "allowed"), ACTS.values(), ids=ACTS)
def test_killed_at_any_step_a_run_is_there_whole_or_not_at_all(home, monkeypatch, act, allowed):
    train("another", made(9))
    step, ended = 0, -signal.SIGKILL
    while ended:
        if "old" in allowed[0]:
            train("old", made())
        ended = forked(lambda step=step: (hooked(step, die, any_step), act()))
        assert ended in (0, -signal.SIGKILL)
        listed = there(home)
        assert all(files["report.json"] == b"{}" for files in listed.values()), "nothing half-written is listed"
        store.clean()
        after = there(home)
        assert after.pop("another") == made(9)
        assert after in allowed or is_torn_measurement(after), f"killed at step {step}"
        with monkeypatch.context() as later:  # what tells not yet, or no more, whose it was, goes within the hour
            later.setattr(lives, "ABANDONED", -1)
            store.clean()
        assert there(home).keys() == {*after, "another"}
        assert not [entry.name for entry in home.iterdir() if entry.name.endswith(store.PARTIAL)]
        shutil.rmtree(home / "old", ignore_errors=True)
        shutil.rmtree(home / "new", ignore_errors=True)
        step += 1
    assert step > 3


def is_torn_measurement(after: dict[str, Files]) -> bool:
    """Breaking points without the figures that promise them: not shown, and measured anew."""
    return after == {"old": made() | {"breaking.npy": FIGURES[0]["breaking.npy"]}}


@needs_fork
@pytest.mark.parametrize(("act", "allowed"), ACTS.values(), ids=ACTS)
def test_with_a_disk_that_is_full_from_any_step_on_nothing_is_lost(home, act, allowed):
    step, ended = 0, 1
    while ended:
        if "old" in allowed[0]:
            train("old", made())
        ended = forked(lambda step=step: (hooked(step, full, is_write), act()))
        store.clean()
        after = there(home)
        assert after in allowed or is_torn_measurement(after), f"full at step {step}"
        assert not list(home.rglob("*.new")) + list(home.glob("*.partial"))
        shutil.rmtree(home / "old", ignore_errors=True)
        shutil.rmtree(home / "new", ignore_errors=True)
        step += 1
    assert step >= 2


def killed_after(seconds: float, servers: list[Callable[[], None]]) -> None:
    """Let each run in a process of its own, and kill all of them."""
    pids = []
    for serve in servers:
        if not (pid := os.fork()):
            serve()
        pids.append(pid)
    time.sleep(seconds)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


@needs_fork
def test_two_servers_on_one_folder_both_killed_and_both_restarted(home):
    """Twenty times, at any moment: what had been promised is there, and only that."""
    chance = random.Random(0)

    def serve(server: int, generation: int) -> None:
        store.clean()
        for number in range(1000):
            train(f"run-{server}-{generation}-{number}", made(number))
            (home.parent / f"promised-{server}-{generation}-{number}").touch()
            if number > 3:
                store.delete(home / f"run-{server}-{generation}-{number - 4}")

    for generation in range(20):
        killed_after(chance.uniform(0.02, 0.15), [functools.partial(serve, server, generation) for server in range(2)])
        store.clean()
        assert not any((half / "machine.txt").exists() for half in home.glob("*.partial"))
        listed = there(home)
        for name, files in listed.items():
            assert files == made(int(name.rpartition("-")[2]))
        for server in range(2):
            promised = [int(p.name.rpartition("-")[2]) for p in home.parent.glob(f"promised-{server}-{generation}-*")]
            if promised:
                assert f"run-{server}-{generation}-{max(promised)}" in listed


@contextlib.contextmanager
def mounted(place: Path, options: str) -> Iterator[None]:
    place.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", place], check=True)


@needs_root
def test_a_small_disk_of_any_size_keeps_all_or_nothing_of_a_run(home):
    """Every size from nothing to enough: the disk is full within each file in turn."""
    kept = []
    for kilobytes in range(4, 80, 4):
        with mounted(home, f"size={kilobytes}k"):
            (home / "mine.txt").write_text("mine")
            try:
                train("run", made())
            except (DiskFull, OSError) as error:
                assert isinstance(error, DiskFull) or error.errno == errno.ENOSPC
            kept.append(there(home))
            assert kept[-1] in ({}, {"run": made()})
            assert len(list(home.iterdir())) == 1 + len(kept[-1])
    assert kept[0] == {} and kept[-1] == {"run": made()}


@needs_root
def test_a_full_disk_leaves_no_half_a_measurement(home):
    """An empty shift.json broke Data and Shift for that run."""
    outcomes = set()
    for kilobytes in range(24, 64, 4):
        with mounted(home, f"size={kilobytes}k"):
            with contextlib.suppress(DiskFull, OSError):
                train("run", {"report.json": b"{}"})
            if not (home / "run").exists():
                continue
            try:
                measured("run", {"breaking.npy": bytes(10_000), "shift.json": bytes(10_000)})
                outcomes.add("kept")
            except OSError:
                outcomes.add("nothing kept")
                assert {file.name for file in (home / "run").iterdir()} == {"report.json", "owner.txt"}
    assert outcomes == {"kept", "nothing kept"}


# What the pages say


@pytest.fixture
def pages(monkeypatch):
    """Every page as it is now; the queue starts no process."""
    made_queue = Queue(Engine)
    monkeypatch.setattr(queue, "queue", lambda: made_queue)

    def look() -> list[AppTest]:
        app = AppTest.from_file("../../app.py", default_timeout=60).run()
        looks = [list(app.exception) + list(app.error)]
        for page in ("data", "train", "shift"):
            app.switch_page(f"mnist_model/pages/{page}/page.py").run()
            looks.append(list(app.exception) + list(app.error))
        return [[each.value for each in look] for look in looks]

    yield look
    made_queue.close()


def test_the_pages_work_without_a_folder_of_runs_and_with_a_file_in_its_place(home, pages):
    home.rmdir()
    assert pages() == [[]] * 4
    home.write_text("no folder")
    assert pages() == [[]] * 4
    with pytest.raises(OSError):
        train("run", made())
    home.unlink()
    train("run", made())
    assert there(home) == {"run": made()}


@needs_root
def test_the_pages_work_where_the_folder_of_runs_can_only_be_read(home, pages):
    with mounted(home, "size=4m"):
        shutil.copytree(SHIPPED / "dense", home / "dense-1")
        (home / "left.partial").mkdir()
        subprocess.run(["mount", "-o", "remount,ro", home], check=True)
        store.clean()
        assert pages() == [[]] * 4
        with pytest.raises(OSError) as raised:
            train("run", made())
        assert raised.value.strerror == "Read-only file system"


DATA = {
    "truncated": lambda whole: whole[: len(whole) // 2],
    "empty": lambda whole: b"",
    "not a zip": lambda whole: b"hello",
    "a flipped bit": lambda whole: whole[:5_000_000] + bytes([whole[5_000_000] ^ 1]) + whole[5_000_001:],
}


@pytest.fixture
def data(tmp_path, monkeypatch):
    """Another file in the data set's place: `data(content)`."""
    path = tmp_path / "assets" / "mnist.npz"
    path.parent.mkdir()
    monkeypatch.setattr(dataset, "PATH", path)
    mnist._load.clear()
    digit.opening.cache_clear()
    yield path
    mnist._load.clear()


@pytest.mark.parametrize("change", DATA.values(), ids=DATA)
def test_a_damaged_data_set_is_one_sentence_where_it_is_needed(data, pages, change):
    data.write_bytes(change(Path(__file__).parents[2].joinpath("assets", "mnist.npz").read_bytes()))
    said = pages()
    assert said[0] == [] and all(len(errors) == 1 for errors in said[1:])
    assert {error for errors in said for error in errors} == {
        "assets/mnist.npz is damaged. Restore it with `git checkout assets/mnist.npz`, "
        "or delete it and it will be downloaded again."
    }


def test_a_data_set_with_pickled_objects_is_never_unpickled(data, pages, tmp_path):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "pwned"),)

    np.savez(data, **dict.fromkeys(dataset.SUMS, np.array([Evil()], dtype=object)))
    assert all("is damaged" in error for errors in pages() for error in errors)
    assert not (tmp_path / "pwned").exists()
