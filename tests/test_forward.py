"""An image's way through a network, number by number: the numbers are LiteRT's, and all of them follow."""

import base64
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from mnist_model.images import dataset
from mnist_model.networks import classifier
from mnist_model.networks.browser import packed
from mnist_model.networks.recipe import Recipe
from mnist_model.percent import probability
from tests.steps import SEVEN, answered, frames, happens, idle, open_draw, press_pen, sent, until
from tests.test_frontend import BASE64, FRONTEND

MNIST = dataset.load()
MNIST = MNIST._replace(test_images=MNIST.test_images[:200], test_labels=MNIST.test_labels[:200])
IMAGES = dataset.scale(MNIST.test_images[:12])
FOLLOW = """([packed, images, unit]) => images.map(image => {
    const { stages } = follow(network(bytes(packed)), Float32Array.from(image), unit, "")
    return stages.map(({ title, says, told = "" }) => {
        const shown = Object.assign(document.createElement("div"), { innerHTML: `${title}. ${says} ${told}` })
        const cells = row => [...row.cells].map(cell => cell.textContent)
        return [shown.textContent, [...shown.querySelectorAll("tr")].map(cells)]
    })
})"""
HALF = 0.0051  # of the last of two decimals


@pytest.fixture(scope="module")
def follow(browser):
    """What is shown of each image: its stages, each a text and a table."""
    page = browser.new_page()
    for name in ("show", "network", "inked", "stages"):
        page.add_script_tag(path=FRONTEND / f"{name}.js")
    page.add_script_tag(content=BASE64)

    def shown(network, images, unit):
        code = base64.b64encode(packed(network, "chosen")).decode()
        return page.evaluate(FOLLOW, [code, images.reshape(-1, 784).tolist(), unit])

    yield shown
    page.close()


ALL_KINDS = {
    "conv-4-4-3-same-tanh,max-3-1,blur,drop-20,gavg,dense-6-tanh,drop-9,dense-5-none": (
        "A filter",
        "Max-pooling",
        "Average pooling",
        "Dropout",
        "Global average",
        "tanh brings",
        "no activation",
    ),
    "max-3,flatten": ("Max-pooling",),
}


@pytest.mark.parametrize("layers", ALL_KINDS)
def test_every_kind_of_layer_is_told(follow, tmp_path, layers):
    from mnist_model.training import run

    recipe = Recipe(epochs=1, examples=64, layers=layers)
    run.run("own", recipe, MNIST, tmp_path / "run", lambda said: None, lambda: False)
    network = classifier.load(tmp_path / "run")
    for stages, values in zip(follow(network, IMAGES, 1), network.activations(IMAGES)[-2], strict=True):
        told = " ".join(text for text, _ in stages)
        assert [kind for kind in ALL_KINDS[layers] if kind not in told] == []
        (value,) = numbers(re.search(r"(?:unit|number) 1 is (−?[\d.]*\d)", told)[1])
        assert value == pytest.approx(values[1], abs=HALF)


def numbers(text: str) -> list[float]:
    return [float(each) for each in re.findall(r"-?[\d.]*\d", text.replace("−", "-").replace(",", ""))]


@pytest.mark.parametrize(
    ("name", "unit"),
    [("dense", 17), ("dense", 127), ("conv", 250), ("conv-global", 41), ("robust", 8)],
)
def test_sums_and_probabilities_are_litert_s_to_the_digits_shown(follow, name, unit):
    network = classifier.load(name)
    kernel, bias = network.weights[-2:]
    hidden = network.activations(IMAGES)[-2].reshape(len(IMAGES), -1)
    said = network.probabilities(IMAGES)
    for stages, values, probabilities in zip(follow(network, IMAGES, unit), hidden, said, strict=True):
        *_, (units, _), (_, sums), (_, softmax) = stages
        given = np.stack([kernel[unit], values[unit] * kernel[unit]])
        expected = np.stack([*given, values @ kernel - given[1], bias, values @ kernel + bias], 1)
        assert float(re.search(r"(?:unit|number) \d+ is ([\d.]+)", units)[1]) == pytest.approx(values[unit], abs=HALF)
        assert [numbers(" ".join(row[1:])) for row in sums[1:]] == pytest.approx(expected, abs=HALF)
        logits = np.array([numbers(row[1])[0] for row in softmax[1:]])
        powers = np.exp(logits - logits.max())
        assert powers / powers.sum() == pytest.approx(probabilities, abs=0.01)
        same = [row[-1] == probability(each) for row, each in zip(softmax[1:], probabilities, strict=True)]
        assert np.mean(same) >= 0.9, "all but a rounding at the edge"
        assert [numbers(row[-1])[0] for row in softmax[1:]] == pytest.approx(100 * probabilities, abs=0.11)


