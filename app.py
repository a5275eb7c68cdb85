"""The front door: the server, and the script that each of its runs begins with."""

import streamlit as st
from starlette.middleware import Middleware

from mnist_model.classroom import view
from mnist_model.pages.shared.front import front
from mnist_model.server import class_routes, every_page, first_page, qr_code
from mnist_model.server.every_page import EveryPage
from mnist_model.server.gate import Gate
from mnist_model.server.headers import Headers
from mnist_model.server.life import life
from mnist_model.server.limits import Limits
from mnist_model.server.listeners import Listeners
from mnist_model.server.streamlit_files import StreamlitFiles

if __name__ == "__main__":  # a run
    front()
else:
    middleware = [Middleware(each) for each in (Headers, Gate, Limits, EveryPage, StreamlitFiles)]
    listeners = Listeners(view.version, view.views)
    routes = [*class_routes.routes(listeners), first_page.route("draw"), *every_page.routes(), qr_code.route()]
    app = st.App(__file__, lifespan=life, middleware=middleware, routes=routes)
