"""A class: who may do what, votes in rounds, digits that each arrive once, and who is told."""

import asyncio
import base64
import io
import json
import multiprocessing
import os
import signal
import sqlite3
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from starlette.applications import Starlette

from mnist_model.classroom import database, digits, exchange, people, questions, room, view
from mnist_model.classroom.database import changing, reading
from mnist_model.images import ink_code
from mnist_model.lesson import shelf
from mnist_model.lesson.figures import fill_for
from mnist_model.server import class_routes, listeners, windows
from mnist_model.server.listeners import Listeners
from tests import our_class
from tests.asgi import Answer, asked

LESSON = next(iter(shelf.lessons()))
ASKING = next(n for n, step in enumerate(shelf.lessons()[LESSON].steps, 1) if step.question.kind == "choice")
SILENT = "number"
ANN, BEN = 16 * "a", 16 * "b"
INK = [0] * 700 + [255] * 84
DIGIT = {"token": "12345678", "label": 7, "ink": INK, "strokes": [[[10, 20], [30.5, 40]]]}


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    return tmp_path


@pytest.fixture
def app(home):
    return Starlette(routes=class_routes.routes(Listeners(view.version, view.views)))


def secret() -> str:
    with reading() as connection:
        return room.secret(connection)


def pupil(app, act: str, browser: str = ANN, **sent) -> Answer:
    return asked(app, f"/api/{act}", sent, cookie=f"nudge={browser}")


def teacher(app, act: str, **sent) -> Answer:
    return asked(app, "/api/teach", {"act": act, **sent}, cookie=f"nudge={16 * 'f'}; nudge_teacher={secret()}")


def told(is_teacher: bool = False) -> dict:
    return json.loads(view.views().of(is_teacher))


def asking(app) -> str:
    """Open a question to votes; its name."""
    assert teacher(app, "go", lesson=LESSON, step=ASKING).status == 200
    assert teacher(app, "ask").status == 200
    return told()["asks"]


# Who is who


def test_a_browser_is_an_animal_with_a_colour_that_stays_and_none_is_another(app):
    first, other = pupil(app, "join").said, pupil(app, "join", BEN).said
    assert first["name"] != other["name"] and pupil(app, "join").said["name"] == first["name"]
    assert len({people.person(number).name for number in range(256)}) == 256
    assert told(is_teacher=True)["joined"] == 2


def test_whoever_joins_again_changes_nothing_that_others_would_be_told(app):
    pupil(app, "join")
    before = view.version()
    assert pupil(app, "join").status == 200 and view.version() == before
    assert pupil(app, "join", BEN).status == 200 and view.version() > before


def test_a_browser_without_a_name_gets_one(app):
    answer = asked(app, "/api/join", {})
    assert answer.status == 200 and "nudge=" in answer.headers["set-cookie"]


def test_the_printed_link_makes_a_browser_the_teachers_and_no_other_does(app):
    answer = asked(app, f"/teach/{secret()}")
    assert answer.status == 303 and answer.headers["location"] == "../class"
    cookie = answer.headers["set-cookie"]
    assert f"nudge_teacher={secret()}" in cookie and "HttpOnly" in cookie and "samesite=strict" in cookie.lower()
    for wrong in ("x", secret()[:-1], secret() + "x", "%20"):
        answer = asked(app, f"/teach/{wrong}")
        assert answer.status == 403 and "set-cookie" not in answer.headers


@pytest.mark.parametrize("act", ["go", "lead", "ask", "close", "reveal", "collect", "gate", "hide", "erase"])
def test_a_pupil_may_not_lead(app, act):
    asking(app)
    before = told(is_teacher=True)
    sent = {"act": act, "lesson": LESSON, "step": 1, "mode": "follow", "on": True, "id": 1}
    for cookie in ("nudge_teacher=", "nudge_teacher=x", f"nudge={secret()}", f"nudge_teacher={secret()[:-1]}"):
        answer = asked(app, "/api/teach", sent, cookie=cookie)
        assert answer.status == 403 and answer.said == {"error": "Only the teacher may do that."}
    assert told(is_teacher=True) == before


# Votes


