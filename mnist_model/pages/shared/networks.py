"""The one place from which pages have networks, and what is computed from them.

A network is kept by its folder and that folder's change; what is computed from it, by the network itself. So training
again into the same folder, or measuring it, is seen by every page at its next run. Looked up many times in a run:
Streamlit's own caches take ten times as long to say what they hold.
"""

import functools
import threading
import time
from pathlib import Path
from typing import Literal, NamedTuple

import numpy as np
import streamlit as st

from mnist_model.networks import activations, browser, classifier, positions, study, sums
from mnist_model.networks.classifier import Classifier
from mnist_model.networks.errors import NetworkError
from mnist_model.networks.history import Record
from mnist_model.networks.keras_code import keras_code
from mnist_model.networks.occlusion import Occlusion, occlusion_map
from mnist_model.networks.places import Places
from mnist_model.networks.remedies import Remedy
from mnist_model.networks.report import Report
from mnist_model.networks.run_folder import SHIPPED, RunFolder, find
from mnist_model.pages.shared.mnist import inputs
from mnist_model.render import maps
from mnist_model.render.pictures import picture
from mnist_model.runs import settings, store

_reading = threading.Lock()


class Measurement(NamedTuple):
    """What was measured of a network on shifted images, with its line and the accuracy map's picture (HTML)."""

    shifts: positions.Shifts
    points: list[tuple[float, float]]  # accuracy in % by shift in pixels
    picture: str


def load(name_or_folder: str) -> Classifier:
    """A network. Stops the page with one sentence where it cannot be read."""
    try:
        return readable(name_or_folder)
    except NetworkError as error:
        st.error(str(error))
        st.stop()


