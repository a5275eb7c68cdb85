"""The queue: whose turn it is, who waits how long, and that nothing that happens to a run holds it."""

import contextlib
import itertools
import os
import resource
import threading
import time

import numpy as np
import pytest

from mnist_model.networks import classifier
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import queue as queues
from mnist_model.runs import store
from mnist_model.runs.errors import NoWorkers, TooLong, TooManyRuns, WorkersLost
from mnist_model.runs.jobs import Evaluate, MeasureShifts, Train
from mnist_model.runs.messages import Begun, Progress, Weights
from mnist_model.runs.queue import Queue
from mnist_model.runs.run import State
from tests.engine import Engine, Refusal
from tests.steps import until

RECORD = classifier.load("dense").folder.history()[-1]
FILES = {"report.json": b"{}"}
SEEDS = itertools.count()


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """Runs of these tests go into a folder of their own."""
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr(queues, "GLANCE", 0.05)
    return tmp_path / "runs"


@pytest.fixture
def staged():
    """A queue whose engine says what it is told, one row of words a job; the last job is as long as wanted."""
    made = []

    def make(*rows, slots=1, **options) -> Queue:
        engine = Engine(*rows, slots=slots)
        made.append(Queue(lambda: engine, **options))
        made[-1].engine = engine
        until(made[-1]._started)
        return made[-1]

    yield make
    for queue in made:
        queue.close()


def train(**recipe) -> Train:
    """A training like no other of these tests: by its seed."""
    return Train("dense", Recipe(**{"seed": next(SEEDS)} | recipe), store.new("dense"))


FAULTS = {
    "no message": [OSError(5, "Input/output error")],
    "an error of its own": [RuntimeError("out of luck")],
    "a refusal": [WorkersLost("no.")],
    "a process that cannot be started": [Refusal(OSError(12, "Cannot allocate memory"))],
    "workers that cannot be reached": [Refusal(WorkersLost("the workers cannot be reached."))],
    "files with a name that cannot be": [{"a\0b": b""}],
}


@pytest.mark.parametrize("row", FAULTS.values(), ids=FAULTS)
def test_no_fault_holds_the_queue(staged, row):
    """Each of these left a run "running" for ever, and the class without training."""
    queue = staged(row)
    run, following = queue.submit(train()), queue.submit(train())
    assert run.ended.wait(5) and run.state is State.FAILED and run.folder is None
    assert run.error.endswith(".") and "\n" not in run.error
    until(lambda: following.state is State.RUNNING, 5)
    assert not list(store.home().glob("*")), "nothing half-written is left"


def test_a_run_that_was_deleted_while_it_was_measured_stays_deleted(staged):
    queue = staged([FILES])
    run = queue.submit(MeasureShifts(store.home() / "x"))
    assert run.ended.wait(5) and run.error == "the run was deleted in the meantime." and not store.runs()


