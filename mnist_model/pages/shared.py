"""What several pages share: the sidebar, the chosen network, the digit on its way to the Shift page."""

import functools
import os
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import streamlit as st

from mnist_model import addresses, classifier, dataset, doubt, figures, folders, maps, measured, runs
from mnist_model.pages import owner
from mnist_model.remedies import REMEDIES, Remedy

ROOT = Path(__file__).parent.parent.parent
FRONTEND = ROOT / "mnist_model" / "frontend"
STYLE = f"<style>{(ROOT / 'assets' / 'style.css').read_text()}</style>"
SEVEN = np.pad(np.array([[1, 1, 1, 1], [0, 0, 0, 1], [0, 0, 1, 0], [0, 1, 0, 0], [0, 1, 0, 0]], float), 2)
FAVICON = figures.data_url(figures.png(SEVEN, 8))
SHIPPED = classifier.shipped()
_measurements: dict[Remedy, "Measurement"] = {}


def script(*names: str) -> str:
    """Some of the frontend's files as one module: the last one has the component, the others what it needs."""
    return "".join((FRONTEND / f"{name}.js").read_text() for name in names)


_pick = st.components.v2.component(
    "nudge_pick",
    html='<div class="pick"></div>',
    js=script("pick"),
    isolate_styles=False,
)


_move = st.components.v2.component(
    "nudge_move",
    html="""<div class="arrows" role="group" aria-label="Move by one pixel">
        <button data-key="ArrowLeft" aria-label="left">←</button>
        <button data-key="ArrowRight" aria-label="right">→</button>
        <button data-key="ArrowUp" aria-label="up">↑</button>
        <button data-key="ArrowDown" aria-label="down">↓</button>
        <button>Middle</button></div><p class="spoken" role="status" aria-live="polite"></p>""",
    js=script("show", "follow", "move"),
    isolate_styles=False,
)


class Digit(NamedTuple):
    """A digit on the Shift page: an image (28, 28), where it is from, and its label where that is known."""

    image: np.ndarray
    source: str
    label: int | None = None


class Measurement(NamedTuple):
    """What the shift command measured of a network, with its line and the accuracy map's picture (HTML)."""

    shifts: measured.Shifts
    points: list[tuple[int, float]]  # accuracy in % by shift in pixels
    picture: str


def header(title: str, text: str) -> None:
    """A page's title and the two or three sentences (HTML) it opens with; it brings the style sheet along."""
    st.html(f'{STYLE}<h1 class="title">{title}</h1><p class="intro">{text}</p>')


def sidebar() -> None:
    """The network chooser and, where the server is open to the class, the address to open on a phone."""
    _tidy_runs()
    if "choose_next" in st.session_state:  # from within a fragment the choice itself cannot be set
        st.session_state.network = st.session_state.pop("choose_next")
    with st.sidebar:
        st.selectbox("Network", _choices(), format_func=title, key="network", persist_state="session")
        for url in _class_addresses():
            scheme, place = url.split("//")
            st.html(f'<div>On your phone, open {scheme}//</div><div class="address">{place}</div>')


def chosen() -> str:
    """The network chosen in the sidebar: a shipped name or a run folder."""
    return st.session_state.get("network") or "dense"


def beside() -> str:
    """The network that answers beside the chosen one: the one for anyone's handwriting, or the tutorial's."""
    return "dense" if chosen() == doubt.DOUBTER else doubt.DOUBTER


def network() -> classifier.Classifier:
    """The network chosen in the sidebar. Stops the page with one sentence where it cannot be read."""
    return load(chosen())


def load(name_or_folder: str) -> classifier.Classifier:
    """A network. Stops the page with one sentence where it cannot be read."""
    try:
        return _load(name_or_folder, _stamp(name_or_folder))
    except classifier.NetworkError as error:
        st.error(str(error))
        st.stop()


def remedies() -> tuple[Remedy, ...]:
    """What the Shift page compares: the shipped remedies, and the chosen network where it is not one of them."""
    return REMEDIES if chosen() in SHIPPED else (*REMEDIES, Remedy(chosen()))


def front(remedy: Remedy) -> classifier.Classifier | classifier.Centred:
    """What answers for a remedy: its network, with centring in front of it where the remedy says so."""
    network = load(remedy.network)
    return classifier.Centred(network) if remedy.centred else network


def mnist() -> dataset.Mnist:
    """The data set. Stops the page with one sentence where it cannot be read."""
    try:
        return _mnist()
    except dataset.DatasetError as error:
        st.error(str(error))
        st.stop()


def probabilities(split: str) -> np.ndarray:
    """What the chosen network says of all "training" or "test" images, (n, 10)."""
    return _probabilities(chosen(), split)


def measurement(remedy: Remedy) -> Measurement | None:
    """What the shift command measured of a remedy, or None where it has not been run for its network."""
    if remedy not in _measurements:
        folder = load(remedy.network).folder
        if not measured.exists(folder, remedy.centred):
            return None
        _measurements[remedy] = _read_measurement(folder, remedy.centred)
    return _measurements[remedy]


