"""A page's address says what is on it: read when the page is entered, written as one works, in the browser too."""

import base64
import io
import re
import shutil
import urllib.request
import zlib
from urllib.parse import urlencode

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from mnist_model.images import dataset, ink_code
from mnist_model.images.errors import NotADrawing
from mnist_model.lesson import states
from mnist_model.lesson.errors import BadLink
from mnist_model.networks import classifier
from mnist_model.networks.run_folder import find
from mnist_model.pages.shared.digit import OPENING
from tests.steps import (
    ANSWER,
    SEVEN,
    draw_and_wait,
    go,
    happens,
    idle,
    moved_to,
    open_draw,
    ready_for_the_pen,
    ready_to_move,
    sent,
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
    ("draw", {"digit": ink_code.encode(IMAGES[3]), "preparation": "raw", "numbers": "follow", "unit": "17"}),
    ("train", RECIPE | {"network": "conv", "view": "projector"}),
    ("train", RECIPE | {"train": "own", "layers": "conv-4-5-2-same,gmax", "network": "conv"}),
    ("train", RECIPE | {"network": "conv", "look": "forward", "digit": "train-5", "unit": "799"}),
    ("shift", {"digit": "train-5", "dx": "-3", "dy": "14", "look": "where", "network": "robust", "hide": "answers"}),
    ("shift", {"digit": ink_code.encode(IMAGES[8]), "dx": "0", "dy": "-1", "look": "accuracy"}),
]
WRONG = [
    ("draw", {"digit": "ink-AAAA", "preparation": "cooked", "numbers": "2"}),
    ("data", {"split": "both", "digits": "4,x", "order": "by hand", "seed": "-1", "image": "10000", "page": "0"}),
    ("train", {"train": "perceptron", "epochs": "0", "learning_rate": "nan", "decay": "1", "imitate": "", "seed": "x"}),
    ("train", {"layers": "flatten,swish"}),
    ("train", {"look": "inside", "digit": "test-10000", "unit": "-1"}),
    ("shift", {"digit": "test-10000", "dx": "15", "dy": "1.5", "look": "away", "network": "../dense"}),
    ("draw", {"view": "slides", "hide": ""}),
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
        assert len(code) <= ink_code.LONGEST_CODE and ink_code.encode(back) == code
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

SHOWN = """() => [
    ...[...document.querySelectorAll(`[aria-checked=true], [aria-pressed=true], [aria-current], [aria-selected=true],
        h1, h2, h3, h4, .st-key-mover figcaption, .st-key-answer .digit`)].map(each => each.textContent.trim()),
    ...[...document.querySelectorAll('input[aria-label]')].map(each => `${each.ariaLabel}: ${each.value}`),
]"""
SHOWS = f"texts => texts.every(text => ({SHOWN})().includes(text))"
WRITES = "wanted => Object.entries(wanted).every(([k, v]) => new URLSearchParams(location.search).get(k) === v)"
TWENTY = {
    "/": ["Draw", "raw", "Picture"],
    "/?network=conv&numbers=0-1": ["0–1", "Network: conv"],
    "/?digit=test-0": ["Draw", "7"],
    f"/?digit={ink_code.encode(IMAGES[1])}&preparation=centred": ["2", "centred"],
    "/draw?numbers=0-255": ["Draw", "0–255"],
    "/?network=robust&digit=train-5": ["2", "Network: robust"],
    "/?preparation=centred&numbers=picture": ["centred", "Picture"],
    "/data": ["Test image 0", "test", "index"],
    "/data?image=247": ["Test image 247", "5"],
    "/data?split=training&image=3000": ["Training image 3,000", "training", "56"],
    "/data?digits=4,9&page=2": ["4", "9", "2"],
    "/data?order=fragile&network=conv": ["fragile", "Network: conv"],
    "/data?order=random&seed=7&image=8": ["random", "Seed: 7", "Test image 8"],
    "/train?look=forward&digit=train-5&unit=17": ["Number by number", "Unit 17: each number times its weight"],
    "/?numbers=follow&unit=3&network=robust": ["Follow", "Unit 3: each number times its weight"],
    "/train?train=conv": ["Network to train: conv", "Batch size: 64"],
    "/train?learning_rate=10.0&hidden=7&seed=9": ["Learning rate: 10", "Hidden units: 7", "Seed: 9"],
    "/train?examples=700&shift=2&imitate=pens": ["Training images: 700", "Random shifts, px: 2", "Imitate hands: pens"],
    "/shift": [f"test image {OPENING:,}: 2", "shifted by (0, 0)", "Accuracy"],
    "/shift?digit=test-247&dx=4&dy=-2": ["test image 247: 4", "shifted by (4, -2)"],
    "/shift?digit=train-5&look=why&network=conv": ["training image 5: 2", "Why", "Network: conv"],
    f"/shift?digit={ink_code.encode(IMAGES[8])}&dy=14&look=verdict": ["a drawing", "shifted by (0, 14)", "Verdict"],
}


def test_twenty_links_open_what_they_say(page):
    for link, texts in TWENTY.items():
        page.goto(link, wait_until="commit")
        happens(page, SHOWS, texts)


def test_a_move_is_in_the_address_before_the_server_knows_and_a_reload_finds_the_same_answer(page):
    page.goto("/shift?digit=test-247&dx=4&look=why", wait_until="commit")
    ready_to_move(page)
    box = page.locator(".grab").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before, pixel = sent(page), box["width"] / 28
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 2 * pixel, y - 3 * pixel, steps=5)
    happens(page, WRITES, {"digit": "test-247", "dx": "6", "dy": "-3", "look": "why", "network": "dense"})
    assert sent(page) == before
    page.mouse.up()
    idle(page)
    answer = page.locator(".answers .answer").inner_text()
    page.reload(wait_until="commit")
    ready_to_move(page)
    moved_to(page, 6, -3)
    assert page.locator(".answers .answer").inner_text() == answer
    page.locator(".st-key-section").get_by_text("Maps", exact=True).click()
    happens(page, WRITES, {"dx": "6", "look": "maps"})