def test_a_vote_counts_once_and_the_last_one_counts(app):
    question = asking(app)
    for answer in ("0", "1", "1"):
        assert pupil(app, "vote", question=question, round=1, answer=answer).status == 200
    pupil(app, "vote", BEN, question=question, round=1, answer="0")
    assert told(is_teacher=True)["answered"] == {"1": 2}
    assert pupil(app, "join").said["votes"] == {"1": "1"}
    teacher(app, "reveal")
    assert [bar["votes"] for bar in told()["rounds"][0]["bars"]][:2] == [1, 1]


def test_nobody_is_told_before_the_reveal_and_then_everybody_is(app):
    question = asking(app)
    pupil(app, "vote", question=question, round=1, answer="0")
    for act in ("ask", "close"):
        teacher(app, act)
        for shown in (told(), told(is_teacher=True)):
            assert set(shown["rounds"][0]) == {"number", "phase"}
        assert "answered" not in told() and told(is_teacher=True)["answered"] == {"1": 1}
    teacher(app, "reveal")
    shown = told()["rounds"][0]
    right = shelf.lessons()[LESSON].steps[ASKING - 1].question.answer
    assert [bar["text"] for bar in shown["bars"] if bar["right"]] == [right]


def test_the_same_question_again_shows_both_rounds(app):
    question = asking(app)
    pupil(app, "vote", question=question, round=1, answer="0")
    teacher(app, "close")
    teacher(app, "ask")
    assert pupil(app, "vote", question=question, round=1, answer="1").status == 409
    pupil(app, "vote", question=question, round=2, answer="1")
    teacher(app, "reveal")
    assert [[bar["votes"] for bar in each["bars"]][:2] for each in told()["rounds"]] == [[1, 0], [0, 1]]


def test_a_vote_that_is_none_is_refused_with_one_sentence(app):
    question = asking(app)
    for answer in ("99", "", None, 1, ["0"], {"0": 1}, "0" * 1000):
        refused = pupil(app, "vote", BEN, question=question, round=1, answer=answer)
        assert refused.status == 400 and refused.said == {"error": "This is not an answer to the question."}
    for sent in ({"question": "x/1"}, {"round": 2}, {"round": "1"}, {"round": True}, {"question": None}):
        refused = pupil(app, "vote", **{"question": question, "round": 1, "answer": "0"} | sent)
        assert refused.status == 409 and refused.said == {"error": "This vote is closed."}
    teacher(app, "close")
    assert pupil(app, "vote", question=question, round=1, answer="0").status == 409
    assert told(is_teacher=True)["answered"] == {"1": 0}


def test_of_an_answer_with_a_number_only_the_number_is_shown(app):
    step = next(n for n, each in enumerate(shelf.lessons()[LESSON].steps, 1) if each.question.kind == "number")
    teacher(app, "go", lesson=LESSON, step=step)
    teacher(app, "ask")
    for browser, answer in ((ANN, "97 Ben stinks"), (BEN, "97,0 %")):
        sent = {"question": told()["asks"], "round": 1, "answer": answer}
        assert pupil(app, "vote", browser, **sent).said == {"answer": "97"}
    teacher(app, "reveal")
    assert [(bar["text"], bar["votes"]) for bar in told()["rounds"][0]["bars"]] == [("97", 2)]


def test_what_a_network_says_is_asked_of_it():
    lesson = shelf.lessons()[LESSON]
    steps = [n for n, each in enumerate(lesson.steps, 1) if each.question and "{" in each.question.answer]
    assert steps
    for number in steps:
        step = lesson.steps[number - 1]
        answer = fill_for(step.state)(step.question.answer)
        choices = questions.shown(LESSON, number)["question"]["choices"]
        vote = questions.accepted(LESSON, number, str(choices.index(answer)) if choices else answer)
        (bar,) = (each for each in questions.bars(LESSON, number, {vote: 3}) if each.answer == vote)
        assert "{" not in answer and bar.right and bar.votes == 3


# Digits


def test_digits_are_asked_for_in_balanced_order_and_each_arrives_once(app):
    teacher(app, "collect", on=True)
    browsers = [f"{number:016x}" for number in range(3)]
    for number in range(10):
        for browser in browsers:
            label = pupil(app, "join", browser).said["asked"]
            for _ in range(2):  # an answer got lost, and the phone sends it again
                assert (
                    pupil(app, "digit", browser, **DIGIT | {"token": f"token{number:04}", "label": label}).status == 200
                )
    with reading() as connection:
        found = digits.digits(connection)
    assert sorted(each.label for each in found) == sorted(3 * list(range(10)))
    assert found[0].ink.shape == (28, 28) and found[0].ink.max() == 1 and found[0].ink.dtype == np.float32