def nudge(image: np.ndarray, source: str, label: int | None = None, disabled: bool = False) -> None:
    """A button that takes a digit to the Shift page exactly as it is, not moved yet."""
    if st.button("Nudge it", type="primary", icon=":material/open_with:", disabled=disabled):
        st.session_state.digit = Digit(image, source, label)
        st.session_state.update(dx=0, dy=0)
        st.switch_page("mnist_model/pages/shift.py")


def show_test_image(index: int) -> None:
    """Go to the Data page with a test image chosen, whatever its filters were."""
    st.session_state.update(split="test", digits=[], order="index", sample=("test", index), turn_to=index)
    st.switch_page("mnist_model/pages/data.py")


def pick(markup: str, key: str) -> str | None:
    """Show HTML whose elements with `data-pick` can be clicked; the value just picked, else None."""
    return _pick(data=markup, key=key, on_picked_change=lambda: None).picked


def move(data: dict) -> None:
    """Arrow buttons, arrow keys and the cells of place maps: they move the sliders dx and dy.

    The page follows before the server answers, from `data`: see frontend/follow.js.
    """

    def moved() -> None:
        sent = st.session_state.move["offset"]
        st.session_state.update(dx=sent["dx"], dy=sent["dy"], presses=sent["presses"])

    _move(data=data, key="move", on_offset_change=moved)


def chart(option: dict, alt: str, height: int = 340) -> None:
    st.echarts_chart(option, height=height, alt=alt)


def own_runs() -> list[str]:
    """The finished runs of this browser, oldest first."""
    if "runs" not in st.session_state:
        mine = [folder for folder in folders.finished() if folders.owner(folder) == owner.me()]
        st.session_state.runs = [str(folder) for folder in reversed(mine)]
    run = runs.latest(owner.me(), "train")
    if run and run.folder and str(run.folder) not in (*st.session_state.runs, *st.session_state.get("deleted", [])):
        st.session_state.runs.append(str(run.folder))
    return st.session_state.runs


def use(folder: str) -> None:
    """Choose a finished run as the network for every page."""
    if folder not in own_runs():
        st.session_state.borrowed = folder
    st.session_state.choose_next = folder


def delete(folder: str) -> None:
    """Delete a finished run of this browser."""
    folders.delete(Path(folder))
    st.session_state.setdefault("deleted", []).append(folder)
    own_runs().remove(folder)
    if chosen() == folder:
        st.session_state.choose_next = "dense"


@functools.cache
def _tidy_runs() -> None:
    """Once a server: remove what an earlier one left half-written, and what is too much."""
    folders.clean()
    folders.make_room()


def _choices() -> list[str]:
    others = [os.environ.get("MNIST_NETWORK"), st.session_state.get("borrowed")]
    return SHIPPED + [each for each in others if each] + own_runs()


def title(name_or_folder: str) -> str:
    """How a network is called in the list: a shipped one by its name, a run by its network, time and accuracy."""
    return (
        name_or_folder if name_or_folder in SHIPPED else " · ".join(_run_title(name_or_folder, _stamp(name_or_folder)))
    )


def short_title(name_or_folder: str) -> str:
    """The same without the accuracy."""
    return name_or_folder if name_or_folder in SHIPPED else _run_title(name_or_folder, _stamp(name_or_folder))[0]


def _stamp(name_or_folder: str) -> float:
    """When a run's report was last changed: a training that was stopped is measured afterwards."""
    if name_or_folder in SHIPPED:
        return 0.0
    try:
        return (Path(name_or_folder) / "report.json").stat().st_mtime
    except OSError:
        return 0.0


@functools.lru_cache(maxsize=1000)
def _run_title(name: str, _changed: float) -> tuple[str, str]:
    folder = Path(name)
    report = folders.report(folder)
    if report is None:
        return folder.name, "cannot be read"
    finished = time.strftime("%H:%M:%S", time.localtime(folders.time_of(folder)))
    accuracy = report.get("test_accuracy")
    return f"{report['network']} {finished}", "not measured yet" if accuracy is None else figures.percent(accuracy)


# Looked up many times in a run: Streamlit's own caches take ten times as long to say what they hold.
@functools.lru_cache(maxsize=20)
def _load(name_or_folder: str, _changed: float) -> classifier.Classifier:
    return classifier.load(name_or_folder)


@st.cache_resource(show_spinner="Reading all images …", max_entries=6)
def _probabilities(name_or_folder: str, split: str) -> np.ndarray:
    images, _ = mnist().split(split)
    network = load(name_or_folder)
    return np.concatenate([network.probabilities(dataset.scale(part)) for part in np.array_split(images, 20)])


def _read_measurement(folder: Path, centred: bool) -> Measurement:
    shifts = measured.read(folder, centred)
    points = [(k, round(100 * float(value), 2)) for k, value in enumerate(shifts.by_shift)]
    return Measurement(shifts, points, figures.picture(maps.accuracies(shifts.map), "accuracy at each offset"))


@st.cache_resource(show_spinner="Reading the 70,000 images …")
def _mnist() -> dataset.Mnist:
    return dataset.load()


def _class_addresses() -> list[str]:
    return _addresses_in(int(time.monotonic() // 60))


@functools.lru_cache(maxsize=1)
def _addresses_in(_minute: int) -> list[str]:
    """The addresses, asked for once a minute."""
    return addresses.class_addresses(st.get_option("server.address"), st.get_option("server.port"))
