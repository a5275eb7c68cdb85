"""What the browser computes itself while the pen is down is what Python computes."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_model.images import drawing
from mnist_model.networks import classifier, doubt
from mnist_model.networks.browser import packed
from mnist_model.networks.run_folder import shipped
from mnist_model.percent import percent, probability
from tests.conftest import ROOT
from tests.nondigits import opaque

FRONTEND = ROOT / "mnist_model" / "frontend"
SIDE = 280
LOAD = """async pngs => {  // each drawing half on the lower canvas, half on the upper one, as in a stroke
    const reader = document.createElement("canvas").getContext("2d", { willReadFrequently: true })
    window.inks = []
    for (const png of pngs) {
        const picture = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob())
        const [lower, upper] = [0, 1].map(() => document.createElement("canvas"))
        for (const canvas of [lower, upper]) Object.assign(canvas, { width: 280, height: 280 })
        lower.getContext("2d").fillRect(0, 0, 280, 280)
        lower.getContext("2d").drawImage(picture, 0, 0, 140, 280, 0, 0, 140, 280)
        upper.getContext("2d").drawImage(picture, 140, 0, 140, 280, 140, 0, 140, 280)
        window.inks.push(inkOf(pixels([lower, upper], reader)))
    }
}"""
INPUTS = """centred => {  // kept for SAID, too
    window.images = window.inks.map(ink => toInput(ink, centred))
    return text(Float32Array.from(window.images.flatMap(image => Array.from(image))))
}"""
SAID = """packed => {
    const { probabilities } = network(bytes(packed))
    return window.images.map(image => Array.from(probabilities(image)))
}"""
BASE64 = """const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0))
const text = numbers => btoa(Array.from(new Uint8Array(numbers.buffer), byte => String.fromCharCode(byte)).join(""))"""


def scribble(rng: np.random.Generator) -> np.ndarray:
    """A few smooth strokes somewhere on the canvas, grey at their edges: (280, 280, 4) uint8."""
    large = Image.new("L", (2 * SIDE, 2 * SIDE))
    pen, width = ImageDraw.Draw(large), int(rng.integers(2, 72))
    for _ in range(rng.integers(1, 4)):
        start, step = rng.uniform(0, 2 * SIDE, 2), rng.normal(0, 25, (15, 2))
        path = [tuple(point) for point in start + step.cumsum(0)]
        pen.line(path, fill=int(rng.integers(60, 256)), width=width, joint="curve")
        for x, y in path:
            pen.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    return opaque(large.resize((SIDE, SIDE), Image.Resampling.BOX))


def odd_ones() -> list[np.ndarray]:
    """One pixel, a hairline, a symmetric bar, a frame at the border, a filled canvas."""
    inks = np.zeros((5, SIDE, SIDE), np.uint8)
    inks[0, 17, 201] = 1
    inks[1, 20:250, 33] = 90
    inks[2, 40:240, 130:150] = 255
    inks[3], inks[3, 3:-3, 3:-3] = 255, 0
    inks[4] = 255
    return [opaque(ink) for ink in inks]


@pytest.fixture(scope="module")
def drawings() -> list[np.ndarray]:
    rng = np.random.default_rng(5)
    drawn = (scribble(rng) for _ in range(260))
    return odd_ones() + [each for each in drawn if each[..., 0].any()][:220]


@pytest.fixture(scope="module")
def page(browser, drawings):
    page = browser.new_page()
    for name in ("show", "drawing", "network"):
        page.add_script_tag(path=FRONTEND / f"{name}.js")
    page.add_script_tag(content=BASE64)
    page.evaluate(LOAD, [png(each) for each in drawings])
    yield page
    page.close()


def png(rgba: np.ndarray) -> str:
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize("centred", [False, True], ids=["raw", "centred"])
def test_browser_and_python_make_the_same_input_and_the_same_of_it(page, drawings, centred):
    expected = np.stack([drawing.to_input(each, centred) for each in drawings])
    images = np.frombuffer(base64.b64decode(page.evaluate(INPUTS, centred)), "<f4").reshape(-1, 28, 28)
    assert len(images) >= 200
    assert np.abs(images - expected).max() <= 1 / 255
    for name in shipped():
        network = classifier.load(name)
        said = page.evaluate(SAID, base64.b64encode(packed(network, "chosen")).decode())
        assert np.abs(said - network.probabilities(expected)).max() <= 0.001, name


def test_browser_and_python_round_alike(page):
    fractions = [0, 1, 1e-6, 1 - 1e-6, *np.random.default_rng(2).random(200) ** 9]
    for decimals in (0, 1):
        said = page.evaluate("([all, decimals]) => all.map(each => percent(each, decimals))", [fractions, decimals])
        assert said == [percent(each, decimals) for each in fractions]
    said = page.evaluate("all => all.map(each => probability(1000 * each))", fractions)
    assert said == [probability(each) for each in fractions]


def test_a_blank_drawing_has_no_input(page):
    assert page.evaluate("toInput(new Uint8Array(280 * 280), false)") is None
    assert page.evaluate("toInput(new Uint8Array(280 * 280), true)") is None


def test_colours_are_as_light_as_in_python(page):
    rgba = np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 4)).astype(np.uint8)
    rgba[..., 3] = 255
    expected = np.asarray(Image.fromarray(rgba).convert("L"))
    ink = page.evaluate("rgba => text(inkOf(bytes(rgba)))", base64.b64encode(rgba).decode())
    assert (np.frombuffer(base64.b64decode(ink), np.uint8).reshape(SIDE, SIDE) == expected).all()


def test_an_unknown_layer_is_named(page):
    text = json.dumps({"layers": [{"kind": "LSTM", "config": {}, "sizes": []}]}).encode()
    packed = len(text).to_bytes(4, "little") + text
    said = page.evaluate(
        "bytes => { try { network(Uint8Array.from(bytes)) } catch (e) { return e.message } }", [*packed]
    )
    assert said == "unknown layer LSTM"


def test_browser_and_python_make_the_same_remark(page):
    page.add_script_tag(content=(FRONTEND / "live.js").read_text().replace("export default function", "function mount"))
    rng = np.random.default_rng(1)
    limits = {"doubter": doubt.DOUBTER, "noDigit": doubt.NO_DIGIT, "close": doubt.CLOSE}
    for i in range(150):
        said, also = rng.dirichlet(np.full(10, rng.choice([0.02, 0.1, 1])), 2).astype(np.float32)
        names = ["dense", "robust"] if i % 2 else ["robust", "dense"]
        remark = page.evaluate(
            "([a, b, c]) => remark(a, b, c)", [limits | {"names": names}, said.tolist(), also.tolist()]
        )
        assert remark == doubt.remark(names[0], said, names[1], also)
