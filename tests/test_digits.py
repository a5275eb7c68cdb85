"""Which digit the Shift page shows: the one it opens on, the last one drawn, one typed in."""

import re

from streamlit.testing.v1 import AppTest

from mnist_model.images import dataset, shifting
from mnist_model.networks import classifier
from mnist_model.networks.positions import place_map
from mnist_model.pages.shared.digit import OPENING
from mnist_model.render.pictures import picture
from tests.conftest import ROOT

MNIST = dataset.load()
REACH = shifting.FURTHEST


def to(app: AppTest, page: str) -> AppTest:
    app.switch_page(f"mnist_model/pages/{page}/page.py").run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> None:
    next(button for button in app.button if button.label == label).click().run()


def shows(app: AppTest, index: int, caption: str) -> bool:
    """Whether Shift shows a test image, so called and not moved."""
    pair = next(each.proto.body for each in app.get("html") if 'class="pair"' in each.proto.body)
    image = picture(dataset.scale(MNIST.test_images[index]), "the original digit")
    figure = re.search(f"<figure>{re.escape(image)}<figcaption>(.*?)</figcaption>", pair)
    return bool(figure) and re.sub("<.*?>", "", figure[1]) == caption and "shifted by (0, 0)" in pair


def test_the_opening_digit_breaks_within_3_px_whichever_way_and_robust_holds():
    image, label = dataset.scale(MNIST.test_images[OPENING]), MNIST.test_labels[OPENING]
    dense, robust = (place_map(classifier.load(name), image).argmax(-1) for name in ("dense", "robust"))
    assert dense[REACH, REACH] == label
    for dx, dy in shifting.STRAIGHT:
        places = [(REACH + k * dy, REACH + k * dx) for k in (1, 2, 3)]
        assert any(dense[place] != label for place in places)
        assert all(robust[place] == label for place in places)


def test_what_was_drawn_last_comes_along_by_the_menu_and_no_older_drawing():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    press(app, "Example")
    assert shows(to(app, "shift"), 0, "your drawing")
    app.slider(key="dx").set_value(3).run()
    to(app, "data")
    assert app.session_state.dx == 3 and not shows(to(app, "shift"), 0, "your drawing"), "it is where it was left"
    app.number_input(key="test_index").set_value(4).run()
    assert shows(app, 4, "test image 4: 4"), "a new digit has not been moved"
    to(app, "draw")
    assert shows(to(app, "shift"), 4, "test image 4: 4"), "nothing has been drawn since"
    press(to(app, "draw"), "Example")
    assert shows(to(app, "shift"), 1, "your drawing")
    press(to(app, "draw"), "Clear")
    assert shows(to(app, "shift"), OPENING, f"test image {OPENING:,}: {MNIST.test_labels[OPENING]}")


def test_an_example_gives_the_network_exactly_the_numbers_of_the_test_image():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60).run()
    for index in range(2):
        press(app, "Example")
        image = picture(dataset.scale(MNIST.test_images[index]), "Your digit at 28×28")
        assert any(image in each.proto.body for each in app.get("html"))
