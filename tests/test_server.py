"""The server in front of Streamlit: who is answered, what may be asked, and how much of it anyone may have."""

import asyncio
import ctypes
import gzip
import resource
import socket
import subprocess
import sys
import threading

import pytest
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from mnist_model.server import files, gate, limits, pace, requests, streamlit_files
from mnist_model.server.gate import Gate, refusal
from mnist_model.server.later import Later
from mnist_model.server.limits import Lanes, Limits, Window, address
from mnist_model.server.pace import Bucket, Buckets, Lane, Patience
from mnist_model.server.streamlit_files import StreamlitFiles
from mnist_model.server.windows import OPEN


def scope(kind: str = "http", path: str = "/", peer: str = "192.168.1.20", **headers: str) -> dict:
    raw = [
        (name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "localhost", **headers}.items()
    ]
    scheme = "ws" if kind == "websocket" else "http"
    return {"type": kind, "path": path, "client": (peer, 5), "headers": raw, "query_string": b"", "scheme": scheme}


def refused(**headers: str) -> int | None:
    response = refusal(HTTPConnection(scope(**headers)))
    return response and response.status_code


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1", "10.1.2.3:8600", "[::1]:8501", socket.gethostname()])
def test_a_page_is_asked_for_by_any_address_of_this_machine(host):
    assert refused(host=host) is None


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example:8501", "", "[", "a@b:c"])
def test_another_sites_name_that_points_here_is_refused(host):
    assert refused(host=host) == 421


def test_a_name_can_be_allowed(monkeypatch):
    monkeypatch.setattr("streamlit.get_option", {"server.allowedHosts": ["nudge.school"]}.get)
    assert refused(host="nudge.school") is None
    assert refused(host="127.0.0.1:8501", origin="https://nudge.school") is None


@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_another_sites_page_is_refused(kind):
    for origin in ("http://elsewhere.example", "null", "", "http://localhost.elsewhere.example", "http://["):
        assert refused(kind=kind, host="localhost:8501", origin=origin) == 403
    assert refused(kind=kind, host="localhost:8501", origin="http://localhost:8501") is None


def test_whoever_is_refused_waits_for_it_and_nobody_else(monkeypatch):
    waits, kept = [], []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    async def app(*_) -> None:
        kept.append(len(waits))

    monkeypatch.setattr("asyncio.sleep", wait)
    for each in (scope(), scope(host="elsewhere.example")):
        asyncio.run(Gate(app)(each, Talk().receive, Talk().send))
    assert kept == [0] and waits == [gate.PAUSE]


def test_what_the_server_would_tell_of_itself_is_closed():
    for path in ("/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/auth/login"):
        assert refused(path=path) == 404
    assert refused(path="/_stcore/health") is None


def test_a_proxy_is_believed_on_this_machine_only():
    def of(peer: str, **headers: str) -> str:
        return address(HTTPConnection(scope(peer=peer, **headers)))

    assert of("127.0.0.1", x_real_ip="10.0.0.7") == "10.0.0.7"
    assert of("192.168.1.20", x_real_ip="10.0.0.7") == "192.168.1.20"
    assert of("127.0.0.1", x_real_ip="nobody") == "127.0.0.1"
    assert of("2001:db8:1:2:3::4") == of("2001:db8:1:2:5::6") != of("2001:db8:1:3::1")


def back(**message) -> bytes:
    return BackMsg(**message).SerializeToString()


def test_a_browser_may_ask_for_runs_and_uploads_and_nothing_of_the_server():
    assert requests.kind(back(rerun_script={"page_name": "shift"})) == requests.PAGE
    assert requests.kind(back(rerun_script={"page_name": "shift", "fragment_id": "a"})) == requests.RUN
    assert requests.kind(back(rerun_script={"fragment_id": "a", "is_auto_rerun": True})) == requests.LOOK
    assert requests.kind(back(rerun_script={"is_auto_rerun": True})) == requests.PAGE
    assert requests.kind(back(file_urls_request={"request_id": "1"}))
    assert requests.kind(back(backend_operation_request={"deferred_file": {}})) == requests.PAGE, "it is as dear"
    for message in (
        {"load_git_info": True},
        {"clear_cache": True},
        {"set_run_on_save": True},
        {"debug_shutdown_runtime": True},
        {"debug_disconnect_websocket": True},
        {"backend_operation_request": {"install_skills": {}}},
        {"backend_operation_request": {"dismiss_skills_nudge": {}}},
        {"backend_operation_request": {}},
        {},
    ):
        assert requests.kind(back(**message)) is None, message


def test_the_end_of_a_run_is_seen():
    assert requests.is_end_of_run(ForwardMsg(script_finished=0, hash="x" * 32).SerializeToString())
    assert not requests.is_end_of_run(ForwardMsg(hash="x" * 32).SerializeToString())
    assert not requests.is_end_of_run(None)


class Clock:
    """Time that goes on when it is told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def greedy(rate: float, seconds: float) -> float | None:
    """When a window is greedy that asks at a rate, if it ever is."""
    clock = Clock()
    patience = Patience(Bucket(*limits.MESSAGES, clock))
    for i in range(int(rate * seconds)):
        clock.now = i / rate
        if patience.is_greedy():
            return clock.now
    return None


def test_nobody_who_works_is_greedy():
    """A drag of the slider, a watched training, an arrow key that is held across the whole frame and back."""
    assert greedy(5, 600) is None and greedy(1 / 0.3, 600) is None
    assert greedy(30, 28 / 30 + 0.3) is None


def test_a_program_is_greedy_within_three_seconds_and_no_longer_once_it_has_been_quiet():
    assert greedy(20, 60) < 3
    clock = Clock()
    patience = Patience(Bucket(*limits.MESSAGES, clock))
    assert [patience.is_greedy() for _ in range(41)].index(True) == 40
    clock.now = 1
    assert patience.is_greedy()
    clock.now = 5.5
    assert not patience.is_greedy()


def test_requests_are_answered_at_their_rate_once_a_burst_is_over():
    clock = Clock()
    bucket = Bucket(10, 5, clock)
    assert [round(bucket.owe(1), 3) for _ in range(7)] == [0, 0, 0, 0, 0, 0.1, 0.2]
    clock.now = 60
    assert bucket.part == 1


def test_of_too_many_names_those_that_have_asked_for_nothing_lately_are_forgotten(monkeypatch):
    monkeypatch.setattr(pace, "MOST", 3)
    buckets = Buckets((0.001, 5))
    assert buckets.of("greedy").take()
    for name in "abcd":
        buckets.of(name)
    assert "greedy" in buckets and "d" in buckets and "a" not in buckets


def test_who_is_refused_does_not_make_others_wait():
    clock = Clock()
    bucket = Bucket(10, 5, clock)
    assert max(bucket.owe(longest=1) for _ in range(10_000)) == 1.1
    clock.now = 0.5
    assert bucket.owe(longest=1) <= 0.6, "a second later, as after ten requests too many"


def test_a_lane_lets_one_in_and_spares_who_is_patient():
    async def took(is_disturbed: bool) -> float:
        lane = Lane(spared=4, longest=10)
        if is_disturbed:
            lane.disturb()
        loop = asyncio.get_running_loop()
        begun = loop.time()
        first = await lane.enter()
        loop.call_later(0.05, first.end)
        await lane.enter()
        return loop.time() - begun

    alone, spared = asyncio.run(took(False)), asyncio.run(took(True))
    assert alone >= 0.05 and spared >= 0.05 * 5


@pytest.mark.parametrize("looks, is_spared", [(False, True), (True, False)])
def test_who_moves_a_slider_is_spared_and_a_page_that_looks_again_by_itself_is_not(looks, is_spared):
    """Thirty who waited for their training had all pages wait twice as long as they took."""

    async def disturbed() -> bool:
        lanes = Lanes(Lane(), Lane(spared=4, longest=10), Lane())
        message = received(back(rerun_script={"fragment_id": "a", "is_auto_rerun": looks}))
        await Window(Talk(message).receive, Talk().send, lanes).receive()
        (await lanes.pages.enter()).end()
        return await is_held(lanes.pages)

    assert asyncio.run(disturbed()) == is_spared


async def is_held(lane: Lane) -> bool:
    """Whether a lane that was just left, after a run of 0.05 s, does not let the next one in at once."""
    turn = await lane.enter()
    await asyncio.sleep(0.05)
    turn.end()
    try:
        await asyncio.wait_for(lane.enter(), 0.05)
    except TimeoutError:
        return True
    return False


def test_a_run_that_takes_long_holds_nobody_up():
    async def two() -> None:
        lane = Lane(longest=0.01)
        await lane.enter()
        await asyncio.wait_for(lane.enter(), 5)

    asyncio.run(two())


def free_lanes() -> Lanes:
    return Lanes(*(Lane(longest=10) for _ in range(3)))


class Talk:
    """A websocket whose messages are given; what is sent to it is kept."""

    def __init__(self, *messages: dict) -> None:
        self.messages, self.sent = list(messages), []

    async def receive(self) -> dict:
        return self.messages.pop(0) if self.messages else {"type": "websocket.disconnect", "code": 1000}

    async def send(self, message: dict) -> None:
        self.sent.append(message)


def test_whole_pages_come_one_by_one_and_a_moved_slider_waits_for_none():
    async def waits() -> list[bool]:
        lanes = free_lanes()
        other, mine = ({"page_name": "shift"}, {"page_name": "shift", "fragment_id": "a"})
        await lanes.opening.enter()  # somebody's first page
        windows = [
            Window(Talk(received(back(rerun_script=each))).receive, Talk().send, lanes) for each in (other, mine)
        ]
        asked = [asyncio.create_task(each.receive()) for each in windows]
        await asyncio.wait(asked, timeout=0.05)
        return [not each.done() for each in asked]

    assert asyncio.run(waits()) == [True, False]


def test_who_turns_pages_too_fast_waits_with_the_greedy_and_still_moves_the_slider():
    page, move = (back(rerun_script={"fragment_id": each}) for each in ("", "a"))

    async def lanes() -> list[str]:
        lanes = free_lanes()
        window = Window(Talk().receive, Talk().send, lanes)
        names = {**{lane: name for name, lane in lanes._asdict().items()}, None: "at once"}
        return [names[window.choose_lane(requests.kind(each))] for each in [page] * 6 + [move]]

    assert asyncio.run(lanes()) == ["opening", *["pages"] * 4, "greedy", "at once"]


def test_a_window_waits_for_its_own_page_too_before_it_gets_the_next():
    async def both() -> list[bool]:
        page = received(back(rerun_script={"page_name": "shift"}))
        window = Window(Talk(page, page, page).receive, Talk().send, free_lanes())
        asked = [asyncio.create_task(window.receive())]
        for _ in range(2):  # the first page is no lane of the others
            await asyncio.wait(asked, timeout=0.05)
            asked.append(asyncio.create_task(window.receive()))
        await asyncio.wait(asked, timeout=0.05)
        return [each.done() for each in asked]

    assert asyncio.run(both()) == [True, True, False]


def test_a_window_that_stays_open_does_not_count_among_those_that_are_opened(monkeypatch):
    monkeypatch.setattr(limits, "WINDOWS", (0.001, 2))

    async def waits(stays: float) -> bool:
        monkeypatch.setattr(limits, "STAYS", stays)
        begun = []

        async def page(scope, receive, send) -> None:
            begun.append(scope)
            await asyncio.sleep(0.05 if len(begun) < 3 else 0)

        app = Limits(page)
        for _ in range(2):
            await app(scope("websocket"), Talk().receive, Talk().send)
        third = asyncio.create_task(app(scope("websocket"), Talk().receive, Talk().send))
        await asyncio.wait([third], timeout=0.05)
        third.cancel()
        return len(begun) == 2

    assert asyncio.run(waits(stays=5)) and not asyncio.run(waits(stays=0.01))


def passed_on(*messages: dict) -> list[dict]:
    """What of some messages reaches Streamlit."""

    async def all_of() -> list[dict]:
        window = Window(Talk(*messages).receive, Talk().send, free_lanes())
        found = [await window.receive()]
        while found[-1]["type"] != "websocket.disconnect":
            found.append(await window.receive())
        window.close()
        return found

    return asyncio.run(all_of())


def received(data: bytes) -> dict:
    return {"type": "websocket.receive", "bytes": data}


def test_only_what_may_be_asked_reaches_streamlit():
    run = received(back(rerun_script={"page_name": "shift"}))
    found = passed_on(received(back(load_git_info=True)), run, received(back(clear_cache=True)))
    assert found[:-1] == [run]


@pytest.mark.parametrize("content", [{"text": "hello"}, {"bytes": b"\xff" * 9}])
def test_what_cannot_be_read_ends_the_talk(content):
    assert passed_on({"type": "websocket.receive", **content})[-1] == {
        "type": "websocket.disconnect",
        "code": 1003,
    }


def test_a_browser_that_does_not_read_is_given_up(monkeypatch):
    monkeypatch.setattr(limits, "UNREAD", 0.01)

    async def never(message: dict) -> None:
        await asyncio.Event().wait()

    async def send_and_hear() -> None:
        window = Window(Talk(received(back(rerun_script={}))).receive, never, free_lanes())
        with pytest.raises(OSError):
            await window.send({"type": "websocket.send", "bytes": b""})
        assert (await window.receive())["type"] == "websocket.disconnect"

    asyncio.run(send_and_hear())


def test_a_browser_that_does_not_read_gets_no_more_runs():
    async def both() -> None:
        reads = asyncio.Event()

        async def send(message: dict) -> None:
            await reads.wait()

        window = Window(Talk(received(back(rerun_script={}))).receive, send, free_lanes())
        sending = asyncio.create_task(window.send({"type": "websocket.send", "bytes": b""}))
        await asyncio.sleep(0)
        receiving = asyncio.create_task(window.receive())
        done, _ = await asyncio.wait([receiving], timeout=0.05)
        assert not done
        reads.set()
        await asyncio.wait_for(asyncio.gather(sending, receiving), 5)
        window.close()

    asyncio.run(both())


def answers(*requests: dict, open_windows: str = "") -> list[int]:
    """The statuses of answers to requests, while windows are open at the same address: a letter each, its browser."""

    async def page(scope, receive, send) -> None:
        if scope["type"] == "websocket":
            await asyncio.Event().wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def all_of() -> list[int]:
        app = Limits(page)
        windows = [
            asyncio.create_task(app(scope("websocket", cookie=f"nudge={name}"), Talk().receive, Talk().send))
            for name in open_windows
        ]
        await asyncio.sleep(0)
        statuses = []
        for each in requests:
            talk = Talk()
            await app(each, talk.receive, talk.send)
            statuses.append(talk.sent[0]["status"])
        for window in windows:
            window.cancel()
        return statuses

    return asyncio.run(all_of())


def test_whoever_has_many_windows_open_is_told(monkeypatch):
    monkeypatch.setitem(OPEN, "address", 5)
    monkeypatch.setitem(OPEN, "browser", 3)
    mine, another = scope(accept="text/html", cookie="nudge=a"), scope(accept="text/html", cookie="nudge=b")
    elsewhere = scope(accept="text/html", peer="192.168.1.21")
    assert answers(mine, another, elsewhere, open_windows="aa") == [200, 200, 200]
    assert answers(mine, another, elsewhere, open_windows="aaa") == [503, 200, 200]
    assert answers(mine, another, elsewhere, open_windows="aaabc") == [503, 503, 200]


def test_whoever_asks_too_much_is_told(monkeypatch):
    monkeypatch.setattr(limits, "REQUESTS", (1, 2))
    monkeypatch.setattr(limits, "LONGEST_WAIT", 0.5)
    assert answers(*[scope()] * 3, scope(peer="192.168.1.21")) == [200, 200, 429, 200]


def test_what_is_answered_from_memory_takes_a_quarter_of_a_request(monkeypatch):
    monkeypatch.setattr(limits, "REQUESTS", (0.001, 3))
    monkeypatch.setattr(limits, "LONGEST_WAIT", 0.5)
    from_memory = [scope() | {streamlit_files.FROM_MEMORY: True} for _ in range(10)]
    assert answers(*from_memory[:9], scope()) == [200] * 9 + [429]
    assert answers(*[scope()] * 3, scope()) == [200] * 3 + [429]


SCRIPT = b"export const ten = 10; " * 100


class Disk:
    """An app that answers with a script, in two parts; how often it was asked."""

    def __init__(self, control: str = "public, immutable") -> None:
        self.asked = 0
        self._headers = [(b"content-type", b"application/javascript"), (b"cache-control", control.encode())]

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        await send({"type": "http.response.start", "status": 200, "headers": self._headers})
        await send({"type": "http.response.body", "body": SCRIPT[:50], "more_body": True})
        await send({"type": "http.response.body", "body": SCRIPT[50:]})


def fetched(app: StreamlitFiles, **asked: str) -> tuple[dict[str, str], bytes]:
    """The headers and the body that a browser gets."""
    talk = Talk()
    wanted = {"path": "/static/js/index.js", "accept_encoding": "gzip, br", **asked}
    asyncio.run(app(scope(**wanted) | {"method": "GET"}, talk.receive, talk.send))
    return dict(Headers(raw=talk.sent[0]["headers"])), b"".join(each["body"] for each in talk.sent[1:])


def test_a_file_that_never_changes_is_read_once_and_comes_compressed():
    disk = Disk()
    app = StreamlitFiles(disk)
    for _ in range(3):
        headers, body = fetched(app)
        assert gzip.decompress(body) == SCRIPT and headers["content-encoding"] == "gzip"
        assert int(headers["content-length"]) == len(body) < 200
        assert headers["content-type"] == "application/javascript" and headers["cache-control"] == "public, immutable"
    assert disk.asked == 1


def test_a_file_is_kept_under_one_name_only():
    disk = Disk()
    app = StreamlitFiles(disk)
    for path in ("/static/js/1.js", "/static/./js/1.js", "/static//js/1.js", "/static/js/x/../1.js"):
        fetched(app, path=path)
    assert list(app._answers) == ["/static/js/1.js"]


@pytest.mark.parametrize(
    "asked", [{"accept_encoding": "br"}, {"range": "bytes=0-9"}, {"if_none_match": "x"}, {"path": "/media/1.js"}]
)
def test_a_file_that_is_asked_for_in_another_way_comes_from_the_disk_as_it_is(asked):
    disk = Disk()
    app = StreamlitFiles(disk)
    fetched(app)
    headers, body = fetched(app, **asked)
    assert (body, disk.asked) == (SCRIPT, 2) and "content-encoding" not in headers


def test_a_file_that_may_change_is_read_each_time():
    disk = Disk("no-cache")
    app = StreamlitFiles(disk)
    assert [gzip.decompress(fetched(app)[1]) for _ in range(2)] == [SCRIPT] * 2 and disk.asked == 2


def test_what_an_address_has_asked_is_forgotten_once_it_is_quiet(monkeypatch):
    monkeypatch.setattr(limits, "MOST_ADDRESSES", 10)
    monkeypatch.setattr(limits, "REQUESTS", (10**9, 10))
    app = Limits(None)
    for i in range(100):
        app._visitor(HTTPConnection(scope(peer=f"10.0.0.{i}")))
    assert len(app._visitors) <= 12


def test_more_files_may_be_open_than_some_systems_allow():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        files.raise_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (min(files.OPEN_FILES, before[1]), before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


FREED = """
import psutil
from mnist_model.heap import keep_one_heap
{}
bytearray(30_000_000)  # once freed, blocks up to its size would come from the heap
blocks = [(bytearray(1_000_000), bytearray(700)) for _ in range(50)]
between = [small for _, small in blocks]
full = psutil.Process().memory_info().rss
del blocks
print((full - psutil.Process().memory_info().rss) // 1_000_000)
"""


@pytest.mark.skipif(not hasattr(ctypes.pythonapi, "mallopt"), reason="the C library has no such setting")
@pytest.mark.parametrize("call, freed", [("keep_one_heap()", range(45, 55)), ("", range(20))])
def test_large_blocks_are_returned_at_once(call, freed):
    """Fifty of 1 MB each; the C library by itself keeps most of them."""
    said = subprocess.run([sys.executable, "-c", FREED.format(call)], capture_output=True, text=True, check=True)
    assert int(said.stdout) in freed


STANDS_STILL = """
import asyncio, time
from mnist_model.server import life

async def stand_still():
    tidying = asyncio.create_task(life.tidy())
    await asyncio.sleep(0)
    time.sleep(0.5)

life.STALLED = 0.1
asyncio.run(stand_still())
"""


def test_a_server_that_stands_still_writes_down_where():
    done = subprocess.run([sys.executable, "-c", STANDS_STILL], capture_output=True, text=True, check=True, timeout=60)
    assert "in stand_still" in done.stderr


IMPORTED = "import sys, app; print([name for name in ('sqlalchemy', 'numpy', 'PIL') if name in sys.modules])"


def test_the_server_listens_before_it_imports_what_takes_long():
    """Half a second: the first visitor's browser loads its part meanwhile."""
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "[]\n"


def test_what_is_imported_later_is_imported_once_and_who_asks_sooner_waits_while_others_are_served():
    async def run() -> None:
        made, served, importing = [], [], threading.Event()

        async def inner(*asked) -> None:
            served.append(asked)

        def make():
            importing.wait(5)
            made.append(inner)
            return inner

        later = Later(make)
        asking = [asyncio.create_task(later(number, None, None)) for number in (1, 2)]
        await asyncio.sleep(0.05)
        assert not served
        asking[0].cancel()
        importing.set()
        await asking[1]
        await later(3, None, None)
        assert len(made) == 1 and [asked[0] for asked in served] == [2, 3]

    asyncio.run(run())
