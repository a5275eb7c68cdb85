"""Streamlit's own files never change: they are compressed once, and answered from memory from then on.

A first visit takes 100 of them, a hundred phones at once 10,000; from the disk each is 2–6 ms of the one event loop.
"""

import gzip
import posixpath

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from mnist_model.server.answers import whole_answer

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
            answer = await run_in_threadpool(compressed, await whole_answer(self._app, scope, receive))
            if "immutable" in answer.headers.get("cache-control", ""):
                self._answers[scope["path"]] = answer
        await answer(scope, receive, send)


def is_for_a_whole_file(scope: Scope) -> bool:
    """Whether one of Streamlit's files is asked for as browsers ask for it first."""
    if scope["type"] != "http" or scope["method"] != "GET" or not scope["path"].startswith(FILES):
        return False
    if posixpath.normpath(scope["path"]) != scope["path"]:  # each of its spellings would be kept
        return False
    headers = Headers(scope=scope)
    return "gzip" in headers.get("accept-encoding", "") and not IN_PART & set(headers)


def compressed(answer: Response) -> Response:
    """The same answer, smaller where it is text."""
    if any(kind in answer.headers.get("content-type", "") for kind in TEXT):
        answer.body = gzip.compress(answer.body, 5)
        length = str(len(answer.body))
        answer.headers.update({"content-encoding": "gzip", "vary": "Accept-Encoding", "content-length": length})
    return answer