@contextlib.contextmanager
def no_files_left():
    """No file can be opened in this process: the system itself says so."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.open(os.devnull, os.O_RDONLY)  # the next one that would be given
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_run_that_ends_while_no_file_can_be_opened_does_not_hold_the_queue(staged):
    """Each window takes four files, and some systems allow 256: this left the queue stuck for ever."""
    queue = staged()
    run, following = queue.submit(train()), queue.submit(train())
    until(lambda: run.key in queue.engine.ends, 5)
    with no_files_left():
        queue.engine.say(run.key, [FILES])
        assert run.ended.is_set() and run.state is State.FAILED
    assert run.error == "it could not be kept or begun: Too many open files."
    until(lambda: following.key in queue.engine.ends, 5)
    queue.engine.say(following.key, [FILES])
    assert following.state is State.DONE


def test_a_full_disk_at_the_end_of_a_run_does_not_hold_the_queue(staged, monkeypatch):
    measured = RunFolder(store.home() / "x")
    measured.write_files(FILES)

    def full(self, files):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RunFolder, "write_files", full)
    queue = staged([FILES], [FILES])
    run, other, following = queue.submit(train()), queue.submit(Evaluate(measured.path)), queue.submit(train())
    assert run.ended.wait(5) and run.error == "The disk is full: nothing of this run could be kept."
    assert other.ended.wait(5) and "No space left" in other.error
    until(lambda: following.state is State.RUNNING, 5)


def test_what_a_run_says_is_noted_and_its_folder_is_whole_and_its_owners(staged):
    queue = staged([Begun(), RECORD, Weights([]), Progress(0.25), Progress(0.5), FILES])
    run = queue.submit(train(), owner="me")
    assert run.ended.wait(5) and run.state is State.DONE and not run.error
    assert run.history == [RECORD] and run.measured == 0.5 and run.attempts == 1
    assert store.runs() == [run.folder] and run.folder.owner() == "me" and queue.latest("me", Train) is run


def test_once_a_run_is_kept_its_records_are_on_the_disk_and_no_longer_in_memory(staged):
    records = [RECORD._replace(examples=count) for count in range(100)]
    run = staged([Begun(), *records, FILES]).submit(train())
    assert run.ended.wait(5) and run.folder and run.history == records[-2:]


def test_a_run_that_begins_again_forgets_what_it_had_learned(staged):
    queue = staged([Begun(), RECORD, Progress(0.5), Begun()])
    run = queue.submit(train())
    until(lambda: run.attempts == 2)
    assert run.history == [] and run.measured is None and run.state is State.RUNNING


def test_a_run_whose_workers_are_gone_waits_and_is_begun_once_more(staged):
    queue = staged([Begun(), RECORD, NoWorkers("Gone.")], [Begun(), NoWorkers("Gone again.")])
    run = queue.submit(train())
    assert run.ended.wait(5) and run.state is State.FAILED and run.error == "Gone again." and run.attempts == 2
    following = queue.submit(train())
    until(lambda: following.state is State.RUNNING)
    assert [job for word, job in queue.engine.told if word == "begin"] == [run.job, run.job, following.job]


def test_a_run_that_waits_again_can_be_left_as_if_it_had_never_begun(staged):
    queue = staged([Begun(), RECORD, Progress(0.5), NoWorkers("Gone.")])
    runs = []
    runs.append(queue.submit(train(), "me", alive=lambda: not (runs and runs[0].attempts)))
    (run,) = runs
    until(lambda: run.attempts and run.state is State.WAITING, 10)
    assert run.can_be_stopped and run.history == [] and run.measured is None
    queue.stop(run)
    assert run.ended.is_set() and run.state is State.STOPPED and run not in queue.unfinished()


def test_a_run_that_is_stopped_before_it_has_learned_keeps_no_weights(staged):
    queue = staged([Begun(), Weights([np.zeros(3)])])
    run = queue.submit(train())
    until(lambda: run.weights)
    queue.stop(run)
    assert run.ended.is_set() and run.weights is None


def test_while_nobody_can_do_anything_all_wait_and_it_is_said_why(staged):
    queue, why = staged([FILES], [FILES]), ["Nobody is there."]

    def prepare():
        if why:
            raise NoWorkers(why[0])

    queue.engine.prepare = prepare
    runs = [queue.submit(train()), queue.submit(MeasureShifts(store.home() / "x"))]
    until(lambda: queue.trouble == "Nobody is there.")
    assert [run.state for run in runs] == [State.WAITING] * 2
    why.clear()
    assert all(run.ended.wait(5) for run in runs) and not queue.trouble


def test_the_others_wait_their_turn_and_know_how_long(staged):
    queue = staged()
    first, second, third = (queue.submit(train(), owner=name, usual=10) for name in "abc")
    until(lambda: first.begun)
    assert [(each.number, each.ahead) for each in queue.places().values()] == [(0, 0), (1, 1), (2, 2)]
    assert [run.state for run in (first, second, third)] == [State.RUNNING, State.WAITING, State.WAITING]
    assert list(queue.places()) == [first, second, third] and 15 < queue.places()[third].seconds <= 20
    queue.stop(second)
    assert second.ended.is_set() and second.state is State.STOPPED and second.begun == 0
    assert queue.places()[third].number == 1
    queue.stop(first)
    assert first.ended.wait(5) and first.state is State.STOPPED
    until(lambda: third.state is State.RUNNING, 5)


def test_turns_go_round_by_owner(staged):
    queue = staged()
    running = queue.submit(train(), owner="greedy")
    until(lambda: running.begun)
    greedy = [queue.submit(train(), owner="greedy") for _ in range(3)]
    modest = [queue.submit(train(), owner=name) for name in "ab"]
    modest.append(queue.submit(train(), owner="a"))
    assert queue.turns() == [modest[0], modest[1], greedy[0], modest[2], greedy[1], greedy[2]]


def test_an_owner_has_at_most_three_runs_waiting(staged):
    queue = staged()
    running = queue.submit(train(), owner="greedy")
    until(lambda: running.begun)
    waiting = [queue.submit(train(), owner="greedy") for _ in range(3)]
    with pytest.raises(TooManyRuns, match="3 runs waiting"):
        queue.submit(train(), owner="greedy")
    queue.submit(train(), owner="another")
    queue.stop(waiting[1])
    assert queue.submit(train(), owner="greedy").state is State.WAITING


def test_new_names_at_one_address_make_no_endless_queue(staged, monkeypatch):
    """A browser's name is a cookie, and a program can take a new one for each run."""
    monkeypatch.setattr(queues, "FROM_ONE_ADDRESS", 4)
    queue = staged()
    running = queue.submit(train(), owner="first", address="10.0.0.1")
    until(lambda: running.begun)
    for i in range(4):
        queue.submit(train(), owner=str(i), address="10.0.0.1")
    with pytest.raises(TooManyRuns, match="your network"):
        queue.submit(train(), owner="another", address="10.0.0.1")
    queue.submit(train(), owner="another", address="10.0.0.2")


