"""Streamlit's own files never change: they are compressed once, and answered from memory from then on.

A first visit takes 100 of them, a hundred phones at once 10,000; from the disk each is 2–6 ms of the one event loop.
"""

import gzip

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FILES = "/static/"  # 9 MB in all, compressed; a lesson takes 2
TEXT = ("javascript", "css")  # the others, fonts and pictures, are compressed already
FROM_MEMORY = "nudge.from_memory"  # in the scope of a request that has been answered so
IN_PART = {"range", "if-none-match", "if-modified-since"}


class StreamlitFiles:
    """ASGI middleware that keeps them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._answers: dict[str, Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not is_for_a_whole_file(scope):
            await self._app(scope, receive, send)
            return
        answer = self._answers.get(scope["path"])
        if answer:
            scope[FROM_MEMORY] = True
        else:
            answer = await self._made(scope, receive)
            if "immutable" in answer.headers.get("cache-control", ""):
                self._answers[scope["path"]] = answer
        await answer(scope, receive, send)

    async def _made(self, scope: Scope, receive: Receive) -> Response:
        """What the app answers."""
        messages: list[Message] = []

        async def hold(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, hold)
        start, *parts = messages
        body = b"".join(part.get("body", b"") for part in parts)
        return await run_in_threadpool(compressed, start["status"], Headers(raw=start["headers"]), body)


def is_for_a_whole_file(scope: Scope) -> bool:
    """Whether one of Streamlit's files is asked for as browsers ask for it first."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(FILES):
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and not IN_PART & set(headers)


def compressed(status: int, headers: Headers, body: bytes) -> Response:
    """The same answer, smaller where it is text."""
    if not any(kind in headers.get("content-type", "") for kind in TEXT):
        return Response(body, status, headers)
    encoded = {"content-encoding": "gzip", "vary": "Accept-Encoding"}
    kept = {name: value for name, value in headers.items() if name != "content-length"}
    return Response(gzip.compress(body, 5), status, kept | encoded)