def test_a_units_sum_is_told_as_it_is_added_up(follow):
    network = classifier.load("dense")
    kernel, bias = network.weights[:2]
    for unit in (17, 41, 100):
        for stages, image in zip(follow(network, IMAGES, unit), IMAGES, strict=True):
            products = image.ravel() * kernel[:, unit]
            largest = np.abs(products).argmax()
            text = stages[2][0]
            *one, count, total, added, whole = numbers(re.search("Framed(.*?)(ReLU|That)", text)[1])
            assert one == pytest.approx([image.ravel()[largest], kernel[largest, unit], products[largest]], abs=HALF)
            expected = [products.sum(), bias[unit], products.sum() + bias[unit]]
            assert count == 784 and [total, added, whole] == pytest.approx(expected, abs=HALF)
            assert ("keeps it" in text) == (whole > 0)


def test_the_place_of_a_maximum_is_where_it_is(follow):
    network = classifier.load("conv-global")
    last = network.activations(IMAGES)[-3]
    for stages, maps in zip(follow(network, IMAGES, 41), last, strict=True):
        (pooled,) = (text for text, _ in stages if text.startswith("Global max-pooling"))
        row, column = np.unravel_index(maps[..., 41].argmax(), maps.shape[:2])
        if maps[..., 41].any():
            assert f"column {column + 1}, row {row + 1}" in pooled
            assert numbers(pooled)[1] == pytest.approx(maps[..., 41].max(), abs=HALF)


def test_pooling_marks_what_it_leaves(follow, browser):
    page = browser.contexts[-1].pages[-1]
    values = np.random.default_rng(0).random((5, 5, 3)).round(3)
    marked = page.evaluate(
        "values => [...maxima({ height: 5, width: 5, channels: 3, values }, 2, 2)]", values.ravel().tolist()
    )
    left = values[:4, :4].reshape(2, 2, 2, 2, 3).max((1, 3))
    assert sorted(values.ravel()[marked]) == sorted(left.ravel())


# In the app

ADDRESS = "([name, text]) => new URLSearchParams(location.search).get(name) === text"


def told(page, stage: int) -> str:
    return page.locator(".forward section").nth(stage).inner_text()


def test_a_link_opens_at_the_section_and_another_unit_or_digit_changes_every_number(page):
    page.goto("/train?look=forward&digit=test-247&unit=17", wait_until="commit")
    titles = page.locator(".forward h4")
    expect(titles.nth(2)).to_contain_text("Unit 17")
    idle(page)
    happens(page, "document.querySelector('.forward h4').getBoundingClientRect().top < innerHeight / 2")
    before = [told(page, stage) for stage in range(2, 6)]
    units = page.locator("[data-units] canvas")
    box = units.bounding_box()
    units.click(position={"x": box["width"] * 5.5 / 16, "y": box["height"] * 2.5 / 8})
    expect(titles.nth(2)).to_contain_text("Unit 37:")
    happens(page, ADDRESS, ["unit", "37"])
    unit = [told(page, stage) for stage in range(2, 6)]
    assert all(a != b for a, b in zip(before[:3], unit[:3], strict=True)) and before[3] == unit[3]
    page.locator("[data-pick='test-0']").click()
    happens(page, ADDRESS, ["digit", "test-0"])
    expect(page.locator(".forward figcaption").first).to_have_text("test image 0: 7")
    digit = [told(page, stage) for stage in range(2, 6)]
    assert all(a != b for a, b in zip(unit, digit, strict=True)) and "For the 7" in digit[3]
    page.locator("label.unit input").fill("500")
    page.locator("label.unit input").press("Enter")
    expect(titles.nth(2)).to_contain_text("Unit 127:")


def test_the_numbers_follow_the_pen_without_a_message(page):
    open_draw(page)
    page.locator(".st-key-view").get_by_text("Follow").click()
    expect(page.locator(".forward h4").last).to_contain_text("Softmax")
    idle(page)
    assert "Added up: 0.00" in told(page, 0)
    before = sent(page)
    press_pen(page, SEVEN[0])
    until(lambda: "Added up: 0.00" not in told(page, 0))
    frames(page)
    while_down, last = told(page, 0), told(page, 5)
    assert sent(page) == before and "For the" in last
    page.mouse.up()
    answered(page)
    idle(page)
    assert numbers(told(page, 0))[-1] == pytest.approx(numbers(while_down)[-1], abs=3)
    answer = page.locator(".st-key-answer .digit").inner_text()
    assert f"For the {answer}" in told(page, 5)


def test_sums_and_probabilities_can_be_covered_and_another_digit_covers_them_again(page):
    page.goto("/train?look=forward&digit=test-247&hide=answers", wait_until="commit")
    tables, last = page.locator(".forward .told table"), page.locator(".forward .told").last
    expect(tables).to_have_count(2)
    idle(page)
    assert not any(each.is_visible() for each in tables.all())
    last.click()
    expect(tables.last).to_be_visible()
    expect(tables.first).to_be_hidden()
    page.locator("[data-pick='test-0']").click()
    expect(page.locator(".forward figcaption").first).to_contain_text("test image 0")
    expect(tables.last).to_be_hidden()
