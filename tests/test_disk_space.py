"""Who loses a run when the disk is full: whoever holds most, the oldest first, and nobody one that is in use."""

import random
import time
from pathlib import Path

import pytest

from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import store
from mnist_model.runs.disk_space import MOST_USED, USED, Kept, to_go


def kept(name: str, owner: str, megabytes: float, completed: float = 0, used: float = 0) -> Kept:
    return Kept(Path("runs") / name, owner, megabytes, completed, used)


def names(runs) -> list[str]:
    return [run.name for run in runs]


def test_who_holds_most_loses_the_oldest_first():
    runs = [kept(f"greedy-{i}", "greedy", 150, i + 10) for i in range(12)]
    runs += [kept(f"modest-{i}", f"m{i}", 4, i) for i in range(30)]
    assert names(to_go(runs, {}, 100, 1e9)) == ["greedy-0"]
    assert names(to_go(runs, {}, 500, 1e9)) == [f"greedy-{i}" for i in range(4)]
    assert to_go(runs, {}, 0, 1e9) == []


def test_what_somebody_is_about_to_keep_counts_as_his():
    runs = [kept("a", "newcomer", 10, 2), kept("b", "b", 100, 1)]
    assert names(to_go(runs, {}, 5, 1e9)) == ["b"]
    assert names(to_go(runs, {"newcomer": 200.0}, 5, 1e9)) == ["a"]


def test_a_run_in_use_goes_last_and_nobody_has_more_than_two_in_use():
    now = 1e9
    runs = [kept("used", "a", 100, 1, now - 5), kept("unused", "a", 100, 2), kept("other", "b", 90, 0)]
    assert names(to_go(runs, {}, 250, now)) == ["unused", "other", "used"]
    assert names(to_go([kept("long-ago", "a", 9, 1, now - USED - 1), kept("b", "a", 9, 2)], {}, 5, now)) == ["long-ago"]
    rotating = [kept(f"r{i}", "greedy", 100, i, now - i) for i in range(6)] + [kept("modest", "m", 4, 0)]
    assert names(to_go(rotating, {}, 400, now))[:4] == [f"r{i}" for i in range(MOST_USED, 6)]


def simulated(runs: list[Kept], excess: float, now: float) -> set[str]:
    """The same, said otherwise: round by round, over the owners instead of the runs."""
    shelves: dict[str, list[Kept]] = {}
    for run in sorted(runs, key=lambda run: run.completed):
        shelves.setdefault(run.owner, []).append(run)
    safe = set()
    for shelf in shelves.values():
        safe |= {run.path for run in sorted(shelf, key=lambda run: -run.used)[:2] if now - run.used < USED}
    gone = set()
    while excess > 0 and any(shelves.values()):
        open_ = {owner: [run for run in shelf if run.path not in safe] for owner, shelf in shelves.items()}
        if not any(open_.values()):
            open_ = shelves
        greediest = max((o for o in open_ if open_[o]), key=lambda o: sum(run.megabytes for run in shelves[o]))
        victim = open_[greediest][0]
        shelves[greediest].remove(victim)
        gone.add(victim.path.name)
        excess -= victim.megabytes
    return gone


@pytest.mark.parametrize("seed", range(60))
def test_an_independent_simulation_says_the_same(seed):
    chance, now = random.Random(seed), 1e9
    runs = [
        kept(f"run-{i}", chance.choice("abcdef"), chance.uniform(1, 200), chance.random(), now - chance.uniform(0, 3e3))
        for i in range(chance.randint(1, 40))
    ]
    excess = chance.uniform(0, 1.2) * sum(run.megabytes for run in runs)
    assert set(names(to_go(runs, {}, excess, now))) == simulated(runs, excess, now)


def test_twelve_large_runs_of_one_student_cost_no_other_a_run(tmp_path, monkeypatch):
    """It was the oldest of all that went."""
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    monkeypatch.setenv("MNIST_RUNS_MB", "20")

    def train(name: str, owner: str, megabytes: float) -> None:
        with store.writing(tmp_path / name) as half:
            RunFolder(half).claim(owner)
            RunFolder(half).write_files({"report.json": b"{}", "model.keras": bytes(int(megabytes * 2**20))})

    for i in range(10):
        train(f"modest-{i}", f"m{i}", 0.4)
    for i in range(12):
        train(f"greedy-{i}", "greedy", 3)
    left = {run.name for run in store.runs()}
    assert {f"modest-{i}" for i in range(10)} <= left and "greedy-11" in left
    assert sum(name.startswith("greedy") for name in left) == 5
    RunFolder(tmp_path / "greedy-7").use()
    assert time.time() - RunFolder(tmp_path / "greedy-7").used() < 60
    train("greedy-12", "greedy", 3)
    left = {run.name for run in store.runs()}
    assert "greedy-7" in left and "greedy-8" not in left
