"""A Streamlit page with one slider and a line of text: the floor for a move. Served by the benchmark, not imported."""

import streamlit as st

dx = st.slider("dx", -14, 14, 0, key="dx")
with st.container(key="shift-answer"):
    st.write(f"shift {dx}")