def test_an_owners_run_is_the_one_in_progress_else_the_next_else_the_last(staged):
    queue = staged([FILES])
    done = queue.submit(train(), owner="me")
    assert done.ended.wait(5) and queue.latest("me", Train) is done
    running, waiting = (queue.submit(train(), owner="me") for _ in range(2))
    until(lambda: running.begun)
    assert queue.latest("me", Train) is running and queue.of("me", Train) == [done, running, waiting]
    queue.stop(running)
    until(lambda: queue.latest("me", Train) is waiting)


def test_a_run_that_would_take_too_long_is_refused_with_what_to_do(staged):
    queue = staged(longest=180)
    with pytest.raises(TooLong, match="about 60 minutes, and a training here may take 3: choose fewer epochs"):
        queue.submit(train(), usual=3600)
    assert queue.submit(train(), usual=170).state is not State.FAILED


def test_what_is_expected_follows_how_long_the_last_runs_took(staged):
    queue = staged(*[[FILES]] * 5)
    for _ in range(5):
        run = queue.submit(train(), usual=1e-6)
        run.ended.wait(5)
        time.sleep(0.01)
    assert queue.expected(1) > 10


def test_what_a_run_waited_for_a_worker_is_not_how_long_it_took(staged):
    queue = staged(*[[]] * 5)
    for _ in range(5):
        run = queue.submit(train(), usual=10)
        until(lambda run=run: run.key in queue.engine.hears)
        run.begun -= 1000
        queue.engine.say(run.key, [Begun(), RECORD, FILES])
        assert run.ended.wait(5)
    assert queue.expected(1) < 1


def test_a_run_that_was_slow_alone_has_nobody_refused(staged):
    queue = staged([FILES], longest=60)
    assert queue.submit(train(), usual=1e-9).ended.wait(5)
    queue.check(60)


