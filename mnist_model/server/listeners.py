"""Who is told what a class is doing, as it changes: by server-sent events, one stream for each window.

All that listen share one look at the database: a few times a second at its version only, whoever has changed it.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from mnist_model.classroom.errors import NoClass
from mnist_model.classroom.view import Views
from mnist_model.server.windows import Holder, Windows

LOOK = 0.1  # seconds between two looks; what changes more often is told together
BEAT = 15.0  # seconds after which a silent stream says that it is there
LOG = logging.getLogger(__name__)
T = TypeVar("T")


class Listeners:
    """All streams of this server, and the task that looks for them. Lives in the server's event loop."""

    def __init__(self, version: Callable[[], int], views: Callable[[], Views]) -> None:
        self._version, self._views = version, views
        self._known = -1
        self._shown: Views | None = None
        self._changed, self._stirred = asyncio.Condition(), asyncio.Event()
        self._streams = Windows()
        self._watching: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1)

    def stir(self) -> None:
        """This server has changed something itself: look at once."""
        self._stirred.set()

    def is_full(self, holders: list[Holder]) -> bool:
        """Whether one of them has as many streams open as it may."""
        return self._streams.full(holders) is not None

    async def _watch(self) -> None:
        """Look as long as anybody listens; a database that cannot be reached now may be there later."""
        while self._streams:
            try:
                await self._look()
            except NoClass:
                pass
            except Exception:  # without looks, nobody would ever be told anything again
                LOG.exception("looking for what a class is told failed")
            await asyncio.sleep(LOOK)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), LOOK)
            self._stirred.clear()

    async def stream(self, holders: list[Holder], is_teacher: bool) -> AsyncIterator[str]:
        """What one window is told, as text/event-stream: at once, and whenever it is another."""
        with self._streams.open(holders):
            if self._watching is None or self._watching.done():
                self._shown, self._known = None, -1  # of before: nobody has looked since
                self._watching = asyncio.create_task(self._watch())
            shown, told = None, ""
            while True:
                if shown is not self._shown:
                    shown = self._shown
                    text = shown.of(is_teacher) if shown else ""
                    if text != told:
                        told = text
                        yield f"data: {text}\n\n"
                elif not await self._is_another_than(shown):
                    yield ":\n\n"

    async def _look(self) -> None:
        version = await self._in_thread(self._version)
        if version == self._known:
            return
        self._shown, self._known = await self._in_thread(self._views), version
        async with self._changed:
            self._changed.notify_all()

    async def _in_thread(self, look: Callable[[], T]) -> T:
        """What a look finds; not in the threads that make files for browsers, where it would wait for these."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, look)

    async def _is_another_than(self, shown: Views | None) -> bool:
        """Wait for a change; False where there is none for long."""
        try:
            async with asyncio.timeout(BEAT), self._changed:
                await self._changed.wait_for(lambda: self._shown is not shown)
        except TimeoutError:
            return False
        return True
