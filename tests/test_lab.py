"""A queue whose jobs are done by a lab: with keys, as many at once as workers have joined, whatever is switched off."""

import pickle
from collections import defaultdict

import pytest

from mnist_model.engine import cluster as clusters
from mnist_model.engine import keys
from mnist_model.engine.cluster import Cluster
from mnist_model.networks.recipe import Recipe
from mnist_model.runs import store
from mnist_model.runs.jobs import Train
from mnist_model.runs.queue import Queue
from mnist_model.runs.run import Run, State
from tests.lab import Lab, kill, lab
from tests.steps import until

pytestmark = pytest.mark.engine
SMALL, MIDDLE, LONG = Recipe(epochs=1, examples=320), Recipe(epochs=20, examples=6000), Recipe(epochs=1000)
SOON = 300  # seconds, on a machine that does other things


@pytest.fixture(scope="module")
def at(tmp_path_factory):
    """A lab with keys, and one worker in it."""
    with pytest.MonkeyPatch.context() as patch, lab("tls") as made:
        home = tmp_path_factory.mktemp("lab")
        patch.setenv("MNIST_KEYS", str(home / "keys"))
        patch.setenv("MNIST_RUNS", str(home / "runs"))
        keys.make(home / "keys")
        made.now = made.scheduler()
        made.first = made.worker()
        yield made


@pytest.fixture
def queue(at: Lab):
    made = Queue(lambda: Cluster(address=at.address))
    yield made
    made.close()


def submit(queue: Queue, recipe: Recipe = SMALL) -> Run:
    return queue.submit(Train("dense", recipe, store.new("dense")))


def wait_for_learning(*runs: Run) -> None:
    until(lambda: all(len(run.history) > 3 or run.ended.is_set() for run in runs), SOON)
    assert not any(run.ended.is_set() for run in runs), [run.error for run in runs]


def test_it_trains_with_keys_and_others_keys_are_one_sentence(at, queue, tmp_path, monkeypatch):
    run = submit(queue)
    assert run.ended.wait(SOON) and run.state is State.DONE and store.runs() == [run.folder], run.error
    monkeypatch.setenv("MNIST_KEYS", str(tmp_path))
    keys.make(tmp_path)
    stranger = Queue(lambda: Cluster(address=at.address))
    run = submit(stranger)
    until(lambda: stranger.trouble, SOON)
    assert stranger.trouble == f"The scheduler at {at.address} has other keys than this machine, in {tmp_path}."
    stranger.stop(run)
    assert run.state is State.STOPPED
    stranger.close()


def test_workers_of_another_version_get_no_jobs_and_that_is_one_sentence(at, monkeypatch):
    monkeypatch.setattr(clusters, "version", lambda: "another")
    queue = Queue(lambda: Cluster(address=at.address))
    run = submit(queue)
    until(lambda: queue.trouble, SOON)
    assert queue.trouble == f"The workers at {at.address} have another version of the project than this server."
    assert run.state is State.WAITING
    monkeypatch.undo()
    assert run.ended.wait(SOON) and run.state is State.DONE, run.error
    queue.close()


def test_a_worker_that_joins_later_takes_what_waits_is_asked_to_stop_and_may_be_switched_off(at, queue):
    first, second, third = (submit(queue, LONG) for _ in range(3))
    wait_for_learning(first)
    assert second.state is State.WAITING
    later = at.worker()
    wait_for_learning(second)
    assert third.state is State.WAITING
    for run in (first, second):
        queue.stop(run)
        assert run.ended.wait(SOON) and run.state is State.STOPPED and run.is_kept
    queue.stop(third)
    assert third.ended.wait(SOON)
    both = submit(queue, MIDDLE), submit(queue, MIDDLE)
    wait_for_learning(*both)
    kill(later)
    assert all(run.ended.wait(SOON) and run.state is State.DONE for run in both), [run.error for run in both]
    assert sorted(run.attempts for run in both) == [1, 2]


def test_a_scheduler_that_goes_and_comes_back_loses_nothing(at, queue):
    running, waiting = submit(queue, LONG), submit(queue)
    wait_for_learning(running)
    kill(at.now)
    until(lambda: queue.trouble and running.state is State.WAITING, SOON)
    assert at.address in queue.trouble and queue.trouble.endswith(".") and queue.places()[running].number == 1
    at.now = at.scheduler()
    until(lambda: running.attempts == 2, SOON)
    wait_for_learning(running)
    queue.stop(running)
    assert running.ended.wait(SOON) and running.is_kept and not queue.trouble
    assert waiting.ended.wait(SOON) and waiting.state is State.DONE, waiting.error


def test_each_of_two_servers_hears_of_its_own_runs_only(at, queue, monkeypatch):
    heard, hear = defaultdict(set), Cluster._hear

    def listen(cluster: Cluster, event: tuple[float, bytes]) -> None:
        heard[cluster].add(pickle.loads(event[1])[0])
        hear(cluster, event)

    monkeypatch.setattr(Cluster, "_hear", listen)
    other = Queue(lambda: Cluster(address=at.address))
    runs = submit(queue), submit(other)
    assert all(run.ended.wait(SOON) and run.history for run in runs), [run.error for run in runs]
    other.close()
    assert sorted(map(list, heard.values())) == sorted([run.key] for run in runs)
