"""Every page runs, says what it shows, and answers what is asked of it. (The canvas needs a browser: test_browser.)"""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_model import classifier, dataset, measured, shifting
from mnist_model.remedies import REMEDIES

MNIST = dataset.load()
DENSE = classifier.load("dense")


def opened(page: str) -> AppTest:
    app = AppTest.from_file("../app.py", default_timeout=60).run()
    app = app if page == "draw" else app.switch_page(f"mnist_model/pages/{page}.py").run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    markup = " ".join(element.proto.body for element in app.get("html"))
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.DOTALL)


@pytest.mark.parametrize("page", ["draw", "data", "train", "shift"])
def test_a_page_opens_with_a_title_and_something_to_try(page):
    app = opened(page)
    shown = text(app)
    assert page.capitalize() in shown and "Try:" in shown
    assert app.sidebar.selectbox(key="network").value == "dense"


def test_without_ink_the_draw_page_asks_for_a_digit():
    app = opened("draw")
    assert "Draw a digit from 0 to 9" in text(app) and "%" not in text(app)


def test_the_data_page_filters_orders_and_jumps():
    app = opened("data")
    assert "10,000 test images" in app.caption[0].value
    app.pills(key="digits").set_value([4, 9]).run()
    assert f"{np.isin(MNIST.test_labels, [4, 9]).sum():,} test images" in app.caption[0].value
    app.number_input(key="jump_test").set_value(115).run()
    assert any("Test image 115" in s.value for s in app.subheader)
    assert "its label is 4" in text(app)
    app.segmented_control(key="split").set_value("training").run()
    app.segmented_control(key="order").set_value("random").run()
    app.number_input(key="order_seed").set_value(7).run()
    assert not app.exception


def test_the_train_page_shows_the_measured_network():
    app = opened("train")
    report = DENSE.report
    assert [m.value for m in app.metric] == [f"{100 * report[on]:.1f} %" for on in ("train_accuracy", "test_accuracy")]
    assert "100,480 parameters" in text(app) and "Flatten" in app.code[0].value


def test_the_shift_page_says_what_the_library_says():
    app = opened("shift")
    image = dataset.scale(MNIST.test_images[4])
    app.number_input(key="test_index").set_value(4).run()
    places = shifting.place_map(DENSE, image)
    for dx, dy in [(0, 0), (4, 0), (-3, 5)]:
        app.slider(key="dx").set_value(dx)
        app.slider(key="dy").set_value(dy).run()
        after = places[dy + 14, dx + 14]
        assert f"{after.argmax()} {100 * after.max():.1f} %" in re.sub(r"\s+", " ", text(app))
        changed = after.argmax() != places[14, 14].argmax()
        assert ("it said" in text(app)) == changed


def test_the_shift_page_says_how_much_ink_has_left():
    app = opened("shift")
    app.slider(key="dx").set_value(14).run()
    lost = shifting.ink_lost(dataset.scale(MNIST.test_images[0]), 14, 0)
    assert f"{100 * lost:.0f} % of the ink has left the frame" in text(app)


def opened_section(name: str, dx: int = 0, dy: int = 0) -> AppTest:
    app = opened("shift")
    app.slider(key="dx").set_value(dx)
    app.slider(key="dy").set_value(dy)
    app.segmented_control(key="section").set_value(name).run()
    assert not app.exception
    return app


def test_every_remedy_says_what_the_library_says():
    app = opened_section("Accuracy", dx=3, dy=-2)
    image = dataset.scale(MNIST.test_images[0])
    for remedy in REMEDIES:
        network = classifier.load(remedy.network)
        front = classifier.Centred(network) if remedy.centred else network
        probabilities = front.probabilities(shifting.shift(image, 3, -2))[0]
        expected = f"{remedy.title} {probabilities.argmax()} {100 * probabilities.max():.1f} %"
        assert expected in re.sub(r"\s+", " ", text(app))