def test_what_is_left_of_a_run_is_told_by_how_it_goes(staged):
    queue = staged([Begun(), *(RECORD._replace(epoch=e, examples=e * 100, seconds=e * 1.0) for e in (1, 2))])
    run = queue.submit(train(epochs=12), usual=1)
    until(lambda: len(run.history) == 2)
    assert run.seconds_left == pytest.approx(10)


def test_as_many_run_at_once_as_the_engine_has_slots(staged):
    queue = staged(slots=2)
    runs = [queue.submit(train(), usual=10) for _ in range(3)]
    until(lambda: runs[1].begun)
    assert [run.state for run in runs] == [State.RUNNING, State.RUNNING, State.WAITING]
    assert 5 < queue.places()[runs[2]].seconds <= 10


def test_the_same_again_is_the_run_that_there_is_until_that_has_ended(staged):
    """A double click put a second run into the queue."""
    queue = staged([FILES])
    done = queue.submit(train(seed=1), owner="me")
    assert done.ended.wait(5)
    running = queue.submit(train(seed=1), owner="me")
    waiting = queue.submit(train(seed=2), owner="me")
    assert running is not done and queue.submit(train(seed=2), owner="me") is waiting
    until(lambda: running.begun)
    assert queue.submit(train(seed=1), owner="me") is running and queue.unfinished() == [running, waiting]
    assert queue.submit(train(seed=1), owner="another") is not running
    queue.stop(waiting)
    assert queue.submit(train(seed=2), owner="me") is not waiting


def test_a_run_that_is_moved_ahead_is_the_next_one_and_one_that_runs_stays(staged):
    queue = staged()
    running, *waiting = (queue.submit(train(), owner=name) for name in "abcd")
    until(lambda: running.begun)
    for run in (waiting[1], waiting[2], running):
        queue.move_ahead(run)
    assert queue.unfinished() == [running, waiting[2], waiting[1], waiting[0]]


def test_what_goes_first_goes_first(staged):
    queue = staged()
    running, last = queue.submit(train()), queue.submit(train())
    until(lambda: running.begun)
    first = queue.submit(Evaluate(store.home() / "x"), first=True)
    assert [queue.places()[run].number for run in (running, first, last)] == [0, 1, 2]


def test_stop_keeps_what_was_learned_and_that_is_evaluated_before_the_others(staged):
    queue = staged([Begun(), RECORD])
    run, waiting = queue.submit(train(), owner="me"), queue.submit(train(), owner="other")
    until(lambda: run.history)
    queue.stop(run)
    assert run.ended.wait(5) and run.state is State.STOPPED and run.is_kept
    until(lambda: queue.latest("me", Evaluate) and queue.latest("me", Evaluate).begun, 5)
    assert queue.latest("me", Evaluate).job.folder == run.job.folder and waiting.state is State.WAITING


def test_stop_before_anything_was_learned_ends_at_once(staged):
    queue = staged([Begun(), RECORD._replace(examples=0)])
    run, following = queue.submit(train()), queue.submit(train())
    until(lambda: run.history)
    queue.stop(run)
    assert run.ended.is_set() and run.state is State.STOPPED and run.folder is None and not run.error
    assert ("abandon", run.key) in queue.engine.told
    until(lambda: following.state is State.RUNNING)
    queue.engine.ends[run.key](FILES)
    assert run.folder is None and run.state is State.STOPPED, "what comes late is not wanted any more"


def test_stop_while_a_run_is_being_begun_is_not_lost(staged):
    queue, begin, begun = staged(), threading.Event(), []
    queue.engine.begin = lambda *_: begun.append(1) or begin.wait(5)
    run = queue.submit(train())
    until(lambda: begun)
    queue.stop(run)
    begin.set()
    assert run.ended.is_set() and run.state is State.STOPPED
    until(lambda: queue.engine.told.count(("abandon", run.key)) >= 2)


