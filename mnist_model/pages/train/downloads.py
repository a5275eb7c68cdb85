"""What can be taken home of a run: its files, its report as a page to print, and a notebook that makes it again."""

from functools import partial
from typing import Any, Literal

import streamlit as st

from mnist_model.networks.classifier import Classifier
from mnist_model.networks.notebook import notebook
from mnist_model.networks.run_folder import RunFolder
from mnist_model.pages.shared.networks import history, measurement, places
from mnist_model.render.report_page import report_page

FILES = ("model.keras", "model.tflite", "history.csv")
Form = Literal["pdf", "png"]
IPYNB = "application/x-ipynb+json"
MIME: dict[Form, str] = {"pdf": "application/pdf", "png": "image/png"}


def files(folder: RunFolder) -> None:
    """A button for each file that people use."""
    for name in FILES:
        if (folder.path / name).is_file():
            button(name, (folder.path / name).read_bytes, name)


def report(network: Classifier, place: str) -> None:
    """The network's report as one page, and a notebook that makes it again: made when they are asked for.

    `place` tells several on a page apart.
    """
    for form, mime in MIME.items():
        file = f"{network.folder.name}.{form}"
        button(f"report.{form}", partial(made, network, form), file, mime, f"{place}-{form}")

    button("notebook.ipynb", partial(taken_home, network), f"{network.folder.name}.ipynb", IPYNB, f"{place}-notebook")


def taken_home(network: Classifier) -> str:
    """The network as a notebook."""
    found = measurement(network)
    return notebook(network.folder.keras_layers(), network.report, found and found.shifts)


def made(network: Classifier, form: Form) -> bytes:
    found, near = measurement(network), places(network.folder.path)
    return report_page(network.report, history(network.folder), found and found.shifts, near, form)


def button(label: str, content: Any, file: str, mime: str | None = None, key: str | None = None) -> None:
    st.download_button(label, content, file, mime, key=key, icon=":material/download:", on_click="ignore")
