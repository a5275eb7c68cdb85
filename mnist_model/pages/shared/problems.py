"""A network that cannot be read."""

import contextlib
from collections.abc import Iterator

import streamlit as st

from mnist_model.networks.errors import NetworkError


@contextlib.contextmanager
def problems_shown() -> Iterator[None]:
    """Where something of a network cannot be read within the block, one sentence takes the place of the rest."""
    try:
        yield
    except NetworkError as error:
        st.error(str(error))
