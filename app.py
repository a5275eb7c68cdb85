"""The front door: the server, and the script that each of its runs begins with."""

import streamlit as st
from starlette.middleware import Middleware

from mnist_model.pages.shared.front import front
from mnist_model.server.gate import Gate
from mnist_model.server.headers import Headers
from mnist_model.server.life import life
from mnist_model.server.limits import Limits

if __name__ == "__main__":  # a run
    front()
else:
    app = st.App(__file__, lifespan=life, middleware=[Middleware(Headers), Middleware(Gate), Middleware(Limits)])
