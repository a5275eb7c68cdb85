"""Where the first page is: at /, and at its own name, which Streamlit itself does not find."""

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route


def route(name: str) -> Route:
    """Sends whoever asks for the first page by its name to /, with all that the address says."""

    async def answer(request: Request) -> RedirectResponse:
        return RedirectResponse("./" + f"?{request.url.query}" * bool(request.url.query))

    return Route(f"/{name}", answer)
