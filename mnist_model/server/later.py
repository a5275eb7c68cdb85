"""An app that is imported once the server listens, because that takes long: who asks before it is there waits."""

import asyncio
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Receive, Scope, Send


class Later:
    """An ASGI app in the place of the one that `make` imports and makes, in a thread and once. In one event loop."""

    def __init__(self, make: Callable[[], ASGIApp]) -> None:
        self._make = make
        self._making: asyncio.Task[ASGIApp] | None = None

    async def made(self) -> ASGIApp:
        """The app, as soon as it is there. Raises what importing it raised."""
        if self._making is None:
            self._making = asyncio.create_task(run_in_threadpool(self._make))
        return await asyncio.shield(self._making)  # others wait for it, too

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await (await self.made())(scope, receive, send)