BAD = {
    "label": [10, -1, "7", None, True, 7.0],
    "ink": [INK[1:], [*INK, 0], [256, *INK[1:]], [-1, *INK[1:]], [0.5, *INK[1:]], 784 * [0], "ink", None],
    "strokes": [
        [],
        None,
        [[[1, 281]]],
        [[[float("nan"), 1]]],
        [[1, 2]],
        ["some text"],
        [[[1, 1]], "more of it"],
        [[[1, 2, 3]]],
        51 * [[[1, 1]]],
        [3001 * [[1, 1]]],
    ],
    "token": ["short", 33 * "x", None, "../../../x", 7],
}


@pytest.mark.parametrize(("field", "value"), [(field, value) for field, values in BAD.items() for value in values])
def test_what_is_no_digit_is_refused(app, field, value):
    teacher(app, "collect", on=True)
    refused = pupil(app, "digit", **DIGIT | {field: value})
    assert refused.status == 400 and refused.said["error"].endswith(".")
    with reading() as connection:
        assert digits.count(connection) == 0


def test_no_digits_while_none_are_collected_and_no_more_than_fit(app, monkeypatch):
    assert pupil(app, "digit", **DIGIT).status == 409
    teacher(app, "collect", on=True)
    monkeypatch.setattr(digits, "EACH", 2)
    answers = [pupil(app, "digit", **DIGIT | {"token": f"token{number}xx"}).status for number in range(3)]
    assert answers == [200, 200, 409]


def test_the_wall_is_the_teachers_until_its_gate_is_open_and_hides_what_is_hidden(app):
    teacher(app, "collect", on=True)
    for browser in (ANN, BEN):
        for token in ("token001", "token002"):
            pupil(app, "digit", browser, **DIGIT | {"token": token})
    assert pupil(app, "wall", after=0).status == 403
    teacher(app, "gate", on=True)
    shown = pupil(app, "wall", after=0).said["digits"]
    assert [each["label"] for each in shown] == [7] * 4
    assert [base64.b64decode(each["ink"]) for each in shown] == 4 * [bytes(INK)]
    assert all((ink_code.decode(each["code"]) == np.reshape(INK, (28, 28)) / np.float32(255)).all() for each in shown)
    assert all(set(each["says"]) == {"dense", "robust"} for each in shown)
    assert {each["name"] for each in shown} == {pupil(app, "join", each).said["name"] for each in (ANN, BEN)}
    assert not {ANN, BEN} & set(json.dumps(shown).split('"')), "nobody learns another's name"
    teacher(app, "hide", id=shown[0]["id"])
    assert len(pupil(app, "wall", after=0).said["digits"]) == 3 and told()["hidden"] == 1
    teacher(app, "hide", id=shown[0]["id"], all=True)
    assert {each["name"] for each in pupil(app, "wall", after=0).said["digits"]} == {shown[-1]["name"]}
    assert pupil(app, "wall", after=shown[-1]["id"]).said["digits"] == []


def test_erasing_leaves_nothing_of_this_class(app, home):
    question = asking(app)
    teacher(app, "collect", on=True)
    pupil(app, "vote", question=question, round=1, answer="0")
    pupil(app, "digit", **DIGIT)
    before = secret()
    assert teacher(app, "erase").status == 200
    assert secret() == before and told(is_teacher=True) | {"heading": 0} == {
        **dict.fromkeys(("joined", "digits", "hidden", "oldest", "step", "heading"), 0),
        **{
            "lesson": "",
            "asks": "/0",
            "mode": "free",
            "collects": False,
            "gate_open": False,
            "rounds": [],
            "answered": {},
        },
    }
    kept = b"".join(file.read_bytes() for file in home.glob("class.sqlite*"))
    assert ANN.encode() not in kept and bytes([255] * 84) not in kept


# What is sent


@pytest.mark.parametrize("path", ["join", "vote", "digit", "wall", "teach"])
@pytest.mark.parametrize(
    "sent", [b"", b"[]", b"{", b"null", b"\xff\xfe", b"[" * 50_000], ids=lambda sent: repr(sent[:4])
)
def test_what_is_no_object_is_refused(app, path, sent):
    refused = asked(app, f"/api/{path}", sent, cookie=f"nudge={ANN}")
    assert refused.status == 400 and refused.said["error"].startswith("Only")
    assert asked(app, f"/api/{path}", b"{}", content_type="text/plain").status == 400


