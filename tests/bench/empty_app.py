"""The floor: the least a Streamlit page with a canvas and a slider can do. Served by the benchmark, not imported."""

import streamlit as st
from streamlit_drawable_canvas import st_canvas

canvas = st_canvas(stroke_width=20, stroke_color="#fff", background_color="#000", height=280, width=280, key="canvas")
strokes = len((canvas.json_data or {}).get("objects", []))
dx = st.slider("dx", -14, 14, 0)
with st.container(key="answer"):
    st.write(f"{strokes} strokes")
with st.container(key="shifted"):
    st.write(f"shift {dx}")
