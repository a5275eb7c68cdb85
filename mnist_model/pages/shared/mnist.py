"""The data set on a page."""

import numpy as np
import streamlit as st

from mnist_model.images import dataset
from mnist_model.images.errors import DatasetError


def mnist() -> dataset.Mnist:
    """The data set. Stops the page with one sentence where it cannot be read."""
    try:
        return _load()
    except DatasetError as error:
        st.error(str(error))
        st.stop()


def inputs(split: str, which: np.ndarray | int | slice) -> np.ndarray:
    """Some "training" or "test" images as the network receives them, float32 in 0–1."""
    return dataset.scale(mnist().split(split)[0][which])


@st.cache_resource(show_spinner="Reading the 70,000 images …")
def _load() -> dataset.Mnist:
    return dataset.load()
