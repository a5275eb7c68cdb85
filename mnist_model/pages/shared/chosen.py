"""Which network is chosen for every page, and which there are to choose from."""

import os
from pathlib import Path

import numpy as np
import streamlit as st

from mnist_model.networks.classifier import Classifier
from mnist_model.networks.doubt import beside
from mnist_model.networks.registry import TUTORIAL
from mnist_model.networks.remedies import REMEDIES, Remedy
from mnist_model.networks.run_folder import find, shipped
from mnist_model.pages.shared import networks, owner, queue
from mnist_model.runs import store
from mnist_model.runs.jobs import Train

SHIPPED = shipped()


def chosen() -> str:
    """The network chosen in the sidebar: a shipped name or a run folder, and nothing that was not offered there."""
    name: str = st.session_state.get("network", TUTORIAL)
    return name if name in st.session_state.get("offered", SHIPPED) else TUTORIAL


def name() -> str:
    """How an address calls the chosen network: never where it lies on the disk."""
    return find(chosen()).name


def called(name: str) -> str | None:
    """The network that an address calls so, as `use` takes it: shipped, offered, or anybody's run that can be read."""
    known = {find(each).name: each for each in (*(str(run.path) for run in store.runs()), *choices())}
    return known[name] if name in known and networks.report(known[name]) else None


def network() -> Classifier:
    """The network chosen in the sidebar. Stops the page with one sentence where it cannot be read."""
    return networks.load(chosen())


def network_beside() -> Classifier:
    """The network that answers beside the chosen one."""
    return networks.load(beside(network().name))


def probabilities(split: str) -> np.ndarray:
    """What the chosen network says of all "training" or "test" images, (n, 10)."""
    return networks.probabilities(network(), split)


def measurement() -> networks.Measurement | None:
    """What was measured of the chosen network on shifted images, if it was."""
    return networks.measurement(network())


def unmeasured() -> str:
    """Why there is no measurement of the chosen network, in one sentence."""
    return networks.damage(network()) or "This network has not been measured yet: choose Measure it on the Shift page."


def choices() -> list[str]:
    """The shipped networks, the one that the person who started the server names, and this browser's runs."""
    others = [os.environ.get("MNIST_NETWORK"), st.session_state.get("borrowed")]
    st.session_state.offered = SHIPPED + [each for each in others if each] + own_runs()
    return st.session_state.offered


def remedies() -> tuple[Remedy, ...]:
    """What the Shift page compares: the shipped remedies, the chosen network second where it is not one of them."""
    known = tuple(remedy for remedy in REMEDIES if remedy.network in SHIPPED)
    return known if Remedy(chosen()) in known else (*known[:1], Remedy(chosen()), *known[1:])


def own_runs() -> list[str]:
    """The finished runs of this browser, oldest first."""
    if "runs" not in st.session_state:
        mine = [str(folder.path) for folder in store.runs() if folder.owner() == owner.me()]
        st.session_state.runs = mine[::-1]
    finished = [str(run.folder.path) for run in queue.all_mine(Train) if run.folder]
    known = (*st.session_state.runs, *st.session_state.get("deleted", []))
    st.session_state.runs += [folder for folder in finished if folder not in known]
    return st.session_state.runs


def use(folder: str) -> None:
    """Choose a network for every page, at the next whole run: a fragment cannot set it itself."""
    if folder not in choices():
        st.session_state.borrowed = folder
    st.session_state.choose_next = folder


def delete(folder: str) -> None:
    """Delete a finished run of this browser."""
    store.delete(Path(folder))
    st.session_state.setdefault("deleted", []).append(folder)
    own_runs().remove(folder)
    if chosen() == folder:
        st.session_state.choose_next = TUTORIAL
