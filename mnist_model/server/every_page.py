"""What every page brings: the style sheet, the script that belongs to no page, and the browser's name if it has none.

Streamlit has no place for either but in each run of a page, where they cost a tenth of what a moved slider does.
"""

import hashlib
from pathlib import Path

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from mnist_model import browser_name
from mnist_model.addresses import is_open
from mnist_model.server.answers import keep_name, whole_answer

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
        if scope["type"] != "http" or "text/html" not in Headers(scope=scope).get("accept", ""):
            await self._app(scope, receive, send)
            return
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name not in WISHES]
        answer = await whole_answer(self._app, scope, receive)
        if answer.status_code == 200 and answer.headers.get("content-type", "").startswith("text/html"):
            add_tags(answer)
            if not browser_name.known(HTTPConnection(scope).cookies):  # before anything else asks who it is
                keep_name(answer, browser_name.new())
        await answer(scope, receive, send)


def add_tags(page: Response) -> None:
    """Add them to a page; nothing where only its headers were asked for."""
    for each in ("etag", "last-modified"):
        del page.headers[each]
    if page.body:
        page.body = bytes(page.body).replace(b"</body>", tags().encode() + b"</body>", 1)
        page.headers["content-length"] = str(len(page.body))


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


def _version(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
