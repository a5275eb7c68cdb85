"""Who is answered at all: requests that name this server, and only from pages that it has served.

Streamlit would ask the internet for its own address before it refuses a foreign page, and everybody would wait.
"""

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CLOSED = ("/_stcore/metrics", "/_stcore/agent/", "/_stcore/script-health-check", "/auth/", "/oauth2callback")
PAUSE = 0.2  # seconds before a refusal: who asks in vain asks less often
UNKNOWN = (
    "This server does not know itself by the name {!r}. Whoever runs it can allow the name before the start: "
    "STREAMLIT_SERVER_ALLOWED_HOSTS={}"
)


class Gate:
    """ASGI middleware that refuses what no page of this server's would ask."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        refused = refusal(request)
        if refused is None and "origin" in request.headers:  # judged here, so that Streamlit need not look further
            MutableHeaders(scope=scope)["origin"] = f"{request.url.scheme}://{request.headers['host']}"
        if refused:
            await asyncio.sleep(PAUSE)
        await (refused or self._app)(scope, receive, send)


def refusal(request: HTTPConnection) -> PlainTextResponse | None:
    """Why a request is not answered, if it is not."""
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    if not is_own_name(name(host)):
        return PlainTextResponse(UNKNOWN.format(name(host), name(host)), 421)
    if origin is not None and not is_own_page(origin, host):
        return PlainTextResponse("Another site's page may not use this server.", 403)
    if request.url.path.startswith(CLOSED):
        return PlainTextResponse("Not here.", 404)
    return None


def name(host: str) -> str:
    """A Host header's name, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_own_name(host: str) -> bool:
    """Whether a browser may know this server by a name: any IP address, this machine's names, and names allowed.

    Another site's name may point here, too, and its pages would be this server's own (DNS rebinding).
    """
    try:
        ipaddress.ip_address(host)
    except ValueError:
        own = socket.gethostname().lower()
        return host in {"localhost", own, f"{own}.local", *st.get_option("server.allowedHosts")}
    return True


def is_own_page(origin: str, host: str) -> bool:
    """Whether a page that asks is this server's; a proxy in front of it may have another port, or an allowed name."""
    site = origin.partition("://")[2]
    return site == host or name(site) == name(host) or name(site) in st.get_option("server.allowedHosts")
