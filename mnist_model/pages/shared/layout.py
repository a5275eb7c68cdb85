"""What every page opens with, and how a chart is laid into it."""

import functools
from pathlib import Path

import numpy as np
import streamlit as st

from mnist_model.render.charts import Chart
from mnist_model.render.png import data_url, png

ASSETS = Path(__file__).parents[3] / "assets"
SEVEN = np.pad(np.array([[1, 1, 1, 1], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0], [0, 1, 0, 0]], float), 2)
FAVICON = data_url(png(SEVEN, 8))


def header(title: str, text: str = "") -> None:
    """A page's title and the two or three sentences (HTML) it opens with."""
    asset("style.css")  # what is wrong with it is said here; server/every_page.py brings it
    intro = f'<p class="intro">{text}</p>' if text else ""
    st.html(f'<h1 class="title">{title}</h1>{intro}')


def asset(name: str) -> str:
    """The text of a file in assets/; where it cannot be read, nothing, and one sentence on the page."""
    try:
        return _read(ASSETS / name)
    except (OSError, ValueError):
        st.error(f"assets/{name} is missing or damaged: `git checkout assets/{name}` restores it.")
        return ""


@functools.cache  # the style sheet is asked for at every move of a slider
def _read(file: Path) -> str:
    return file.read_text()


def chart(option: Chart, alt: str, height: int = 340) -> None:
    """A chart with a description for those who cannot see it."""
    st.echarts_chart(option, height=height, alt=alt)
