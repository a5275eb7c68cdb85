"""Many who come, stay or go at once: what they leave on the server, and how soon that is gone."""

import asyncio
import contextlib
import os
import re
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import psutil
import websockets

from tests.attack import neighbours
from tests.attack.greed import rerun
from tests.attack.pressed_early import press_early
from tests.attack.widgets import answer
from tests.bench import learner
from tests.bench.browser import chromium, settle
from tests.bench.load import lesson
from tests.bench.processes import Server, resident
from tests.bench.session import connected

Crowd = Callable[[str], Awaitable[str]]
LEVEL = 1.1  # times what it was before
PATIENCE = 180  # seconds
HALF_AN_HOUR = 1800.0  # seconds
NOTICED = 20  # seconds after which the queue knows who has gone, and a run that had begun is over


class Level(NamedTuple):
    """What a server has."""

    memory: float  # MB
    files: int
    threads: int

    @classmethod
    def of(cls, process: psutil.Process) -> "Level":
        return cls(resident(process), process.num_fds(), process.num_threads())

    def is_like(self, before: "Level") -> bool:
        return all(now <= LEVEL * was + 1 for now, was in zip(self, before, strict=True))

    def __str__(self) -> str:
        return f"{self.memory:.0f} MB, {self.files} files, {self.threads} threads"


async def seconds_until_level(server: Server, before: Level) -> float | None:
    """How long it takes until the server is as it was; None where that is too long."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        if Level.of(server.process).is_like(before):
            return time.monotonic() - begun
        await asyncio.sleep(1)
    return None


@contextlib.asynccontextmanager
async def window(url: str, page: str) -> AsyncIterator[websockets.ClientConnection]:
    """A window in which a page is open."""
    async with connected(url) as connection:
        await answer(connection, rerun(page))
        yield connection


async def come_and_go(url: str) -> str:
    """500 windows, thirty at a time: each opens a page and goes."""
    at_once, opened = asyncio.Semaphore(30), []

    async def come(i: int) -> None:
        async with at_once, window(url, ["shift", "data", "train", ""][i % 4]):
            opened.append(i)

    failed = [each for each in await asyncio.gather(*map(come, range(500)), return_exceptions=True) if each]
    return f"{len(opened)} came and went, {len(failed)} failed"


async def stay(url: str) -> str:
    """300 windows that do nothing while thirty sessions move the slider."""
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(10):
            await asyncio.gather(*(stack.enter_async_context(window(url, "shift")) for _ in range(30)))
        times = await lesson(f"{url}/shift", 30)
    return f"30 moved in {times.median:.0f} ms (95th {times.p95:.0f}) beside 300 windows, {times.failed} failed"


async def phones(url: str) -> str:
    """A hundred browsers that have nothing yet, behind one address, open the first page at once."""
    paths = await asyncio.to_thread(asked_for, url)
    found = await asyncio.gather(*(first_visit(url, paths) for _ in range(100)), return_exceptions=True)
    whole = sorted(each for each in found if isinstance(each, float))
    soon = f", half of them within {statistics.median(whole):.0f} s, the last after {whole[-1]:.0f}" if whole else ""
    return f"{len(whole)} of 100 got the page and its {len(paths)} files{soon}"


def asked_for(url: str) -> list[str]:
    """What a real browser asks for at its first visit."""
    paths: list[str] = []
    with chromium() as browser:
        page = browser.new_page()
        page.on("response", lambda answer: paths.append(answer.url.removeprefix(url)) if answer.ok else None)
        page.goto(url)
        settle(page)
    return [path for path in paths if path.startswith(("/static/", "/nudge", "/_stcore/bidi"))]


async def first_visit(url: str, paths: list[str]) -> float:
    """How many seconds it takes until one has the page, its files on six connections, and its first run."""
    begun = time.monotonic()
    await fetch(url, ["/"], "text/html")
    await asyncio.gather(*(fetch(url, paths[i::6]) for i in range(6)))
    async with window(url, ""):
        return time.monotonic() - begun


async def fetch(url: str, paths: list[str], kind: str = "*/*") -> None:
    """Ask for one after another on one connection. Raises ConnectionError where one is refused."""
    host = urlsplit(url).netloc
    reader, writer = await asyncio.open_connection(*host.split(":"))
    for path in paths:
        ask = f"GET {path} HTTP/1.1\r\nHost: {host}\r\nAccept: {kind}\r\nAccept-Encoding: gzip\r\n\r\n"
        writer.write(ask.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if " 200 " not in head:
            raise ConnectionError(f"{path}: {head.splitlines()[0]}")
        await reader.readexactly(int(re.search(r"content-length: (\d+)", head)[1]))
    writer.close()


async def leave(url: str) -> str:
    """A hundred press Train, and all are gone before it is their turn; somebody comes then who trains."""
    await seconds_to_train(url)  # a worker is ready from then on
    alone = await seconds_to_train(url)
    for _ in range(10):
        await asyncio.gather(*(pressed(url) for _ in range(10)))
    await asyncio.sleep(NOTICED)
    return f"alone {alone:.1f} s, after 100 had pressed and left {await seconds_to_train(url):.1f} s to a network"


async def pressed(url: str) -> None:
    """Press Train and go."""
    async with learner.training(url):
        await asyncio.sleep(1)


async def seconds_to_train(url: str) -> float:
    """How long it takes from pressing Train until there is one run more."""
    before, begun = finished(), time.monotonic()
    async with learner.training(url):
        while finished() <= before:
            await asyncio.sleep(0.05)
    return time.monotonic() - begun


def finished() -> int:
    """How many runs of this server have ended."""
    return len(list(Path(os.environ["MNIST_RUNS"]).glob("*/report.json")))


async def mixed(url: str) -> str:
    """Thirty sessions for half an hour: twenty move the slider, six turn the pages, four train again and again."""
    until, moves = time.monotonic() + HALF_AN_HOUR, list[float]()
    sessions = [neighbours.session(url, HALF_AN_HOUR, moves) for _ in range(20)]
    sessions += [again_and_again(turning(url), until) for _ in range(6)]
    sessions += [again_and_again(training(url, 60), until) for _ in range(4)]
    done = await asyncio.gather(*sessions, return_exceptions=True)
    failed = [each for each in done if isinstance(each, BaseException)]
    moved = f"a move took {1000 * statistics.median(moves):.0f} ms"
    return f"{len(done)} for {HALF_AN_HOUR / 60:.0f} minutes, {moved}, {len(failed)} failed {failed[:1] or ''}"


async def again_and_again(act: Callable[[], Awaitable[None]], until: float) -> list[float]:
    """How long each took, until then."""
    times = []
    while (begun := time.monotonic()) < until:
        await act()
        times.append(time.monotonic() - begun)
    return times


def turning(url: str) -> Callable[[], Awaitable[None]]:
    """One window in which all pages are looked at."""

    async def turn() -> None:
        async with window(url, "") as connection:
            for page in ("data", "train", "shift", ""):
                await asyncio.sleep(3)
                await answer(connection, rerun(page))

    return turn


def training(url: str, seconds: float) -> Callable[[], Awaitable[None]]:
    """One window in which Train is pressed, and looked at for so long."""

    async def train() -> None:
        async with learner.training(url):
            await asyncio.sleep(seconds)

    return train


CROWDS: dict[str, Crowd] = {
    "come-and-go": come_and_go,
    "stay": stay,
    "phones": phones,
    "leave": leave,
    "pressed-early": press_early,
    "mixed": mixed,
}