def test_a_run_that_was_to_be_stopped_and_begins_again_is_stopped_again(staged):
    queue = staged([Begun(), RECORD])
    run = queue.submit(train())
    until(lambda: run.history)
    queue.engine.stop = lambda key: queue.engine.told.append(("stop", key))
    queue.stop(run)
    queue.engine.hears[run.key](Begun())
    assert queue.engine.told.count(("stop", run.key)) == 2


def test_a_training_that_is_being_evaluated_is_not_stopped(staged):
    queue = staged([Begun(), RECORD, Progress(0.5)])
    run = queue.submit(train())
    until(lambda: run.measured)
    queue.stop(run)
    assert not run.can_be_stopped and run.stopping is None and run.state is State.RUNNING


def test_a_run_whose_owner_is_gone_ends_and_one_whose_owner_is_back_goes_on(staged):
    queue = staged([Begun(), RECORD], [Begun(), RECORD], slots=2, lost=0.5)
    here, left = {"back", "gone"}, time.monotonic()
    back, gone = (
        queue.submit(train(epochs=1000), name, lambda name=name: name in here, 100) for name in ("back", "gone")
    )
    until(lambda: back.history and gone.history)
    here.clear()
    time.sleep(0.2)
    here.add("back")
    assert gone.ended.wait(5) and gone.state is State.LOST and time.monotonic() - left > 0.5
    assert not back.ended.wait(0.5) and back.state is State.RUNNING


def test_a_run_that_is_nearly_done_is_not_ended_because_its_owner_has_gone(staged):
    queue, here = staged([Begun(), RECORD], lost=0.3), [1]
    run = queue.submit(train(), "me", lambda: bool(here), usual=0.2)
    until(lambda: run.begun)
    here.clear()
    assert not run.ended.wait(0.6)


def test_a_turn_passes_while_its_owner_is_away_and_the_place_is_kept(staged, monkeypatch):
    queue, here = staged([Begun(), RECORD], [FILES]), set("ab")
    running = queue.submit(train(), "a", lambda: "a" in here)
    away, next_ = (queue.submit(train(), name, lambda name=name: name in here) for name in "bc")
    until(lambda: running.history)
    here.update("c")
    here.remove("b")
    queue.stop(running)
    until(lambda: next_.state is State.RUNNING)
    assert away.state is State.WAITING and queue.places()[away].number == 1
    monkeypatch.setattr(queues, "ASLEEP", 0.1)
    assert away.ended.wait(5) and away.state is State.LOST


def test_an_owner_that_cannot_be_asked_does_not_end_the_looks(staged):
    queue, asked = staged(lost=0.3), []

    def alive():
        asked.append(1)
        raise RuntimeError("the server has no answer")

    queue.submit(train(), alive=alive)
    until(lambda: len(asked) > 2, 5)


def test_workers_are_ready_when_asked_for_and_go_when_nobody_asks(staged):
    queue = staged(ready=0.4)
    queue.prepare()
    until(lambda: ("prepare", None) in queue.engine.told)
    until(lambda: queue.engine.told[-1] == ("rest", None), 5)


def test_workers_stay_ready_after_a_run_for_the_next_one(staged):
    queue = staged([FILES], [FILES])
    for _ in range(2):
        assert queue.submit(train()).ended.wait(5)
    until(lambda: queue.engine.told[-1] == ("prepare", None), 5)
    assert ("rest", None) not in queue.engine.told


def test_only_the_last_runs_are_remembered(staged, monkeypatch):
    monkeypatch.setattr(queues, "REMEMBERED", 3)
    queue = staged(*[[FILES]] * 9)
    for number in range(5):
        assert queue.submit(train(), owner=str(number)).ended.wait(5)
    assert queue.latest("0", Train) is None and queue.latest("3", Train) and queue.latest("4", Train)
    assert queue.submit(MeasureShifts(store.home() / "x")).ended.wait(5)
