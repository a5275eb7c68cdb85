"""Asked of a running server: what another site's page, a curious pupil or a broken client would ask."""

import asyncio
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.attack.greed import rerun
from tests.attack.widgets import answer
from tests.bench.session import connected, opened, run_script
from tests.conftest import ROOT

PATIENCE = 30  # seconds


def status(url: str, **headers: str) -> int:
    asked = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


async def kinds_until_finished(connection: websockets.ClientConnection) -> list[str]:
    """What the server says until it says that a run has ended."""
    kinds = []
    while "script_finished" not in kinds:
        said = ForwardMsg.FromString(await asyncio.wait_for(connection.recv(), PATIENCE))
        kinds.append(said.WhichOneof("type"))
    return kinds


def said_after(server: str, **asked) -> list[str]:
    """What the server answers to a message of a session, up to the end of the run that is asked for after it."""

    async def ask() -> list[str]:
        async with connected(server) as connection:
            await run_script(connection, BackMsg.FromString(rerun("data")))
            await connection.send(BackMsg(**asked).SerializeToString())
            await connection.send(rerun("data"))
            return await kinds_until_finished(connection)

    return asyncio.run(ask())


def close_code(server: str, message: bytes | str) -> int:
    """How the server ends a talk in which something is said."""

    async def say() -> int:
        async with connected(server) as connection:
            await connection.send(message)
            with pytest.raises(websockets.ConnectionClosed) as closed:
                await asyncio.wait_for(kinds_until_finished(connection), PATIENCE)
            return closed.value.rcvd.code if closed.value.rcvd else 0

    return asyncio.run(say())


def is_served(server: str) -> bool:
    """Whether somebody else can move the slider."""

    async def move() -> float:
        async with opened(f"{server}/shift") as move_once:
            return await move_once()

    return asyncio.run(move()) > 0


def test_another_sites_page_is_refused_at_once_and_nobody_waits(server):
    """Each of these made Streamlit ask the internet for its own address: 12 s in which nobody was served."""

    async def shake() -> int:
        address = urlsplit(server)
        stranger = websockets.connect(f"ws://{address.netloc}/_stcore/stream", origin="http://elsewhere.example")
        with pytest.raises(websockets.InvalidStatus) as refused:
            await stranger
        return refused.value.response.status_code

    begun = time.monotonic()
    assert [asyncio.run(shake()) for _ in range(5)] == [403] * 5
    assert status(f"{server}/_stcore/health", Origin="http://elsewhere.example") == 403
    assert time.monotonic() - begun < 10 and is_served(server)


def test_the_servers_git_clone_is_not_told(server):
    assert "git_info_changed" not in said_after(server, load_git_info=True)


def test_the_caches_of_all_are_not_emptied(server):
    """It also emptied the session, so that the run after it began as a new one does."""
    assert said_after(server, clear_cache=True).count("new_session") == 1


def test_nothing_is_installed_on_the_server(server):
    before = sorted(path.name for path in ROOT.iterdir())
    said = said_after(server, backend_operation_request={"request_id": "1", "install_skills": {}})
    assert "backend_operation_response" not in said
    assert sorted(path.name for path in ROOT.iterdir()) == before


def test_the_server_is_not_stopped(server):
    said_after(server, debug_shutdown_runtime=True)
    said_after(server, debug_disconnect_websocket=True)
    assert is_served(server)


@pytest.mark.parametrize("message", [b"\xff" * 1000, "text"], ids=["no message", "text"])
def test_what_is_no_message_ends_its_own_talk_only(server, message):
    assert close_code(server, message) in (0, 1002)
    assert is_served(server)


def test_widgets_that_hold_too_much_end_their_own_talk_only(server):
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add(id="x").string_value = "x" * 5_000_000
    assert close_code(server, message.SerializeToString()) == 1009
    assert is_served(server)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_ignored(server, value):
    """It made Streamlit refuse the session every run from then on."""

    async def lie() -> list[str]:
        async with connected(server) as connection:
            widgets, _ = await answer(connection, rerun("data"))
            message = BackMsg.FromString(rerun("data"))
            for widget in widgets:
                message.rerun_script.widget_states.widgets.add(id=widget).double_value = value
            await connection.send(message.SerializeToString())
            _, exceptions = await answer(connection, rerun("data"))
            return exceptions

    assert asyncio.run(lie()) == []


def test_what_the_server_knows_of_itself_is_closed(server):
    for path in ("_stcore/metrics", "_stcore/agent/openapi.json", "_stcore/script-health-check", "auth/login"):
        assert status(f"{server}/{path}") == 404, path
    assert status(f"{server}/_stcore/health") == 200


def test_every_answer_says_that_nothing_comes_from_elsewhere(server):
    with urllib.request.urlopen(server, timeout=PATIENCE) as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_files_outside_are_not_served(server):
    host, port = urlsplit(server).hostname, urlsplit(server).port

    async def get(path: str) -> bytes:
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
        said = await asyncio.wait_for(reader.read(), PATIENCE)
        writer.close()
        return said

    for path in ("/../app.py", "/static/../../app.py", "/media/..%2f..%2fapp.py", "/component/x/../../app.py"):
        assert b"st.App" not in asyncio.run(get(path)), path
