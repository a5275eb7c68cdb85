"""Run folders and assets that another version, another program or a broken disk left: one sentence, and no harm."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_model.networks import classifier, run_folder, sums
from mnist_model.networks.run_folder import SHIPPED, RunFolder, find
from mnist_model.pages.shared import layout, networks, queue
from mnist_model.runs import store
from mnist_model.runs.queue import Queue
from tests.engine import Engine
from tests.test_run_folder import CONTENTS, REPORTS

PAGES = ("draw", "data", "train", "shift")
SECTIONS = {  # of Shift, by the file that they need
    "weights": ("Why", "Where"),
    "layers": ("Why",),
    "shift": ("Accuracy", "Maps", "Verdict"),
    "breaking": ("Breaking", "Verdict"),
}
SCRIPT = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """A folder of runs of its own, and a queue in which no process is started."""
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    made = Queue(Engine)
    monkeypatch.setattr(queue, "queue", lambda: made)
    yield tmp_path / "runs"
    made.close()


def opened(page: str, **state) -> AppTest:
    app = AppTest.from_file("../../app.py", default_timeout=60)
    for key, value in state.items():
        app.session_state[key] = value
    app.run()
    return app if page == "draw" else app.switch_page(f"mnist_model/pages/{page}/page.py").run()


def markup(app: AppTest) -> str:
    """All HTML that is shown, that of components too."""
    return "".join(each.proto.body for each in app.get("html")) + "".join(
        str(each.proto) for each in app.get("bidi_component")
    )


def copied(home: Path, name: str = "dense-1") -> Path:
    """A run as the app makes it: the shipped network's files, and weights of two epochs."""
    folder = shutil.copytree(SHIPPED / "dense", home / name)
    (folder / "epochs").mkdir()
    for epoch in (0, 1):
        shutil.copy(folder / "weights.npz", folder / "epochs" / f"{epoch:03}.npz")
    return folder


def changed(**changes):
    def change(folder: Path) -> None:
        report = json.loads((folder / "report.json").read_text())
        (folder / "report.json").write_text(json.dumps(report | changes))

    return change


def file(name: str, content: bytes):
    return lambda folder: (folder / name).write_bytes(content)


def gone(name: str):
    return lambda folder: (folder / name).unlink()


def pickled(name: str):
    def change(folder: Path) -> None:
        with (folder / name).open("wb") as target:
            np.savez(target, np.array([print], dtype=object))

    return change


def cut(name: str):
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-2000])


