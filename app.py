"""The front door: the server, and the script that each of its runs begins with."""

import streamlit as st
from starlette.middleware import Middleware

from mnist_model.pages.shared.front import front
from mnist_model.server import every_page, first_page, qr_code
from mnist_model.server.every_page import EveryPage
from mnist_model.server.gate import Gate
from mnist_model.server.headers import Headers
from mnist_model.server.life import life
from mnist_model.server.limits import Limits

if __name__ == "__main__":  # a run
    front()
else:
    middleware = [Middleware(each) for each in (Headers, Gate, Limits, EveryPage)]
    routes = [first_page.route("draw"), *every_page.routes(), qr_code.route()]
    app = st.App(__file__, lifespan=life, middleware=middleware, routes=routes)
