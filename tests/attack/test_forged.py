"""Every widget and component of every page, sent what no browser would send: ignored or one sentence, and usable after.

A number field's NaN is left out: it does not reach the pages (`test_requests.py`).
"""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.testing.v1 import AppTest

from mnist_model.pages.shared import queue
from mnist_model.runs.queue import Queue
from tests.engine import Engine

EVENTS = "$$STREAMLIT_INTERNAL_KEY_{}__events"
WORDS = ["", "nowhere", "../../etc/passwd", "/etc", "<script>alert(1)</script>", "9" * 5000, "\0"]
VALUES = {
    "string_value": WORDS,
    "double_value": [1e308, -1e308, 0.5],
    "int_value": [-(2**62), 0, 10**12],
    "bool_value": [True],
    "double_array_value": [[], [1e9], [0.5, 2.0, 3.0]],
    "int_array_value": [[], [99], [-1]],
    "string_array_value": [[], ["nowhere"], ["../../etc/passwd"] * 9],
}
STATES = [
    *({"drawing": each} for each in (5, None, [], {"raw": 5}, {"raw": {"objects": [5]}, "data": "data:;base64,AA=="})),
    *(
        {"drawing": {"raw": {"objects": []}, "data": each}}
        for each in (5, "http://127.0.0.1/", "data:image/png;base64,A")
    ),
    *({"backgroundFit": each} for each in (5, {}, "x")),
    *({"offset": each} for each in (5, None, {}, [], {"dx": "a", "dy": None, "presses": []})),
    *({"offset": {"dx": dx, "dy": 0, "presses": 1}} for dx in (15, -(10**9), 0.5, "3", [3])),
    5,
    [],
    "x",
    None,
]
TRIGGERS = [
    {"event": event, "value": value}
    for event in ("picked", "taken", "asked", "nothing")
    for value in (
        5,
        None,
        [],
        {},
        "-1",
        "99999",
        "a,b",
        "10,10",
        "../../x",
        "data:image/png;base64,AA==",
        "9" * 4000,
        "\ud800",
    )
]


@pytest.fixture(autouse=True)
def runs(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    made = Queue(Engine)
    monkeypatch.setattr(queue, "queue", lambda: made)
    yield made
    made.close()


Lie = tuple[str, str, object]  # widget, kind of value, value


def liars(app: AppTest) -> Iterator[list[Lie]]:
    """For each widget what it would never say."""
    for widget in app._tree.get_widget_states().widgets:
        kind = widget.WhichOneof("value")
        yield [(widget.id, kind, value) for value in VALUES.get(kind, [])]
    for component in app.get("bidi_component"):
        yield [(component.proto.id, "json_value", json.dumps(value)) for value in STATES]
        trigger = EVENTS.format(component.proto.id)
        yield [(trigger, "json_trigger_value", json.dumps([value])) for value in TRIGGERS]


def rounds(app: AppTest) -> Iterator[list[Lie]]:
    """Every lie once, those of different widgets at the same time: one by one, tests.attack.widgets sends them."""
    for lies in itertools.zip_longest(*liars(app)):
        yield [lie for lie in lies if lie]


def states(honest: WidgetStates, lies: list[Lie]) -> WidgetStates:
    """What a page's widgets say, but that some of them lie."""
    liars = {widget for widget, _, _ in lies}
    made = WidgetStates(widgets=[each for each in honest.widgets if each.id not in liars])
    for widget, kind, value in lies:
        lie = made.widgets.add(id=widget)
        if isinstance(value, list):
            getattr(lie, kind).data.extend(value)
        else:
            setattr(lie, kind, value)
    return made


@pytest.mark.parametrize("page", ["draw", "data", "train", "shift"])
def test_a_lie_is_ignored_or_one_sentence_and_the_page_works_after_it(page, monkeypatch, tmp_path):
    monkeypatch.setattr(Path, "read_bytes", guarded(Path.read_bytes, tmp_path))
    app = AppTest.from_file("../../app.py", default_timeout=60).run()
    if page != "draw":
        app.switch_page(f"mnist_model/pages/{page}/page.py").run()
    honest, told = app._tree.get_widget_states(), list(rounds(app))
    assert sum(map(len, told)) > 30
    for lies in told:
        app._run(states(honest, lies))
        assert not app.exception, lies
        assert all("\n" not in error.value and len(error.value) < 300 for error in app.error), lies
    app._run(honest)
    assert not app.exception and len(app.get("html")) > 1


def guarded(read, home: Path):
    """Reading, of nothing but the project's and the test's own files."""
    project = Path(__file__).parents[2]

    def reading(path: Path) -> bytes:
        assert any(path.resolve().is_relative_to(each.resolve()) for each in (project, home)), path
        return read(path)

    return reading