def test_back_goes_to_the_page_before_as_it_was_left(page):
    open_draw(page)
    ink = draw_and_wait(page, SEVEN)
    go(page, "Data", ".gallery")
    page.locator(".gallery [data-pick='8']").click()
    happens(page, WRITES, {"image": "8"})
    page.get_by_role("button", name="Nudge it").click()
    ready_to_move(page)
    happens(page, WRITES, {"digit": "test-8"})
    page.locator(".grab").press("ArrowRight")
    happens(page, WRITES, {"dx": "1"})
    page.go_back()
    happens(page, SHOWS, ["Data", "Test image 8"])
    idle(page)
    page.go_back()
    ready_for_the_pen(page)
    expect(page.locator(ANSWER)).to_contain_text(f"ink {ink}")
    happens(page, WRITES, {"preparation": "raw"})
    expect(page.locator(".st-key-tools").get_by_role("button", name="Undo")).to_be_enabled()
    page.go_forward()
    page.go_forward()
    happens(page, SHOWS, ["Shift", "shifted by (1, 0)"])


def test_the_link_is_copied_and_shown_as_a_code_as_it_now_is(page):
    page.goto("/data?image=8", wait_until="commit")
    happens(page, WRITES, {"image": "8", "split": "test"})
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.get_by_role("button", name="QR code").click()
    code = page.locator("dialog.qr img")
    expect(code).to_be_visible()
    expect(page.locator("dialog.qr p")).to_have_text(page.url)
    assert code.evaluate("async image => { await image.decode(); return image.width }") >= 300
    photographed = Image.open(io.BytesIO(code.screenshot()))
    assert zxingcpp.read_barcode(photographed).text == page.url
    page.get_by_role("button", name="Close").click()
    expect(code).to_be_hidden()


@pytest.mark.parametrize("split", ["training", "test"])
def test_a_lesson_may_ask_for_a_page_of_images_where_data_has_it(split):
    last = {"training": 1112, "test": 186}[split]
    assert states.parse(f"/data?split={split}&page={last}").values["page"] == str(last)
    with pytest.raises(BadLink, match="page"):
        states.parse(f"/data?split={split}&page={last + 1}")
    for page, left_out in ((last, 0), (last + 1, 1)):
        app = AppTest.from_file("../app.py", default_timeout=60)
        app.run()
        app.query_params.update(split=split, page=str(page))
        app.switch_page("mnist_model/pages/data/page.py").run()
        assert len(app.warning) == left_out and not app.exception
