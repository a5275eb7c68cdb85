"""A page's address says what is on it: read when the page is entered, written as one works, in the browser too."""

import base64
import re
import shutil
import urllib.request
import zlib
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from mnist_model.images import dataset, ink_code
from mnist_model.images.errors import NotADrawing
from mnist_model.networks import classifier
from mnist_model.networks.run_folder import find
from tests.steps import (
    ANSWER,
    happens,
    moved_to,
)

IMAGES = dataset.scale(dataset.load().test_images[:1000])
RECIPE = {
    "train": "conv",
    "hidden": "7",
    "epochs": "3",
    "batch": "24",
    "learning_rate": "1e-05",
    "examples": "700",
    "shift": "2",
    "imitate": "pens",
    "drawn": "1000",
    "seed": "9",
    "decay": "True",
}
LINKS = [
    ("draw", {"digit": ink_code.encode(IMAGES[3]), "preparation": "centred", "numbers": "0-255"}),
    ("draw", {"preparation": "raw", "numbers": "0-1", "network": "conv-global"}),
    ("data", {"split": "training", "digits": "4,9", "order": "index", "page": "3", "image": "2"}),
    ("data", {"split": "test", "digits": "all", "order": "random", "seed": "7", "page": "2", "image": "8"}),
    ("train", RECIPE | {"network": "conv"}),
    ("shift", {"digit": "train-5", "dx": "-3", "dy": "14", "look": "where", "network": "robust"}),
    ("shift", {"digit": ink_code.encode(IMAGES[8]), "dx": "0", "dy": "-1", "look": "accuracy"}),
]
WRONG = [
    ("draw", {"digit": "ink-AAAA", "preparation": "cooked", "numbers": "2"}),
    ("data", {"split": "both", "digits": "4,x", "order": "by hand", "seed": "-1", "image": "10000", "page": "0"}),
    ("train", {"train": "perceptron", "epochs": "0", "learning_rate": "nan", "decay": "1", "imitate": "", "seed": "x"}),
    ("shift", {"digit": "test-10000", "dx": "15", "dy": "1.5", "look": "away", "network": "../dense"}),
]


def entered(page: str, asked: dict[str, str] | None = None) -> AppTest:
    """A page opened by a link."""
    app = AppTest.from_file("../app.py", default_timeout=60)
    if page != "draw":
        app.run().switch_page(f"mnist_model/pages/{page}/page.py")
    for name, text in (asked or {}).items():
        app.query_params[name] = text
    app.run()
    assert not app.exception
    return app


def address(app: AppTest, page: str) -> dict[str, str]:
    return app.session_state["addresses"][page]


@pytest.mark.parametrize(("page", "asked"), LINKS)
def test_what_a_link_asks_for_is_on_the_page_and_the_address_says_so(page, asked):
    app = entered(page, asked)
    assert address(app, page) == {"network": "dense"} | asked
    assert not app.warning


@pytest.mark.parametrize(("page", "asked"), WRONG)
def test_each_wrong_value_is_left_out_with_one_sentence_once(page, asked):
    usual, app = entered(page), entered(page, asked)
    mine = {"seed"} if page == "train" else set()  # each browser's own
    assert address(app, page).keys() == address(usual, page).keys()
    assert all(text == address(usual, page)[name] for name, text in address(app, page).items() if name not in mine)
    said = app.warning[0].value
    for name in asked:
        assert len(re.findall(f"The link's “{name}” is not [^;“]+; it was left out[.]", said)) == 1
    assert not app.run().warning


def test_a_page_that_has_no_image_left_still_has_an_address():
    app = entered("data", {"digits": "1,7", "order": "mistakes", "network": "robust", "page": "9"})
    app.pills(key="digits").set_value([])
    assert address(app.run(), "data")["digits"] == "all"


