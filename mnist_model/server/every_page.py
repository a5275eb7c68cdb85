"""What every page brings: the style sheet, and the script that belongs to no page.

Streamlit has no place for either but in each run of a page, where they cost a tenth of what a moved slider does.
"""

import hashlib
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_model.addresses import is_open

ROOT = Path(__file__).parents[2]
STYLE = ROOT / "assets" / "style.css"
SCRIPTS = [
    ROOT / "mnist_model" / "frontend" / f"{name}.js"
    for name in ("show", "address", "share", "drawing", "class_events", "class_digits", "class_bar")
]
WISHES = (b"if-none-match", b"if-modified-since", b"accept-encoding")  # for Streamlit's page, or for it in another form
KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}  # the address has another version for another text


class EveryPage:
    """ASGI middleware that adds them to each page: behind Streamlit's own styles, which they overrule."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "text/html" in Headers(scope=scope).get("accept", ""):
            scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in WISHES]
            send = _Page(send).pass_on
        await self._app(scope, receive, send)


class _Page:
    """An answer on its way out: a page is held until all of it is there."""

    def __init__(self, send: Send) -> None:
        self._send, self._start, self._body = send, dict[str, Any](), b""

    async def pass_on(self, message: Message) -> None:
        """Send a message; of a page, once all of it is there."""
        if message["type"] == "http.response.start" and _is_page(message):
            self._start = dict(message)
        elif not self._start:
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page()

    async def _send_page(self) -> None:
        headers = MutableHeaders(raw=self._start["headers"])
        for each in ("etag", "last-modified"):
            del headers[each]
        if self._body:  # else only the headers were asked for
            self._body = self._body.replace(b"</body>", tags().encode() + b"</body>", 1)
            headers["content-length"] = str(len(self._body))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": self._body})


def tags() -> str:
    """HTML that brings both."""
    in_class = '<meta name="nudge-class">' * is_open(st.get_option("server.address"), st.get_option("server.port"))
    return (
        f'{in_class}<link rel="stylesheet" href="./nudge.css?{_version(style())}">'
        f'<script type="module" src="./nudge.js?{_version(script())}"></script>'
    )


def routes() -> list[Route]:
    """Where both are."""

    async def css(_: Request) -> Response:
        return Response(style(), media_type="text/css", headers=KEPT)

    async def javascript(_: Request) -> Response:
        return Response(script(), media_type="text/javascript", headers=KEPT)

    return [Route("/nudge.css", css), Route("/nudge.js", javascript)]


def style() -> str:
    """The style sheet; nothing where it cannot be read, which every page says (pages/shared/layout.py)."""
    try:
        return STYLE.read_text()
    except (OSError, ValueError):
        return ""


def script() -> str:
    """The script: files of the frontend as one module, the last of which uses the others."""
    return "".join(each.read_text() for each in SCRIPTS)


def _is_page(message: Message) -> bool:
    return message["status"] == 200 and Headers(raw=message["headers"]).get("content-type", "").startswith("text/html")


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
