"""What a page sends arrives whole and in its order, where one of its fragments runs right after it."""

import asyncio
from types import SimpleNamespace

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.scriptrunner import RerunData

from mnist_model.server import fragments


@pytest.fixture(autouse=True)
def waiting(monkeypatch):
    """The server's way, for one test."""
    monkeypatch.setattr(ForwardMsgQueue, "clear", ForwardMsgQueue.clear)
    monkeypatch.setattr(AppSession, "_create_scriptrunner", AppSession._create_scriptrunner)
    fragments.wait_for_pages()


def element(*path: int, fragment: str = "") -> ForwardMsg:
    message = ForwardMsg()
    message.metadata.delta_path.extend(path)
    message.delta.fragment_id = fragment
    message.delta.new_element.markdown.body = "text"
    return message


def missing(messages: list[ForwardMsg]) -> list[list[int]]:
    """Where a browser is to put something behind what it has not got yet."""
    places: dict[tuple[int, ...], int] = {}
    found = []
    for path in (list(each.metadata.delta_path) for each in messages if each.WhichOneof("type") == "delta"):
        count = places.get(tuple(path[:-1]), 0)
        if path[-1] > count:
            found.append(path)
        places[tuple(path[:-1])] = max(count, path[-1] + 1)
    return found


def test_a_fragment_that_runs_right_after_its_page_takes_no_place_away():
    queue = ForwardMsgQueue()
    for each in (element(0, 0), element(0, 1, fragment="a"), element(0, 2)):
        queue.enqueue(each)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["a"])
    begun = ForwardMsg()
    begun.new_session.name = "fragment"
    queue.enqueue(begun)
    queue.enqueue(element(0, 1, fragment="a"))
    sent = queue.flush()
    assert missing(sent) == [] and len(sent) == 5
    assert sent.index(begun) == 3 and list(sent[4].metadata.delta_path) == [0, 1]


def test_a_page_that_runs_again_takes_back_what_was_not_sent():
    queue = ForwardMsgQueue()
    for each in (element(0, 0), element(0, 1)):
        queue.enqueue(each)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=None)
    assert queue.is_empty()


def session(**state: object) -> SimpleNamespace:
    return SimpleNamespace(_event_loop=asyncio.get_running_loop(), _state=AppSessionState.APP_NOT_RUNNING, **state)


def created(monkeypatch, act) -> list:
    """What an act in the event loop makes happen, in order."""
    happened: list = []

    def create(of: SimpleNamespace, asked: RerunData) -> None:
        happened.append(asked)
        of._scriptrunner = runner(happened)

    async def in_loop() -> None:
        act(happened)
        await asyncio.sleep(0.01)

    monkeypatch.setattr(fragments, "_create_runner", create)
    asyncio.run(in_loop())
    return happened


def runner(happened: list, accepts: bool = True) -> SimpleNamespace:
    def request_rerun(asked: RerunData) -> bool:
        if accepts:
            happened.append(("same runner", asked))
        return accepts

    return SimpleNamespace(request_rerun=request_rerun)


def test_what_a_runner_has_said_is_passed_on_before_another_is_made(monkeypatch):
    asked = RerunData(fragment_id="a")

    def act(happened: list) -> None:
        one = session(_scriptrunner=runner(happened, accepts=False))
        for said in range(3):
            one._event_loop.call_soon_threadsafe(happened.append, said)
        AppSession._create_scriptrunner(one, asked)

    assert created(monkeypatch, act) == [0, 1, 2, asked]


def test_two_that_are_asked_at_once_are_run_by_one_runner(monkeypatch):
    first, second = RerunData(fragment_id="a"), RerunData(fragment_id="b")

    def act(happened: list) -> None:
        one = session(_scriptrunner=runner(happened, accepts=False))
        for each in (first, second):
            AppSession._create_scriptrunner(one, each)

    assert created(monkeypatch, act) == [first, ("same runner", second)]


def test_a_session_s_first_runner_is_made_at_once_and_none_once_it_is_over(monkeypatch):
    asked = RerunData()

    def act(happened: list) -> None:
        AppSession._create_scriptrunner(session(_scriptrunner=None), asked)
        happened.append("next")
        over = session(_scriptrunner=runner(happened, accepts=False))
        AppSession._create_scriptrunner(over, asked)
        over._state = AppSessionState.SHUTDOWN_REQUESTED

    assert created(monkeypatch, act) == [asked, "next"]