def test_more_than_64_kb_is_refused(app):
    assert pupil(app, "digit", **DIGIT | {"more": 64 * 1024 * "x"}).status == 413


@pytest.mark.parametrize("value", [None, [], {}, 7, "x", -1, 10**30, "\x00", "' or 1=1 --"], ids=repr)
def test_an_act_with_a_wrong_value_changes_nothing(app, value):
    asking(app)
    before = told(is_teacher=True)
    for act in ("go", "lead", "hide", value):
        sent = {"act": act, "lesson": value, "step": value, "mode": value, "id": value if act != "hide" else str(value)}
        assert asked(app, "/api/teach", sent, cookie=f"nudge_teacher={secret()}").status == 400
    assert told(is_teacher=True) == before


def test_what_no_database_takes_is_refused(app):
    teacher(app, "gate", on=True)
    assert pupil(app, "wall", after=10**30).status == 400
    assert teacher(app, "hide", id=-(10**30)).status == 400
    half_a_character = b'{"question": "x", "round": 1, "answer": "5\\ud800"}'
    assert asked(app, "/api/vote", half_a_character, cookie=f"nudge={ANN}").status == 400


def test_one_phone_cannot_fill_the_class_with_browsers(monkeypatch):
    monkeypatch.setattr(class_routes, "NEWCOMERS", (0.001, 5))
    app = Starlette(routes=class_routes.routes(Listeners(view.version, view.views)))
    assert pupil(app, "join").status == 200
    nameless = [asked(app, "/api/join", {}).status for _ in range(6)]
    assert nameless == [200] * 4 + [429] * 2 and told(is_teacher=True)["joined"] == 5
    assert pupil(app, "join").status == 200, "who is known goes on"


def test_whoever_sends_too_fast_is_told_and_others_are_not_held_up(app):
    answers = [pupil(app, "join").status for _ in range(35)]
    assert answers[:30] == 30 * [200] and answers[-1] == 429
    assert pupil(app, "join", BEN).status == 200


def test_a_database_that_cannot_be_used_is_one_sentence(app, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "file"))
    refused = pupil(app, "join")
    assert refused.status == 503 and refused.said["error"].startswith("The class's database cannot be used")


# Who is told


async def heard(stream) -> dict:
    return json.loads((await asyncio.wait_for(anext(stream), 60)).removeprefix("data: "))


def test_all_are_told_what_changes_and_pupils_not_what_is_the_teachers():
    async def listen() -> list[dict]:
        hub = Listeners(view.version, view.views)
        streams = [hub.stream([("browser", str(number))], is_teacher=number == 0) for number in range(3)]
        first = [await heard(each) for each in streams]
        with changing() as connection:
            people.join(connection, ANN)
        assert (await heard(streams[0]))["joined"] == 1
        with changing() as connection:
            room.change(connection, mode="follow")
        hub.stir()
        then = [await heard(each) for each in streams]  # for pupils the next that they are told
        for each in streams:
            await each.aclose()
        assert not hub._streams
        return first + then

    told = asyncio.run(listen())
    assert [each["mode"] for each in told] == 3 * ["free"] + 3 * ["follow"]
    assert ["joined" in each for each in told] == 2 * [True, False, False]


def test_a_look_that_fails_is_logged_and_the_next_one_is_told(caplog):
    looks = [RuntimeError("broken"), view.Views('{"mode": "free"}', "")]

    def views() -> view.Views:
        found = looks.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    async def listen() -> dict:
        stream = Listeners(lambda: 1, views).stream([("browser", ANN)], is_teacher=False)
        try:
            return await heard(stream)
        finally:
            await stream.aclose()

    assert asyncio.run(listen()) == {"mode": "free"} and "broken" in caplog.text


def test_whoever_comes_when_nobody_has_listened_for_long_is_told_what_is_now():
    async def listen() -> list[str]:
        hub, modes = Listeners(view.version, view.views), []
        for mode in ("free", "follow"):
            with changing() as connection:
                room.change(connection, mode=mode)
            stream = hub.stream([("browser", ANN)], is_teacher=False)
            modes.append((await heard(stream))["mode"])
            await stream.aclose()
            await hub._watching
        return modes

    assert asyncio.run(listen()) == ["free", "follow"]


