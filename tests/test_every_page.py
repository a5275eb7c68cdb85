"""What every page brings beside what Streamlit sends, and addresses as QR codes."""

import re
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import FileResponse, PlainTextResponse
from starlette.routing import Route

from mnist_model.server import every_page, qr_code
from mnist_model.server.every_page import EveryPage
from tests.asgi import asked

STREAMLIT = "<html><head><title>Streamlit</title></head><body>" + "…" * 1000 + "</body></html>"


@pytest.fixture
def app(tmp_path):
    page = tmp_path / "index.html"
    page.write_text(STREAMLIT)
    routes = [
        Route("/", lambda _: FileResponse(page)),
        Route("/words", lambda _: PlainTextResponse("words")),
        *every_page.routes(),
        qr_code.route(),
    ]
    return EveryPage(Starlette(routes=routes, middleware=[Middleware(GZipMiddleware)]))


def test_a_page_brings_the_style_sheet_and_the_script_as_they_are(app):
    status, headers, body = asked(app, "/", accept="text/html", accept_encoding="gzip")
    assert status == 200 and int(headers["content-length"]) == len(body)
    tags = re.search('<link rel="stylesheet" href="[.](/nudge.css)[?].*" src="[.](/nudge.js)[?]', body.decode())
    assert body.decode().replace(every_page.tags(), "") == STREAMLIT and body.decode().endswith(
        "</script></body></html>"
    )
    style, script = (asked(app, path)[2].decode() for path in tags.groups())
    assert style == (Path(__file__).parents[1] / "assets" / "style.css").read_text() and "showCode" in script


def test_a_browser_has_its_name_with_its_first_page(app):
    first = asked(app, "/", accept="text/html").headers["set-cookie"]
    name = re.match("nudge=([0-9a-f]{16}); Max-Age=31536000; Path=/; SameSite=lax$", first, re.IGNORECASE)[1]
    assert "set-cookie" not in asked(app, "/", accept="text/html", cookie=f"nudge={name}").headers
    assert asked(app, "/", accept="text/html", cookie="nudge=Anna").headers["set-cookie"] != first


def test_a_page_that_a_browser_has_from_before_is_sent_anew(app):
    _, headers, _ = asked(app, "/", accept="*/*")
    again = asked(app, "/", accept="text/html", if_none_match=headers["etag"])
    assert again[0] == 200 and "etag" not in again[1]


def test_what_is_no_page_stays_as_it_is(app):
    assert asked(app, "/words", accept="text/html")[2] == b"words"


def test_another_text_has_another_address(monkeypatch, tmp_path):
    before = every_page.tags()
    (tmp_path / "style.css").write_text("p { color: red }")
    monkeypatch.setattr(every_page, "STYLE", tmp_path / "style.css")
    assert every_page.tags() != before


def test_an_address_is_shown_as_a_code_that_no_theme_changes(app):
    status, headers, body = asked(app, "/qr.svg", query="of=http%3A%2F%2F192.168.7.7%3A8501%2Fshift%3Fdx%3D3")
    assert status == 200 and headers["content-type"] == "image/svg+xml"
    assert b'xmlns="http://www.w3.org/2000/svg"' in body and b'fill="#fff"' in body


def test_whoever_asks_for_codes_without_end_is_told(monkeypatch):
    monkeypatch.setattr(qr_code, "PACE", (0.001, 3))
    app = Starlette(routes=[qr_code.route()])
    assert [asked(app, "/qr.svg", query=f"of=http://{n}").status for n in range(5)] == [200] * 3 + [429] * 2


@pytest.mark.parametrize("query", ["", "of=", "of=" + 1001 * "x", "of=%E2%98%83"])
def test_what_is_no_address_is_one_sentence(app, query):
    status, _, body = asked(app, "/qr.svg", query=query)
    assert status == 400 and body.decode().endswith("characters.")
