"""What the rest of the app answers to a request, held until all of it is there."""

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope


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