def test_a_stream_with_nothing_to_say_says_that_it_is_there(monkeypatch):
    monkeypatch.setattr(listeners, "BEAT", 0.01)

    async def listen() -> str:
        stream = Listeners(view.version, view.views).stream([("browser", ANN)], is_teacher=False)
        said = ""
        while not said.endswith(":\n\n") or "data" not in said:
            said += await anext(stream)
        await stream.aclose()
        return said

    assert asyncio.run(listen()).endswith("\n\n:\n\n")


def test_a_browser_may_listen_in_so_many_windows(app, monkeypatch):
    monkeypatch.setattr(windows, "OPEN", {"address": 1, "browser": 1})
    hub = Listeners(view.version, view.views)
    with hub._streams.open([("browser", ANN)]):
        assert hub.is_full([("address", "x"), ("browser", ANN)])
        assert not hub.is_full([("address", "x"), ("browser", BEN)])
    assert not hub.is_full([("browser", ANN)])


# Faults


def test_a_hundred_votes_at_once_are_all_counted(app):
    question = asking(app)

    def vote(number: int) -> int:
        return pupil(app, "vote", f"{number:016x}", question=question, round=1, answer=str(number % 2)).status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(vote, range(100))) == {200}
    assert told(is_teacher=True)["answered"] == {"1": 100}


def _send_for_ever(pipe, act: str, sent: dict) -> None:
    app = Starlette(routes=class_routes.routes(Listeners(view.version, view.views)))
    for number in range(100_000):
        pipe.send(pupil(app, act, f"{number:016x}", **sent).status)


@pytest.mark.parametrize("act", ["vote", "digit"])
def test_a_killed_server_loses_nothing_that_was_answered(app, act):
    sent = {"vote": {"question": asking(app), "round": 1, "answer": "0"}, "digit": DIGIT}[act]
    teacher(app, "collect", on=act == "digit")
    here, there = multiprocessing.Pipe(duplex=False)
    server = multiprocessing.get_context("fork").Process(target=_send_for_ever, args=(there, act, sent))
    server.start()
    there.close()
    acknowledged = [here.recv() for _ in range(30)]
    os.kill(server.pid, signal.SIGKILL)
    server.join()
    while here.poll():
        try:
            acknowledged.append(here.recv())
        except EOFError:
            break
    kept = len(our_class.written()) if act == "digit" else told(is_teacher=True)["answered"]["1"]
    assert set(acknowledged) == {200}
    assert len(acknowledged) <= kept <= len(acknowledged) + 1


# Erased, hidden, brought along


def written(app, *tokens: str, browser: str = ANN) -> None:
    teacher(app, "collect", on=True)
    for token in tokens:
        assert pupil(app, "digit", browser, **DIGIT | {"token": token}).status == 200


def test_whoevers_digits_are_all_hidden_writes_no_more_for_others_to_see(app):
    written(app, "token001")
    written(app, "token001", browser=BEN)
    teacher(app, "hide", id=our_class.written()[0].id, all=True)
    written(app, "token002", "token003")
    written(app, "token002", browser=BEN)
    assert {each.number for each in our_class.written()} == {1} and told()["hidden"] == 3


def test_no_number_is_used_again_after_an_erase_and_all_are_told_of_it(app):
    written(app, "token001", "token002")
    before = [each.id for each in our_class.written()]
    assert told()["oldest"] == before[0] < before[1]
    teacher(app, "hide", id=before[0])
    assert told()["oldest"] == before[0], "nothing is erased by that"
    teacher(app, "erase")
    assert told()["oldest"] == 0
    written(app, "token001")
    (after,) = (each.id for each in our_class.written())
    assert told()["oldest"] == after > before[1]


def test_an_erase_that_leaves_traces_says_so(app, home, monkeypatch):
    monkeypatch.setattr(database, "PATIENCE", 0.1)
    written(app, "token001")
    with sqlite3.connect(home / "class.sqlite") as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM digits").fetchall()
        answer = teacher(app, "erase")
        reader.rollback()
    assert answer.status == 503 and answer.said["error"].startswith("All is erased, but traces")
    assert our_class.written() == [] and teacher(app, "erase").status == 200
    assert bytes([255] * 84) not in b"".join(file.read_bytes() for file in home.glob("class.sqlite*"))


def load(app, content: bytes, cookie: str = "") -> Answer:
    cookie = cookie or f"nudge_teacher={secret()}"
    return asked(app, "/api/load", content, cookie=cookie, content_type="application/octet-stream")