def readable(name_or_folder: str) -> Classifier:
    """A network. Raises NetworkError where it cannot be read."""
    folder = find(name_or_folder)
    if not folder.is_shipped and folder.path.parent == settings.home():
        _note_use(folder, int(time.monotonic() // 60))
    return classifier.kept(name_or_folder)


def with_weights(name: str, weights: list[np.ndarray]) -> Classifier | None:
    """A shipped network with other weights; None where it is not shipped, or its layers are others."""
    try:
        return readable(name).with_weights(weights)
    except NetworkError:
        return None


def report(name_or_folder: str | Path) -> Report | None:
    """What a network says of itself; None where it cannot be read, its history included."""
    folder = find(name_or_folder)
    try:
        return _report(folder, folder.changed())
    except NetworkError:
        return None


def finished() -> list[tuple[Path, Report]]:
    """The folders of the finished trainings on this server, newest first, with their reports."""
    return [(folder.path, found) for folder in store.runs() if (found := report(folder.path))]


def history(folder: RunFolder) -> list[Record]:
    """The records of a run's training. Raises NetworkError."""
    return _history(folder, folder.changed())


def probabilities(network: Classifier, split: str) -> np.ndarray:
    """What a network says of all "training" or "test" images, (n, 10)."""
    with _reading:  # thirty who ask at once would else each read all of them
        return _probabilities(network, split)


@functools.lru_cache(maxsize=6)
def _probabilities(network: Classifier, split: str) -> np.ndarray:
    parts = np.array_split(np.arange(60_000 if split == "training" else 10_000), 20)
    with st.spinner("Reading all images …"):
        return np.concatenate([network.probabilities(inputs(split, part)) for part in parts])


def measurement(network: Classifier, centred: bool = False) -> Measurement | None:
    """What was measured of a network on shifted images; None where it has not been, or cannot be read."""
    changed = network.folder.shifts_changed(centred)
    return _measurement(network, centred, changed) if changed else None


def places(name_or_folder: str | Path, centred: bool = False) -> Places | None:
    """What was measured of a network within 3 pixels; None where it has not been, or cannot be read."""
    folder = find(name_or_folder)
    found = _figures(folder, "places", centred, folder.places_changed(centred))
    return found if isinstance(found, Places) else None


def damage(network: Classifier, centred: bool = False) -> str:
    """Why what was measured of a network cannot be read, in one sentence; "" where it can, or was not measured."""
    folder = network.folder
    shifts = _figures(folder, "shifts", centred, folder.shifts_changed(centred))
    near = _figures(folder, "places", centred, folder.places_changed(centred))
    return next((str(each) for each in (shifts, near) if isinstance(each, NetworkError)), "")


@functools.cache
def studied() -> dict[str, study.Row]:
    """The study that comes with the project. Raises NetworkError."""
    try:
        content = (SHIPPED / study.FILE).read_bytes()
        sums.check(SHIPPED, SHIPPED / study.FILE, content)
        return study.from_json(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        restore = f"`git checkout assets/networks/{study.FILE}` restores it"
        raise NetworkError(f"The study is missing or damaged: {restore}.") from error


def telling_units(network: Classifier, image: np.ndarray, count: int) -> list[activations.Unit]:
    """The hidden units of a dense network that say most for its answer. Raises NetworkError."""
    return _telling_units(network, image.tobytes(), count)


def features(network: Classifier, image: np.ndarray) -> activations.Features:
    """The feature maps of a convolutional network. Raises NetworkError."""
    return _features(network, image.tobytes())


def occlusion(network: Classifier, image: np.ndarray) -> Occlusion:
    """What a network's answer to an image rests on."""
    return _occlusion(network, image.tobytes())


def similarity_by_shift(remedy: Remedy, image: np.ndarray) -> np.ndarray:
    """How similar the last hidden vector stays when an image is moved by 0 to 14 pixels: (15,). Raises NetworkError."""
    return _similarity(load(remedy.network), remedy.centred, image.tobytes())


@functools.lru_cache(maxsize=20)
def packed(network: Classifier, place: str) -> bytes:
    """A network for the browser; nothing where its parts cannot be read, which the browser's console then says."""
    try:
        return browser.packed(network, place)
    except NetworkError:
        return b""


@functools.lru_cache(maxsize=50)
def as_keras(network: Classifier) -> str:
    """A network and its training as lines of Keras. Raises NetworkError."""
    return keras_code(network.folder.keras_layers(), network.report.recipe)


@functools.lru_cache(maxsize=100)
def _note_use(folder: RunFolder, _minute: int) -> None:
    """Once a minute: a run in use is not deleted to make room for another (runs/disk_space.py)."""
    if folder.exists():
        folder.use()


@functools.lru_cache(maxsize=1000)  # of all runs on a server: what the networks themselves take is not kept with it
def _report(folder: RunFolder, _changed: int) -> Report:
    folder.history()
    return classifier.load(str(folder.path)).report


@functools.lru_cache(maxsize=50)
def _history(folder: RunFolder, _changed: int) -> list[Record]:
    return folder.history()


@functools.lru_cache(maxsize=50)
def _measurement(network: Classifier, centred: bool, _changed: int) -> Measurement | None:
    shifts = _figures(network.folder, "shifts", centred, _changed)
    if not isinstance(shifts, positions.Shifts):
        return None
    points = [(float(k), round(100 * float(value), 2)) for k, value in enumerate(shifts.by_shift)]
    return Measurement(shifts, points, picture(maps.accuracies(shifts.map), "accuracy at each offset"))


@functools.lru_cache(maxsize=1000)  # of all runs on a server
def _figures(
    folder: RunFolder, kind: Literal["shifts", "places"], centred: bool, changed: int
) -> positions.Shifts | Places | NetworkError | None:
    """What was measured of a kind, if it was, or why it cannot be read."""
    try:
        read = folder.places if kind == "places" else folder.shifts
        return read(centred) if changed else None
    except NetworkError as error:
        return error


@functools.lru_cache(maxsize=100)
def _telling_units(network: Classifier, pixels: bytes, count: int) -> list[activations.Unit]:
    return activations.telling_units(network, _image(pixels), count)


@functools.lru_cache(maxsize=500)
def _features(network: Classifier, pixels: bytes) -> activations.Features:
    return activations.features(network, _image(pixels))


@functools.lru_cache(maxsize=500)
def _occlusion(network: Classifier, pixels: bytes) -> Occlusion:
    return occlusion_map(network.probabilities, _image(pixels))


@functools.lru_cache(maxsize=500)
def _similarity(network: Classifier, centred: bool, pixels: bytes) -> np.ndarray:
    return activations.similarity_by_shift(classifier.front(network, centred), _image(pixels))


def _image(pixels: bytes) -> np.ndarray:
    return np.frombuffer(pixels, np.float32).reshape(28, 28)
