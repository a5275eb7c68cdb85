"""Single clients that ask for all they can get: each goes on for so many seconds, on many sockets at once."""

import asyncio
import contextlib
import random
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.bench.session import connected

Client = Callable[[str, float], Awaitable[None]]
SOCKETS = 10


def rerun(page: str = "shift") -> bytes:
    message = BackMsg()
    message.rerun_script.page_name = page
    return message.SerializeToString()


def asking(kind: str) -> bytes:
    return BackMsg(**{kind: True}).SerializeToString()


async def reading(connection: websockets.ClientConnection) -> None:
    async for _ in connection:
        pass


async def repeat(url: str, seconds: float, message: bytes, pause: float) -> None:
    """One socket that sends the same again and again, and reads what is answered."""
    with contextlib.suppress(websockets.ConnectionClosed, TimeoutError):
        connection = await connected(url)
        reader = asyncio.create_task(reading(connection))
        try:
            async with asyncio.timeout(seconds):
                while True:
                    await connection.send(message)
                    await asyncio.sleep(pause)
        finally:
            reader.cancel()
            connection.transport.abort()  # without a word: whoever is made to wait would wait for the farewell, too


async def together(sessions: list[Awaitable[None]]) -> None:
    """All at once; that one is refused, or left waiting, ends that one."""
    await asyncio.gather(*sessions, return_exceptions=True)


async def reruns(url: str, seconds: float) -> None:
    """Ten sockets, each asking for the whole page twenty times a second."""
    await together([repeat(url, seconds, rerun(), 0.05) for _ in range(SOCKETS)])


async def heavy_pages(url: str, seconds: float) -> None:
    """Ten sockets that ask for the other pages in turn, as fast as they can."""
    pages = ["data", "train", "", "shift"]
    await together([repeat(url, seconds, rerun(pages[i % 4]), 0) for i in range(SOCKETS)])


async def git(url: str, seconds: float) -> None:
    """Ask for the state of the server's git clone, as fast as it goes."""
    await together([repeat(url, seconds, asking("load_git_info"), 0) for _ in range(SOCKETS)])


async def caches(url: str, seconds: float) -> None:
    """Have the server empty its caches, as fast as it goes."""
    await together([repeat(url, seconds, asking("clear_cache"), 0) for _ in range(SOCKETS)])


async def garbage(url: str, seconds: float) -> None:
    """Messages that are none, and text: each costs a socket, which is opened again."""
    await until_over(seconds, lambda: repeat(url, 0.2, random.randbytes(200_000), 0))


async def large(url: str, seconds: float) -> None:
    """Widget states of 30 MB."""
    message = BackMsg()
    message.rerun_script.widget_states.widgets.add(id="x").string_value = "x" * 30_000_000
    await until_over(seconds, lambda: repeat(url, 1, message.SerializeToString(), 0))


async def comers(url: str, seconds: float) -> None:
    """Open the page, see its first run begin, go; ten at a time."""
    await until_over(seconds, lambda: repeat(url, 0.1, rerun(), 0.2))


async def foreign(url: str, seconds: float) -> None:
    """Handshakes from another site's page."""

    async def shake() -> None:
        address = urlsplit(url)
        stranger = websockets.connect(f"ws://{address.netloc}/_stcore/stream", origin="http://elsewhere.example")
        with contextlib.suppress(websockets.WebSocketException, OSError):
            async with stranger:
                pass
        await asyncio.sleep(0.02)

    await until_over(seconds, shake)


async def unread(url: str, seconds: float) -> None:
    """Ask for pages and never read an answer."""

    async def ask() -> None:
        connection = await connected(url)
        connection.transport.pause_reading()
        with contextlib.suppress(TimeoutError, websockets.ConnectionClosed):
            async with asyncio.timeout(seconds):
                while True:
                    await connection.send(rerun("data"))
                    await asyncio.sleep(0.05)
        connection.transport.abort()

    await together([ask() for _ in range(3 * SOCKETS)])


async def requests(url: str, seconds: float) -> None:
    """Plain requests, as fast as ten connections can ask."""
    address = urlsplit(url)
    line = f"GET / HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode()

    async def ask() -> None:
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(seconds):
                while True:
                    writer.write(line)
                    await reader.readuntil(b"</html>")
        writer.close()

    await together([ask() for _ in range(SOCKETS)])


async def idle(url: str, seconds: float) -> None:
    """Open as many windows as there may be, look at one page in each, and stay."""
    await together([repeat(url, seconds, rerun(), seconds) for _ in range(450)])


async def until_over(seconds: float, act: Callable[[], Awaitable[None]]) -> None:
    """Ten who do the same again and again."""
    until = time.monotonic() + seconds

    async def again() -> None:
        while time.monotonic() < until:
            with contextlib.suppress(TimeoutError, OSError, websockets.WebSocketException):
                await act()

    await together([again() for _ in range(SOCKETS)])


CLIENTS: dict[str, Client] = {
    each.__name__: each
    for each in (reruns, heavy_pages, git, caches, garbage, large, comers, foreign, unread, requests, idle)
}


def let_loose(name: str, url: str, seconds: float) -> None:
    """Run a client, in a process of its own."""

    async def bounded() -> None:
        async with asyncio.timeout(seconds + 10):
            await CLIENTS[name](f"{url}/shift", seconds)

    asyncio.run(bounded())
