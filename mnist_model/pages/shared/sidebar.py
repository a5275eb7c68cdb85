"""The sidebar: the network chooser and, where the server is open to the class, the address to open on a phone."""

import functools
import time

import streamlit as st

from mnist_model.addresses import class_addresses, reached_at
from mnist_model.pages.shared import networks
from mnist_model.pages.shared.chosen import choices, chosen
from mnist_model.pages.shared.titles import title
from mnist_model.runs import store


def sidebar() -> None:
    """Show it, and have the next run's network chosen where a page has said which."""
    _tidy_runs()
    network = st.session_state.pop("choose_next", chosen())
    if (called := title(network).full) != st.session_state.get("called"):  # the browser knows it by its title only
        st.session_state.update(network=network, called=called)
    with st.sidebar:
        st.selectbox(
            "Network", choices(), format_func=lambda name: title(name).full, key="network", persist_state="session"
        )
        with networks.problems_shown():
            st.html(f'<div class="who">{networks.readable(chosen()).about.line}</div>')
        for url in _addresses(int(time.monotonic() // 60)):
            scheme, place = url.split("//")
            st.html(f'<div>On your phone, open {scheme}//</div><div class="address">{place}</div>')


@functools.cache
def _tidy_runs() -> None:
    """Once a server: remove what an earlier one left half-written, and what is too much."""
    store.clean()
    store.make_room()


@functools.lru_cache(maxsize=1)
def _addresses(_minute: int) -> list[str]:
    """The addresses, asked for once a minute."""
    return class_addresses(*reached_at(st.get_option("server.address"), st.get_option("server.port")))
