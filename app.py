"""The front door: the server, and the script that each of its runs begins with."""

import streamlit as st
from starlette.middleware import Middleware
from starlette.routing import Route, Router

from mnist_model.server import every_page, first_page, qr_code
from mnist_model.server.every_page import EveryPage
from mnist_model.server.gate import Gate
from mnist_model.server.headers import Headers
from mnist_model.server.later import Later
from mnist_model.server.life import life
from mnist_model.server.limits import Limits
from mnist_model.server.streamlit_files import StreamlitFiles


def class_app() -> Router:
    """What a class asks for; the first visitor's page needs the same imports, which take half a second."""
    from mnist_model.classroom import view
    from mnist_model.pages.shared import front  # noqa: F401
    from mnist_model.server import class_routes
    from mnist_model.server.listeners import Listeners

    return Router(class_routes.routes(Listeners(view.version, view.views)))


if __name__ == "__main__":  # a run
    from mnist_model.pages.shared.front import front

    front()
else:
    later = Later(class_app)
    middleware = [Middleware(each) for each in (Headers, Gate, Limits, EveryPage, StreamlitFiles)]
    of_class = [Route(path, later) for path in ("/api/{rest:path}", "/teach/{rest:path}")]
    routes = [*of_class, first_page.route("draw"), *every_page.routes(), qr_code.route()]
    app = st.App(__file__, lifespan=lambda _: life(later), middleware=middleware, routes=routes)
