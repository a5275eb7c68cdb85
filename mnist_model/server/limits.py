"""What one address and one window may ask for; a class of a hundred behind one address meets none of these bounds.

Everything is answered, in its turn, but for windows beyond a number, requests that would wait too long, and messages
that no page of ours sends.
"""

import asyncio
from collections import defaultdict
from typing import NamedTuple

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mnist_model.addresses import visitor_address
from mnist_model.browser_name import COOKIE
from mnist_model.server import requests
from mnist_model.server.pace import Bucket, Lane, Patience, Turn
from mnist_model.server.streamlit_files import FROM_MEMORY
from mnist_model.server.windows import OPEN, Holder, Windows

MESSAGES = (5, 40)  # of a window: a second for long, and at once; a held arrow key sends 30, a watched training 3.3
PAGES = (0.5, 5)  # of a window: whole pages among its messages
REQUESTS = (120, 2000)  # of an address; the first page of a browser takes about 120
SAVED = 0.75  # of a request, where it is answered from memory: 0.6 ms and not 2.3
WINDOWS = (1, 120)  # of an address, that are opened; one that stays does not count
STAYS = 30  # seconds after which a window is one that stays
LONGEST_WAIT = 60  # seconds that a request may wait
UNREAD = 30  # seconds after which a browser that does not read is given up
IGNORED = 0.05  # seconds that a message takes which is not answered
MOST_ADDRESSES = 2000  # addresses that are remembered
TOO_MANY = "There are {} windows of this app open on your {}: close some, and load this page again."
TOO_OFTEN = "That were too many requests from your network: wait a little, and load this page again."


class Visitor:
    """What an address has asked for lately."""

    def __init__(self) -> None:
        self.requests, self.windows = Bucket(*REQUESTS), Bucket(*WINDOWS)

    @property
    def is_forgettable(self) -> bool:
        return self.requests.part == self.windows.part == 1


class Limits:
    """ASGI middleware that holds them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._visitors: dict[str, Visitor] = defaultdict(Visitor)
        self._windows = Windows()
        self._lanes = Lanes(Lane(2), Lane(spared=1), Lane(spared=4, longest=1))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._talk(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HTTPConnection(scope)
        asked = self._visitor(request).requests
        wait = asked.owe(LONGEST_WAIT)
        if wait > LONGEST_WAIT:
            await PlainTextResponse(TOO_OFTEN, 429)(scope, receive, send)
            return
        if wait:
            await asyncio.sleep(wait)
        is_page = "text/html" in request.headers.get("accept", "")
        where = self._windows.full(holders(request)) if is_page else None
        refused = PlainTextResponse(TOO_MANY.format(OPEN[where], where), 503) if where else None
        await (refused or self._app)(scope, receive, send)
        if FROM_MEMORY in scope:
            asked.give(SAVED)

    async def _talk(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = HTTPConnection(scope)
        where = self._windows.full(holders(request))
        if where:
            await PlainTextResponse(TOO_MANY.format(OPEN[where], where), 503)(scope, receive, send)
            return
        opened = self._visitor(request).windows
        owed = opened.owe(LONGEST_WAIT)
        wait, took = min(LONGEST_WAIT, owed), owed <= LONGEST_WAIT
        stays = asyncio.get_running_loop().call_later(wait + STAYS, opened.give, int(took))
        window = Window(receive, send, self._lanes)
        with self._windows.open(holders(request)):
            try:
                if wait:
                    await asyncio.sleep(wait)
                await self._app(scope, window.receive, window.send)
            finally:
                stays.cancel()
                window.close()

    def _visitor(self, request: HTTPConnection) -> Visitor:
        if len(self._visitors) > MOST_ADDRESSES:
            for name in [name for name, visitor in self._visitors.items() if visitor.is_forgettable]:
                del self._visitors[name]
        return self._visitors[address(request)]


def address(request: HTTPConnection) -> str:
    """Where a request comes from."""
    return visitor_address(request.client.host if request.client else "", request.headers.get("x-real-ip", ""))


def holders(request: HTTPConnection) -> list[Holder]:
    """Whose a window is: an address's, and a browser's, once that has its cookie."""
    named = [("browser", request.cookies[COOKIE])] if COOKIE in request.cookies else []
    return [("address", address(request)), *named]


class Lanes(NamedTuple):
    """Where messages wait."""

    opening: Lane  # a window's first page
    pages: Lane  # its others
    greedy: Lane  # what a greedy window asks


class Window:
    """One websocket: passes its messages on, each in its turn."""

    def __init__(self, receive: Receive, send: Send, lanes: Lanes) -> None:
        self._receive, self._send, self._lanes, self._is_new = receive, send, lanes, True
        self._asking, self._turning = Patience(Bucket(*MESSAGES)), Patience(Bucket(*PAGES))
        self._turn: Turn | None = None
        self._sending, self._is_given_up = asyncio.Lock(), False

    async def receive(self) -> Message:
        """The next message that may be asked, once its turn has come and what was said before has been read."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            kind = requests.kind(message.get("bytes"))
            if kind == requests.UNREADABLE:  # Streamlit would write a page about each into its log
                return {"type": "websocket.disconnect", "code": 1003}
            async with self._sending:
                pass
            if self._is_given_up:
                return {"type": "websocket.disconnect", "code": 1006}
            if kind:
                await self._wait(kind)
                return message
            await asyncio.sleep(IGNORED)

    async def send(self, message: Message) -> None:
        """Send; a browser that has stopped reading is lost to Streamlit, too."""
        async with self._sending:
            try:
                async with asyncio.timeout(UNREAD):
                    await self._send(message)
            except TimeoutError as error:
                self._is_given_up = True
                raise OSError("the browser does not read") from error
        if self._turn and requests.is_end_of_run(message.get("bytes")):
            self._turn.end()

    def close(self) -> None:
        if self._turn:
            self._turn.end()

    async def _wait(self, kind: str) -> None:
        """Wait for the turn of a message."""
        lane = self.choose_lane(kind)
        if lane is None:
            if kind != requests.LOOK:
                self._lanes.pages.disturb()
                self._lanes.greedy.disturb()
        elif kind in (requests.RUN, requests.LOOK, requests.PAGE):
            self._turn = await lane.enter()
        else:
            await asyncio.sleep(IGNORED)

    def choose_lane(self, kind: str) -> Lane | None:
        """Count a message, and say where it waits, if it has to."""
        is_page, is_greedy = kind == requests.PAGE, self._asking.is_greedy()
        if is_page:
            is_new, self._is_new = self._is_new, False
            is_greedy |= self._turning.is_greedy()
            return self._lanes.greedy if is_greedy else self._lanes.opening if is_new else self._lanes.pages
        return self._lanes.greedy if is_greedy else None
