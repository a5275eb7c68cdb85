"""Every page runs, says what it shows, and answers what is asked of it. (The canvas needs a browser: test_browser.)"""

import re

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_model import classifier, dataset, shifting

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
