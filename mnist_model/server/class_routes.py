"""What a class asks of the server beside Streamlit: to be told, to vote, to send a digit; the teacher, to lead.

Nobody is believed: who is the teacher is asked of the database at every request, by a cookie that no script can read.
"""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from mnist_model import browser_name
from mnist_model.classroom import acts, room
from mnist_model.classroom.acts import Asker
from mnist_model.classroom.database import reading
from mnist_model.classroom.errors import ClassError, NoClass, NotAllowed, NotNow, NotOne, TooFast, TooLarge
from mnist_model.server.answers import keep_name
from mnist_model.server.limits import address, holders
from mnist_model.server.listeners import Listeners
from mnist_model.server.pace import Buckets

MOST_BYTES = 64 * 1024  # bytes that may be sent
MOST_LOADED = 5 * 2**20  # bytes of a file of digits: as many as a class may have, not compressed
PACE = (2, 30)  # that a browser may send: a second for long, and at once
NEWCOMERS = (0.2, 500)  # browsers that come from an address for the first time: a second for long, and at once
STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx passes each event on at once
STATUS = {NotOne: 400, NotAllowed: 403, NotNow: 409, TooLarge: 413, TooFast: 429, NoClass: 503}
Act = Callable[[Asker, dict[str, Any]], dict[str, Any]]
Endpoint = Callable[[Request], Awaitable[Response]]


class Paces:
    """How often each browser sends, and how many browsers nobody has heard of come from an address."""

    def __init__(self) -> None:
        self._browsers, self._newcomers = Buckets(PACE), Buckets(NEWCOMERS)

    def hurry(self, who: Asker, where: str) -> None:
        """Raise TooFast where a browser sends more than a person does, or one person would fill the class."""
        if who.is_teacher:
            return
        is_new = who.browser not in self._browsers
        if is_new and not self._newcomers.of(where).take():
            raise TooFast("Too many new browsers come from your network: wait a minute.")
        if not self._browsers.of(who.browser).take():
            raise TooFast("That was too fast: wait a little.")


def routes(listeners: Listeners) -> list[Route]:
    """All of them; they stand before Streamlit's own."""
    paces = Paces()
    asked = (acts.join, acts.vote, acts.digit, acts.wall, acts.teach)
    return [
        Route("/teach/{secret}", become_teacher),
        Route("/api/events", told(listeners)),
        Route("/api/load", loading(listeners), methods=["POST"]),
        *(Route(f"/api/{act.__name__}", answering(act, listeners, paces), methods=["POST"]) for act in asked),
    ]


def told(listeners: Listeners) -> Endpoint:
    """What a window is told: a stream."""

    async def endpoint(request: Request) -> Response:
        """The stream, or why there is none."""
        try:
            who = await run_in_threadpool(asker, request)
        except ClassError as error:
            return refused(error)
        if listeners.is_full(holders(request)):
            return refused(NoClass("Too many windows listen already: close some."))
        stream = listeners.stream(holders(request), who.is_teacher)
        return remembered(StreamingResponse(stream, media_type="text/event-stream", headers=STREAM), who)

    return endpoint


def answering(act: Act, listeners: Listeners, paces: Paces) -> Endpoint:
    """What an act says to whoever asks for it."""

    async def endpoint(request: Request) -> Response:
        """The act's answer, or why it is refused."""
        try:
            sent = await read(request)
            who = await run_in_threadpool(asker, request)
            paces.hurry(who, address(request))
            said = await run_in_threadpool(act, who, sent)
        except ClassError as error:
            return refused(error)
        listeners.stir()
        return remembered(JSONResponse(said), who)

    return endpoint


def loading(listeners: Listeners) -> Endpoint:
    """What is said to whoever sends a file of digits."""

    async def endpoint(request: Request) -> Response:
        """How many were in it, or why it is refused."""
        try:
            who = await run_in_threadpool(asker, request)
            content = await body(request, "application/octet-stream", MOST_LOADED if who.is_teacher else MOST_BYTES)
            said = await run_in_threadpool(acts.load, who, content)
        except ClassError as error:
            return refused(error)
        listeners.stir()
        return JSONResponse(said)

    return endpoint


async def become_teacher(request: Request) -> Response:
    """The link that is printed where the server was started: this browser is the teacher's from now on."""
    given = request.path_params["secret"]
    try:
        is_right = await run_in_threadpool(knows, given)
    except NoClass as error:
        return PlainTextResponse(str(error), 503)
    if not is_right:
        return PlainTextResponse("This is not the teacher's link of this class.", 403)
    response = RedirectResponse("../class", 303)
    response.set_cookie(room.COOKIE, given, max_age=browser_name.YEAR, httponly=True, samesite="strict")
    return response


def asker(request: HTTPConnection) -> Asker:
    """Who asks: by its cookies. A browser without a name gets one."""
    name = browser_name.known(request.cookies) or browser_name.new()
    return Asker(name, knows(request.cookies.get(room.COOKIE)))


def knows(secret: str | None) -> bool:
    """Whether that is the teacher's secret. Raises NoClass."""
    with reading() as connection:
        return room.is_teacher(connection, secret)


async def read(request: Request) -> dict[str, Any]:
    """The JSON object that was sent. Raises TooLarge and NotOne."""
    try:
        sent = json.loads(await body(request, "application/json", MOST_BYTES))
        json.dumps(sent, ensure_ascii=False).encode()  # half a character, which JSON may have, is no text
    except (ValueError, RecursionError) as error:
        raise NotOne("Only JSON is understood.") from error
    if not isinstance(sent, dict):
        raise NotOne("Only a JSON object is understood.")
    return sent


async def body(request: Request, kind: str, longest: int) -> bytes:
    """At most so many bytes that were sent as a kind of content. Raises TooLarge and NotOne."""
    if request.headers.get("content-type", "").partition(";")[0] != kind:
        raise NotOne(f"Only {kind} is understood.")
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > longest:
            raise TooLarge("That is too much to send at once.")
    return content


def remembered(response: Response, who: Asker) -> Response:
    """Have the browser keep its name."""
    keep_name(response, who.browser)
    return response


def refused(error: ClassError) -> Response:
    return JSONResponse({"error": str(error)}, STATUS[type(error)])