def test_a_run_of_another_browser_opens_by_its_name_and_no_path_stands_in_an_address(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    shutil.copytree(find("dense").path, tmp_path / "dense-20260101-1200")
    (tmp_path / "broken").mkdir()
    app = entered("shift", {"network": "dense-20260101-1200"})
    assert app.sidebar.selectbox(key="network").value == str(tmp_path / "dense-20260101-1200")
    assert address(app, "shift")["network"] == "dense-20260101-1200"
    assert "“network” is not one that this server has" in entered("shift", {"network": "broken"}).warning[0].value


def test_every_test_image_comes_back_as_it_was_and_so_does_the_answer():
    codes = [ink_code.encode(image) for image in IMAGES]
    back = np.stack([ink_code.decode(code) for code in codes])
    network = classifier.load("dense")
    assert (back == IMAGES).all()
    assert (network.probabilities(back).argmax(1) == network.probabilities(IMAGES).argmax(1)).all()
    assert max(map(len, codes)) <= 390 and all(re.fullmatch(r"ink-[\w-]+", code) for code in codes)


def test_of_noise_so_much_comes_back_as_fits_and_stays():
    for seed in range(50):
        image = np.random.default_rng(seed).random((28, 28), np.float32) ** (1 + seed % 5)
        code = ink_code.encode(image)
        back = ink_code.decode(code)
        assert len(code) <= ink_code.LONGEST and ink_code.encode(back) == code
        assert abs(back - image).max() < 0.2


def packed(content: bytes, bits: int = 8) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    text = base64.urlsafe_b64encode(bytes([bits]) + deflate.compress(content) + deflate.flush()).decode()
    return f"ink-{text.rstrip('=')}"


@pytest.mark.parametrize(
    "code",
    [
        "",
        "ink-",
        "ink",
        "test-1",
        ink_code.encode(IMAGES[0])[:-9],
        ink_code.encode(IMAGES[0]) + "AAAA",
        "ink-é" + ink_code.encode(IMAGES[0])[5:],
        "ink-" + "A" * 400,
        packed(bytes(784)),
        packed(bytes([1] * 783)),
        packed(bytes([1] * 785)),
        packed(bytes([2] * 784), bits=1),
        packed(bytes([1] * 784), bits=9),
        packed(bytes([1] * 100_000)),
    ],
)
def test_what_is_no_drawing_is_refused(code):
    with pytest.raises(NotADrawing):
        ink_code.decode(code)


def test_a_long_link_is_answered_and_the_first_page_has_a_name(server):
    long = urlencode({"digit": "x" * 1500})
    with urllib.request.urlopen(f"{server}/shift?{long}") as answer:
        assert answer.status == 200
    with urllib.request.urlopen(f"{server}/draw?{long}") as answer:
        assert (answer.status, answer.url) == (200, f"{server}/?{long}")


# In the browser


def on_page(page) -> dict[str, str]:
    """What the address says, by the browser."""
    return {name: texts[0] for name, texts in parse_qs(urlsplit(page.url).query).items()}


def says(page, **values: str) -> None:
    """The address comes to say this."""
    happens(
        page,
        "values => Object.entries(values).every(([k, v]) => new URLSearchParams(location.search).get(k) === v)",
        values,
    )


def shift_shows(page, dx: int, dy: int, source: str, look: str) -> None:
    moved_to(page, dx, dy)
    expect(page.locator(".st-key-mover figcaption").first).to_have_text(source)
    expect(page.locator(".st-key-section").get_by_role("radio", name=look, checked=True)).to_be_attached()


def data_shows(page, split: str, heading: str, number: int) -> None:
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    expect(page.locator(".st-key-split").get_by_role("radio", name=split, checked=True)).to_be_attached()
    expect(page.get_by_role("button", name=f"{number}", exact=True, pressed=True)).to_be_attached()


def train_shows(page, **fields: str) -> None:
    for label, value in fields.items():
        expect(page.get_by_label(label.replace("_", " "), exact=True)).to_have_value(value)


def draw_shows(page, digit: str, preparation: str) -> None:
    expect(page.locator(f"{ANSWER} .digit")).to_have_text(digit)
    expect(page.locator(".st-key-preparation").get_by_role("radio", name=preparation, checked=True)).to_be_attached()
