"""The front door: the server, and the script that each of its runs begins with."""

import streamlit as st
from starlette.middleware import Middleware

from mnist_model.pages.shared.front import front
from mnist_model.server import first_page
from mnist_model.server.gate import Gate
from mnist_model.server.headers import Headers
from mnist_model.server.life import life
from mnist_model.server.limits import Limits

if __name__ == "__main__":  # a run
    front()
else:
    middleware = [Middleware(each) for each in (Headers, Gate, Limits)]
    app = st.App(__file__, lifespan=life, middleware=middleware, routes=[first_page.route("draw")])
