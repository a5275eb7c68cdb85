"""Asks an ASGI app, without a server."""

import asyncio
import json
from typing import Any, NamedTuple

from starlette.types import ASGIApp


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)


def asked(app: ASGIApp, path: str, sent: object = None, query: str = "", **headers: str) -> Answer:
    """The answer to a GET or, where something is sent, to a POST of it: bytes as they are, anything else as JSON."""
    body = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    if sent is not None:
        headers = {"content_type": "application/json"} | headers
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET" if sent is None else "POST", "path": path, "headers": raw}
    return asyncio.run(_answer(app, scope | {"query_string": query.encode(), "client": ("192.168.1.20", 5)}, body))


async def _answer(app: ASGIApp, scope: dict, body: bytes) -> Answer:
    sent, received = [], [{"type": "http.request", "body": body}]

    async def send(message):
        sent.append(message)

    async def receive():
        return received.pop() if received else await asyncio.Event().wait()  # the browser stays

    await app(scope, receive, send)
    headers = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))
