"""How networks and remedies are called on the pages."""

import functools
import time
from typing import NamedTuple

from mnist_model.networks.errors import NetworkError
from mnist_model.networks.remedies import Remedy
from mnist_model.networks.run_folder import RunFolder, find
from mnist_model.percent import percent
from mnist_model.runs import store


class Title(NamedTuple):
    """How a network is called."""

    short: str
    accuracy: str = ""

    @property
    def full(self) -> str:
        return " · ".join(filter(None, self))


def title(name_or_folder: str) -> Title:
    """A shipped network is called by its name, a run by its network, time and accuracy."""
    folder = find(name_or_folder)
    if folder.is_shipped:
        return Title(folder.name)
    return _run_title(folder, folder.changed())


def title_of(remedy: Remedy) -> str:
    """How a remedy is called, in short."""
    return remedy._replace(network=title(remedy.network).short).title


@functools.lru_cache(maxsize=1000)
def _run_title(folder: RunFolder, _changed: int) -> Title:
    try:
        report = folder.report()
    except NetworkError:
        return Title(folder.name, "cannot be read")
    finished = time.strftime("%H:%M:%S", time.localtime(store.time_of(folder.path)))
    found = report.evaluation
    return Title(f"{report.network} {finished}", percent(found.test_accuracy) if found else "not measured yet")
