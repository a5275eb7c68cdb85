"""An address as a QR code, to be photographed: /qr.svg?of=ADDRESS."""

import functools
import io

import segno
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mnist_model.server import limits
from mnist_model.server.pace import Buckets

LONGEST_ADDRESS = 1000  # characters of an address: a code of more is too fine for the back row
PACE = (2, 120)  # codes that an address may ask for: a second for long, and at once
KEPT = {"Cache-Control": "private, max-age=86400"}


def route() -> Route:
    """Where codes are."""
    paces = Buckets(PACE)

    def answer(request: Request) -> Response:
        """A code, made in a thread, as a long one takes 60 ms; or why there is none."""
        address = request.query_params.get("of", "")
        if not address or not address.isascii() or len(address) > LONGEST_ADDRESS:
            return PlainTextResponse(f"A QR code is of an address of at most {LONGEST_ADDRESS} characters.", 400)
        if not paces.of(limits.address(request)).take():
            return PlainTextResponse("That were too many codes: wait a little.", 429)
        return Response(qr_code(address), media_type="image/svg+xml", headers=KEPT)

    return Route("/qr.svg", answer)


@functools.lru_cache(maxsize=100)
def qr_code(address: str) -> bytes:
    """The code as SVG: black on white whatever the page's colours are."""
    code = io.BytesIO()
    segno.make_qr(address, error="l", boost_error=False).save(code, kind="svg", omitsize=True, light="#fff", border=2)
    return code.getvalue()
