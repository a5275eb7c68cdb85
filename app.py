"""The front door: page config, navigation, the sidebar all pages share."""

import streamlit as st

from mnist_model.pages import shared

st.set_page_config(page_title="Nudge", page_icon=shared.FAVICON, layout="wide", initial_sidebar_state=264)
if "pages" not in st.session_state:  # once a session: every st.Page looks its file up on disk
    st.session_state.pages = [
        st.Page("mnist_model/pages/draw.py", title="Draw", icon=":material/draw:", default=True),
        st.Page("mnist_model/pages/data.py", title="Data", icon=":material/grid_view:"),
        st.Page("mnist_model/pages/train.py", title="Train", icon=":material/school:"),
        st.Page("mnist_model/pages/shift.py", title="Shift", icon=":material/open_with:"),
    ]
page = st.navigation(st.session_state.pages)
shared.sidebar()
page.run()