def test_the_accuracy_at_the_offset_is_the_measured_one_and_the_edge_is_named():
    measured_dense = measured.read(classifier.NETWORKS / "dense")
    inside, outside = opened_section("Maps", 3, -2), opened_section("Maps", 11, -2)
    assert f"dense {100 * measured_dense.map[-2 + 8, 3 + 8]:.1f} %" in re.sub(r"\s+", " ", text(inside))
    assert f"dense {100 * measured_dense.map[-2 + 8, 16]:.1f} %" in re.sub(r"\s+", " ", text(outside))
    assert "outside the maps" in text(outside) and "outside the maps" not in text(inside)


def test_the_verdict_shows_every_measured_figure():
    shown = text(opened_section("Verdict"))
    for remedy in REMEDIES:
        figures = measured.read(classifier.NETWORKS / remedy.network, remedy.centred)
        for value in (*figures.by_shift[[0, 2, 4, 6]], figures.nearby):
            assert f" {100 * value:.1f} " in shown
        assert f"{classifier.load(remedy.network).report['parameters']:,}" in shown


@pytest.mark.parametrize("name", ["Accuracy", "Maps", "Breaking", "Why", "Where", "Verdict", "Shuffled"])
def test_a_section_opens_also_where_all_ink_has_left(name):
    app = opened_section(name, 14, 14)
    app.number_input(key="test_index").set_value(3).run()
    assert not app.exception and len(text(app)) > 1000


def test_a_run_from_before_there_were_layers_gets_one_sentence_under_why(tmp_path, monkeypatch):
    for file in ("model.tflite", "report.json"):
        (tmp_path / file).write_bytes((DENSE.folder / file).read_bytes())
    monkeypatch.setenv("MNIST_NETWORK", str(tmp_path))
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value(str(tmp_path)).run()
    app.segmented_control(key="section").set_value("Why").run()
    assert not app.exception and "train it again" in app.error[0].value


def test_the_breaking_points_on_the_page_are_the_librarys():
    shown = re.sub(r"\s+", " ", text(opened_section("Breaking")))
    points = shifting.breaking_points(
        shifting.along_directions(shifting.place_map(DENSE, dataset.scale(MNIST.test_images[0])))
    )
    right, _, down, *_ = points
    assert f"→ {right or '–'}" in shown and f"↓ {down or '–'}" in shown


@pytest.mark.parametrize("name", classifier.shipped())
def test_every_page_opens_with_every_network(name):
    app = opened("train")
    app.sidebar.selectbox(key="network").set_value(name).run()
    assert not app.exception
    parameters = f"{classifier.load(name).report['parameters']:,} parameters"
    assert any(parameters in markdown.value for markdown in app.markdown)
    for page in ("shift", "data"):
        assert not app.switch_page(f"mnist_model/pages/{page}.py").run().exception


def test_the_data_page_puts_the_most_fragile_first_and_shows_mistakes_only():
    app = opened("data")
    breaking = measured.read(classifier.NETWORKS / "dense").breaking
    app.segmented_control(key="order").set_value("fragile").run()
    first = int(re.search(r"Test image ([\d,]+)", app.subheader[0].value).group(1).replace(",", ""))
    assert breaking[first] == breaking[breaking > 0].min()
    app.segmented_control(key="order").set_value("mistakes").run()
    wrong = np.sum(DENSE.probabilities(dataset.scale(MNIST.test_images)).argmax(1) != MNIST.test_labels)
    assert f"{wrong} test images" in app.caption[0].value and "wrong" in text(app)
    app.segmented_control(key="order").set_value("unsure").run()
    assert not app.exception
    app.segmented_control(key="split").set_value("training").run()
    app.segmented_control(key="order").set_value("fragile").run()
    assert any("test images only" in caption.value for caption in app.caption)


def test_sliders_stay_where_they_were_when_the_page_is_left():
    app = opened("shift")
    app.slider(key="dx").set_value(5).run()
    app.switch_page("mnist_model/pages/data.py").run()
    app.switch_page("mnist_model/pages/shift.py").run()
    assert app.slider(key="dx").value == 5


def test_a_network_that_cannot_be_read_gets_one_sentence(monkeypatch):
    monkeypatch.setenv("MNIST_NETWORK", "/no/such/folder")
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value("/no/such/folder").run()
    assert "There is no network '/no/such/folder'" in app.error[0].value and not app.exception