def a_folder(name: str):
    def change(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return change


def others_network(folder: Path) -> None:
    shutil.copy(SHIPPED / "conv" / "layers.tflite", folder / "model.tflite")


# Kinds of foreign run folder that cannot be read at all: each is listed by its name, and cannot be selected.
UNREADABLE = {
    **{f"report: {kind}": changed(**changes) for kind, changes in REPORTS.items()},
    **{f"report: {kind}": file("report.json", content) for kind, content in CONTENTS.items()},
    "report: missing": gone("report.json"),
    "report: a folder": a_folder("report.json"),
    "report: keys of another type": changed(accuracy_at_px=[1, 2]),
    "report: a script for an accuracy": changed(test_accuracy=SCRIPT),
    "report: parameters without end": changed(parameters=1e400),
    "history: missing": gone("history.csv"),
    "history: a folder": a_folder("history.csv"),
    "history: not text": file("history.csv", b"\xff\xfe\x00"),
    "history: other columns": file("history.csv", b"step,loss\n1,2\n"),
    "history: half a row": file(
        "history.csv", b"epoch,examples,seconds,loss,accuracy,test_loss,test_accuracy\n0.0,0,0"
    ),
    "history: infinity": file(
        "history.csv", b"epoch,examples,seconds,loss,accuracy,test_loss,test_accuracy\n0.0,0,0,inf,0,,\n"
    ),
    "network: missing": gone("model.tflite"),
    "network: empty": file("model.tflite", b""),
    "network: cut": cut("model.tflite"),
    "network: its name only": file("model.tflite", b"\x1c\x00\x00\x00TFL3"),
    "network: text": file("model.tflite", b"hello"),
    "network: a folder": a_folder("model.tflite"),
    "network: of other outputs": others_network,
}
# Kinds that can be read in part: each is listed and can be selected, and what is missing is one sentence where it is.
PARTLY = {
    "weights: pickled objects": pickled("weights.npz"),
    "epochs: pickled objects": pickled("epochs/001.npz"),
    "weights: cut": cut("weights.npz"),
    "epochs: not a zip": file("epochs/001.npz", b"hello"),
    "layers: missing": gone("layers.tflite"),
    "layers: cut": cut("layers.tflite"),
    "Keras: missing": gone("model.keras"),
    "Keras: not a zip": file("model.keras", b"PK"),
    "shift: empty": file("shift.json", b""),
    "shift: half": file("shift.json", b'{"accuracy": [0.9'),
    "shift: a list": file("shift.json", b"[1, 2]"),
    "shift: NaN": file("shift.json", b'{"accuracy": [NaN], "map": []}'),
    "shift: a folder": a_folder("shift.json"),
    "breaking: missing": gone("breaking.npy"),
    "breaking: cut": cut("breaking.npy"),
    "breaking: pickled objects": pickled("breaking.npy"),
    "breaking: empty": file("breaking.npy", b""),
    "owner: not text": file("owner.txt", b"\xff\xfe\x00"),
    "owner: a script": file("owner.txt", SCRIPT.encode()),
    "command: a script": changed(command=SCRIPT, versions={SCRIPT: SCRIPT}),
    "layer: a script": changed(layers=[{"kind": SCRIPT, "activation": SCRIPT, "output_shape": [1], "parameters": 1}]),
}


def rows(app: AppTest) -> list[str]:
    listed = next(str(each.proto) for each in app.get("bidi_component") if "-pick_run" in str(each.proto))
    return re.findall(r"<tr><th>(.*?)</tr>", listed)[1:]


def test_folders_that_cannot_be_read_are_named_and_stop_nobody(home):
    names = {f"foreign-{number:02}": change for number, change in enumerate(UNREADABLE.values())}
    for name, change in names.items():
        change(copied(home, name))
    copied(home, "sound")
    (home / "a file").write_text("hello")
    (home / "empty").mkdir()
    app = opened("train", whose_runs="Earlier runs")
    assert not app.exception and not app.error
    listed = rows(app)
    assert len(listed) == len(UNREADABLE) + 2
    for name in (*names, "empty"):
        (row,) = [row for row in listed if row.startswith(f"{name}<")]
        assert "cannot be read" in row and "data-pick" not in row, name
    assert sum("data-pick" in row for row in listed) == 1


def test_a_folder_that_can_be_read_in_part_does_what_it_can(home):
    for number, change in enumerate(PARTLY.values()):
        change(copied(home, f"foreign-{number:02}"))
    app = opened("train", whose_runs="Earlier runs")
    assert not app.exception
    assert all("data-pick" in row for row in rows(app)) and len(rows(app)) == len(PARTLY)
    for number, kind in enumerate(PARTLY):
        app.session_state.selected_run = RunFolder(home / f"foreign-{number:02}")
        app.run()
        assert not app.exception and len(app.error) <= 1, kind
        assert SCRIPT not in markup(app), kind


@pytest.mark.parametrize("kind", PARTLY)
def test_every_page_works_with_a_chosen_run_that_can_be_read_in_part(home, monkeypatch, kind):
    folder = copied(home)
    PARTLY[kind](folder)
    monkeypatch.setenv("MNIST_NETWORK", str(folder))
    app = opened("draw", network=str(folder))
    for page in PAGES:
        app.switch_page(f"mnist_model/pages/{page}/page.py").run()
        assert not app.exception, page
        assert all(str(home) not in error.value and "\n" not in error.value for error in app.error)
        assert SCRIPT not in markup(app) and str(home) not in markup(app)
    for section in SECTIONS.get(kind.split(":")[0], ()):
        app.segmented_control(key="section").set_value(section).run()
        assert not app.exception, section
        assert SCRIPT not in markup(app)


def damages() -> dict[str, tuple[str, bytes, str, str]]:
    """By kind: a shipped file, what is in it now, and the page and section that need it."""
    whole = (SHIPPED / "conv" / "shift.json").read_bytes()
    return {
        "a flipped bit in the figures": ("shift.json", whole.replace(b"0.9", b"0.8", 1), "shift", "Accuracy"),
        "half the figures": ("shift.json", whole[:99], "shift", "Maps"),
        "no figures": ("shift.json", b"", "shift", "Verdict"),
        "breaking points": ("breaking.npy", b"\x93NUMPY", "shift", "Verdict"),
        "shuffled": ("shuffled.json", b"{}", "shift", "Shuffled"),
        "shuffled: nothing": ("shuffled.json", b"", "shift", "Shuffled"),
        "layers": ("layers.tflite", b"TFL3", "shift", "Why"),
        "the network": ("model.tflite", b"TFL3", "shift", "Accuracy"),
        "the report": ("report.json", b"{", "shift", "Accuracy"),
    }


@pytest.fixture
def shipped(tmp_path, monkeypatch):
    """The shipped networks in a place where they can be damaged."""
    place = shutil.copytree(SHIPPED, tmp_path / "networks")
    monkeypatch.setattr(run_folder, "SHIPPED", place)
    for cached in (find, classifier._kept, networks._measurement, networks._figures):
        cached.cache_clear()
    yield place
    for cached in (find, classifier._kept, networks._measurement, networks._figures):
        cached.cache_clear()
    sums._listed.cache_clear()


@pytest.mark.parametrize(("name", "content", "page", "section"), damages().values(), ids=damages())
def test_a_damaged_file_of_a_shipped_network_is_one_sentence_and_the_rest_works(shipped, name, content, page, section):
    (shipped / "conv" / name).write_bytes(content)
    app = opened(page, section=section)
    assert not app.exception
    (error,) = {error.value for error in app.error}
    assert re.search(r"conv", error) and "\n" not in error and str(shipped) not in error
    for other in ("draw", "train"):
        app = opened(other)
        assert not app.exception and not app.error


def test_a_damaged_measurement_is_said_on_data_too(shipped):
    (shipped / "dense" / "shift.json").write_bytes(b"")
    app = opened("data", order="fragile")
    assert not app.exception
    assert any("dense cannot be read: figures on shifted images" in caption.value for caption in app.caption)


ASSETS = {"missing": None, "not text": b"\xff\xfe\x00\x80", "a folder": "folder"}


@pytest.mark.parametrize("content", ASSETS.values(), ids=ASSETS)
@pytest.mark.parametrize("name", ["style.css", "layers/relu.svg"])
def test_a_damaged_asset_is_one_sentence_and_the_page_is_there(tmp_path, monkeypatch, name, content):
    assets = tmp_path / "assets"
    shutil.copytree(layout.ASSETS / "layers", assets / "layers")
    shutil.copy(layout.ASSETS / "style.css", assets)
    monkeypatch.setattr(layout, "ASSETS", assets)
    (assets / name).unlink()
    if content == "folder":
        (assets / name).mkdir()
    elif content:
        (assets / name).write_bytes(content)
    app = opened("train")
    sentence = f"assets/{name} is missing or damaged: `git checkout assets/{name}` restores it."
    assert not app.exception and [error.value for error in app.error] == [sentence]
    assert "Try:" in markup(app) and len(app.metric) == 2


def test_names_and_words_of_a_run_are_words_wherever_they_are_shown(home):
    changed(command=SCRIPT)(copied(home, f"readable {SCRIPT.replace('/', '')}"))
    gone("report.json")(copied(home, f"unreadable {SCRIPT}"))
    app = opened("train", whose_runs="Earlier runs")
    assert SCRIPT not in markup(app) and "unreadable &lt;img" in markup(app) and not app.exception
    picks = re.findall(r'data-pick=[\\"]*([^\\"]*)', markup(app))
    assert {"0", "1"} & set(picks)
    assert [pick for pick in picks if "/" in pick] == [], "an index, not a path"
    assert str(home) not in markup(app) + str(app.sidebar.selectbox(key="network").proto)


def test_a_zip_bomb_for_weights_is_one_sentence(home):
    """A thousand times its size when it is unpacked."""
    folder = copied(home)
    with zipfile.ZipFile(folder / "epochs" / "001.npz", "w", zipfile.ZIP_DEFLATED) as bomb:
        head = b"\x93NUMPY\x01\x00v\x00{'descr': '<f4', 'fortran_order': False, 'shape': (10000000000,), }"
        bomb.writestr("arr_0.npy", head.ljust(127) + b"\n")
    app = opened("train", whose_runs="Earlier runs")
    assert not app.exception
    assert [error.value for error in app.error] == ["dense-1 cannot be read: weights missing or damaged."]


def test_nothing_that_is_no_run_is_deleted_to_make_room(home, monkeypatch):
    monkeypatch.setenv("MNIST_RUNS_MB", "1")
    copied(home)
    (home / "thesis").mkdir()
    (home / "thesis" / "thesis.txt").write_bytes(bytes(2 * 2**20))
    store.make_room()
    assert [entry.name for entry in home.iterdir()] == ["thesis"]
