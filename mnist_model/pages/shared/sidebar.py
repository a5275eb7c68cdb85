"""The sidebar: the network chooser, the page's link and, where the server is open to the class, its address."""

import functools

import streamlit as st

from mnist_model.pages.shared import lessons, links, networks, screen, share
from mnist_model.pages.shared.chosen import called, choices, chosen, name, use
from mnist_model.pages.shared.problems import problems_shown
from mnist_model.pages.shared.readers import BadValue, Reader
from mnist_model.pages.shared.titles import title
from mnist_model.runs import store


def network(text: str) -> None:
    """Choose the network that an address names: a shipped one, or anybody's run, which may be looked at."""
    found = called(text)
    if found is None:
        raise BadValue("one that this server has")
    if found != chosen():
        use(found)


LINK: dict[str, Reader] = {
    "network": network,
    **screen.LINK,
    **lessons.LINK,
}  # of every page's address


def sidebar() -> None:
    """Show it, and have the next run's network chosen where a page has said which."""
    _tidy_runs()
    network = st.session_state.pop("choose_next", chosen())
    if (called := listed(network)) != st.session_state.get("called"):  # the browser knows it by its title only
        st.session_state.update(network=network, called=called)
    with st.sidebar:
        st.selectbox("Network", choices(), format_func=listed, key="network", persist_state="session")
        line = ""
        with problems_shown():
            line = networks.readable(chosen()).about.line
        who = f'<div class="who">{line}</div>'
        st.html(screen.marker(title(chosen()).short) + who + lessons.offers() + share.share() + share.class_address())
        screen.buttons(lessons.start)
    links.everywhere(network=name(), **screen.state(), **lessons.address())


def listed(name: str) -> str:
    """How a network is listed: a run with its accuracy, but not while answers are covered."""
    return title(name).short if screen.state()["hide"] else title(name).full


@functools.cache
def _tidy_runs() -> None:
    """Once a server: remove what an earlier one left half-written, and what is too much."""
    store.clean()
    store.make_room()