def test_the_digits_of_a_lesson_come_along_to_the_next_in_the_halves_they_were_in(app):
    our_class.write(40)
    before = our_class.written()
    halves = [[each.label for each in half] for half in exchange.halves(before)]
    file = exchange.npz(before)
    assert load(app, file).said == {"digits": 40, "new": 0}, "they are all here"
    teacher(app, "erase")
    our_class.write(5, artists=1, first=100)
    assert load(app, file).said == {"digits": 40, "new": 40}
    assert load(app, file).said == {"digits": 40, "new": 0}
    found = our_class.written()
    assert {people.person(each.number).name for each in found[5:]} == {"earlier lesson"}
    assert sorted(our_class.inks(found[5:])) == sorted(our_class.inks(before))
    now = [[each.label for each in half if each.number < 0] for half in exchange.halves(found)]
    assert now == halves and told(is_teacher=True)["joined"] == 1
    teacher(app, "hide", id=found[-1].id, all=True)
    assert len(our_class.written()) == 5
    assert load(app, file).said["new"] == 0 and len(our_class.written()) == 5, "what was hidden stays so"


def test_only_the_teacher_loads(app):
    our_class.write(2)
    file = exchange.npz(our_class.written())
    teacher(app, "erase")
    assert load(app, file, cookie=f"nudge={ANN}").status == 403
    assert load(app, 70_000 * b"x", cookie=f"nudge={ANN}").status == 413
    assert our_class.written() == []


def npz(**arrays) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


IMAGES, LABELS = our_class.MNIST.test_images[:3], our_class.MNIST.test_labels[:3]
GOOD = {"x_train": IMAGES, "y_train": LABELS, "x_test": IMAGES[:0], "y_test": LABELS[:0]}
NO_FILES = {
    "nothing": b"",
    "no zip": b"digits",
    "a torn one": npz(**GOOD)[:-60],
    "a missing array": npz(x_train=IMAGES, y_train=LABELS, x_test=IMAGES),
    "no digit": npz(
        **dict.fromkeys(("x_train", "x_test"), IMAGES[:0]), **dict.fromkeys(("y_train", "y_test"), LABELS[:0])
    ),
    "fewer labels": npz(**GOOD | {"y_train": LABELS[:2]}),
    "another size": npz(**GOOD | {"x_train": np.zeros((3, 14, 56), np.uint8)}),
    "floats": npz(**GOOD | {"x_train": IMAGES / 255}),
    "a label of 10": npz(**GOOD | {"y_train": LABELS + 10}),
    "no ink": npz(**GOOD | {"x_train": 0 * IMAGES}),
    "a pickle": npz(**GOOD | {"x_train": np.array([print], object)}),
    "by column": npz(**GOOD | {"x_train": np.asfortranarray(IMAGES)}),
    "a bomb": npz(**GOOD | {"x_train": np.zeros((60_000, 28, 28), np.uint8)}),
}


@pytest.mark.parametrize("content", NO_FILES.values(), ids=NO_FILES)
def test_a_file_that_is_no_classs_is_refused_with_one_sentence_and_nothing_is_lost(app, content):
    our_class.write(2)
    refused = load(app, content)
    said = refused.said["error"]
    assert refused.status == 400 and said.startswith("This is not the digits.npz of a class: ") and said.count(".") == 2
    assert len(our_class.written()) == 2


def test_a_file_that_claims_more_than_it_has_is_refused(app):
    header = np.lib.format.header_data_from_array_1_0(IMAGES) | {"shape": (10**12, 28, 28)}
    array = io.BytesIO()
    np.lib.format.write_array_header_1_0(array, header)
    content = io.BytesIO(npz(y_train=LABELS, x_test=IMAGES[:0], y_test=LABELS[:0]))
    with zipfile.ZipFile(content, "a") as file:
        file.writestr("x_train.npy", array.getvalue() + IMAGES.tobytes())
    assert load(app, content.getvalue()).status == 400 and our_class.written() == []


def test_a_class_has_no_more_digits_than_it_has_room_for(app, monkeypatch):
    monkeypatch.setattr(digits, "MOST", 4)
    our_class.write(2, first=50)
    refused = load(app, npz(**GOOD))
    assert refused.status == 409 and "room for 4 digits" in refused.said["error"] and len(our_class.written()) == 2
