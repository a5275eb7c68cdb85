"""Answers to requests: one held until all of it is there; a browser's name with one."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope

from mnist_model import browser_name


async def whole_answer(app: ASGIApp, scope: Scope, receive: Receive) -> Response:
    """An app's answer as one response, which may still be changed."""
    messages: list[Message] = []

    async def hold(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, hold)
    start, *parts = messages
    answer = Response(b"".join(part.get("body", b"") for part in parts), start["status"])
    answer.raw_headers = list(start["headers"])
    return answer


def keep_name(answer: Response, name: str) -> None:
    """Have a browser keep its name."""
    answer.set_cookie(browser_name.COOKIE, name, max_age=browser_name.YEAR, samesite="lax")
