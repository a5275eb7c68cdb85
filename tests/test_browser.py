"""The app in a real browser: draw, browse, train, shift. Each page is photographed for the README on the way."""

import os
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from mnist_model.images import dataset, shifting
from mnist_model.networks import classifier
from mnist_model.networks.registry import NETWORKS
from mnist_model.pages.shared.digit import OPENING
from tests.conftest import ROOT
from tests.steps import (
    ANSWER,
    CANVAS,
    FOUR,
    LIVE,
    SEVEN,
    answered,
    asked,
    card,
    clear,
    draw_and_wait,
    frames,
    go,
    idle,
    ink,
    moved_to,
    open_draw,
    open_shift,
    press_pen,
    ready_for_the_pen,
    sent,
    tool,
    until,
)

SECTIONS = {
    "Maps": "The same offset for all",
    "Breaking": "Breaking point of this digit",
    "Why": "every weight waits at one pixel",
    "Where": "Where the 60,000 training digits live",
    "Remedies": "What each remedy is",
    "Verdict": "The verdict",
    "Shuffled": "Shuffled pixels",
}
DOWNLOADS = {  # and how each file begins
    "model.keras": b"PK\x03\x04",
    "model.tflite": b"\x1c\x00\x00\x00TFL3",
    "history.csv": b"epoch,",
    "report.pdf": b"%PDF-",
    "report.png": b"\x89PNG\r\n\x1a\n",
    "notebook.ipynb": b'{\n "cells": [',
}
CHART = "[data-testid=stEChartsChart]"
ASIDE = """[...document.querySelectorAll(".scroll:has(> .verdict)")].filter(each => each.scrollWidth > each.clientWidth)
    .map(each => `${each.scrollWidth} of ${each.clientWidth} px`)"""


def accuracy(page) -> float:
    """How many of the test images, in %, the network got right at the chosen epoch."""
    return float(re.search(r"([\d.]+) % of the test", page.locator(".learning").last.inner_text()).group(1))


def points(page) -> int:
    """How many points the loss curve of the running training has."""
    labels = page.locator(CHART).evaluate_all("es => es.map(e => e.ariaLabel)")
    return max((int(n) for label in labels for n in re.findall(r"Loss .* (\d+) points", label)), default=0)


def said_at(name: str, image) -> list[int]:
    """A network's answers with an image moved right by k = 0 to 14 pixels."""
    moved = np.stack([shifting.shift(image, k, 0) for k in range(15)])
    return classifier.load(name).probabilities(moved).argmax(1).tolist()


def drag(page, key: str, value: int) -> None:
    """Drag a slider that goes from −14 to 14 and stands at 0."""
    track = page.locator(f".st-key-{key} [data-testid=stSlider] [role=group] > div").first.bounding_box()
    middle, y = track["x"] + track["width"] / 2, track["y"] + track["height"] / 2
    page.mouse.move(middle, y)
    page.mouse.down()
    page.mouse.move(middle + value * track["width"] / 28, y, steps=4 * abs(value))
    page.mouse.up()


def open_train(page) -> None:
    page.goto("/train", wait_until="commit")
    page.wait_for_selector("table.confusion")
    idle(page)


def type_in(page, recipe: dict[str, int]) -> None:
    """Fill fields of the form; what is said of the training is then for them."""
    for label, value in recipe.items():
        field = page.get_by_role("spinbutton", name=label)
        if field.input_value() == str(value):
            continue
        before = sent(page)
        field.fill(str(value))
        field.press("Enter")
        asked(page, before)
        expect(field).to_have_value(str(value))


def train(page) -> None:
    page.get_by_role("button", name="Train", exact=True).click()


def downloaded(page, button) -> bytes:
    with page.expect_download() as download:
        button.click()
    return download.value.path().read_bytes()


def photograph(page, name: str) -> None:
    """Keep a screenshot for the README, where PICTURES is set (`make pictures`)."""
    if os.environ.get("PICTURES"):
        page.wait_for_timeout(1500)  # the charts are animated
        page.screenshot(path=ROOT / "assets" / "pictures" / f"{name}.png")


def test_draw_a_digit_read_the_answer_and_nudge_it(page):
    open_draw(page)
    expect(page.locator(ANSWER)).to_contain_text("Draw a digit")
    draw_and_wait(page, SEVEN)
    expect(page.locator(f"{ANSWER} .digit")).to_have_text("7")
    expect(page.locator(f"{ANSWER} .who")).to_have_text(f"robust: {NETWORKS['robust'].line}")
    assert 40 < ink(page) < 110
    expect(page.locator(".st-key-bench")).to_contain_text(re.compile(r"Your digit sits \d px (high|low)"))
    photograph(page, "draw")
    shown = page.locator(".st-key-bench img.pixels").get_attribute("src")
    page.get_by_role("button", name="Nudge it").click()
    expect(page.locator(".st-key-lab img.pixels").first).to_have_attribute("src", shown)
    assert "/shift" in page.url


def test_undo_and_clear_as_often_as_one_likes(page):
    open_draw(page)
    for _ in range(2):
        once = draw_and_wait(page, FOUR[:1])
        assert draw_and_wait(page, FOUR[1:]) > once + 5
        tool(page, "Undo")
        assert abs(ink(page) - once) < 0.2, "the canvas has agreed"
        clear(page)


def test_a_drawing_survives_a_look_at_another_page_and_the_live_answer_is_there_again(page):
    open_draw(page)
    before = draw_and_wait(page, FOUR)
    go(page, "Data", ".gallery")
    go(page, "Draw", CANVAS)
    ready_for_the_pen(page)
    expect(page.locator(f"{ANSWER} .digit")).to_be_visible()
    assert ink(page) == before
    press_pen(page, [(30, 250), (60, 250)])
    expect(page.locator(LIVE)).to_be_visible()
    page.mouse.up()
    answered(page)
    assert before + 2 < ink(page) < before + 12, "the earlier strokes are still on the canvas"


def test_drag_the_digit_to_where_dense_fails_and_the_pooled_network_holds(page):
    image = dataset.scale(dataset.load().test_images[OPENING])
    dense, pooled = (said_at(name, image) for name in ("dense", "conv-global"))
    dx = next(k for k in range(1, 9) if dense[k] != dense[0] and pooled[k] == pooled[0])
    open_shift(page)
    before = sent(page)
    drag(page, "dx", dx)
    asked(page, before)
    moved_to(page, dx, 0)
    expect(page.locator(".answers")).to_have_attribute("data-dx", str(dx))
    shown = page.locator(".st-key-shift-answer")
    expect(shown.locator(".answer .digit")).to_have_text(str(dense[dx]))
    expect(shown).to_contain_text(f"it said {dense[0]} before")
    expect(card(page, "dense").locator(".says")).to_have_text(str(dense[dx]))
    expect(card(page, "conv-global").locator(".says")).to_have_text(str(dense[0]))
    expect(card(page, "dense")).to_have_class(re.compile("changed"))
    expect(card(page, "conv-global")).not_to_have_class(re.compile("changed"))
    photograph(page, "shift")


def test_each_section_of_the_shift_page_opens(page):
    open_shift(page)
    for name, sign in SECTIONS.items():
        page.locator(".st-key-section").get_by_text(name, exact=True).click()
        expect(page.locator(".st-key-lab h3", has_text=sign)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


def test_browse_the_data_and_look_at_one(page):
    page.goto("/data")
    page.locator(".gallery [data-pick='8']").click()
    expect(page.get_by_role("heading", name="Test image 8")).to_be_visible()
    expect(page.locator(".st-key-picked")).to_contain_text("its label is 5")
    expect(page.locator("table.numbers td")).to_have_count(784)
    photograph(page, "data")
    for index in (5000, 60):
        page.get_by_role("spinbutton").first.fill(str(index))
        page.get_by_role("spinbutton").first.press("Enter")
        expect(page.locator(f".gallery [data-pick='{index}'][aria-pressed='true']")).to_be_visible()


def test_the_chosen_network_layer_by_layer_in_keras_as_a_report_and_what_it_mixes_up(page):
    open_train(page)
    expect(page.locator(".layers > div")).to_have_count(4)  # three layers, and why there is a ReLU
    expect(page.locator(".layers b")).to_contain_text(["Flatten → 784", "Dense with relu → 128", "Why", "softmax → 10"])
    for line in ("tf.keras.layers.Flatten()", 'tf.keras.layers.Dense(128, activation="relu")', "epochs=5"):
        expect(page.get_by_test_id("stCode")).to_contain_text(line)
    expect(page.get_by_test_id("stCode")).to_be_visible()
    for form in ("pdf", "png"):
        content = downloaded(page, page.get_by_role("button", name=f"report.{form}"))
        assert content.startswith(DOWNLOADS[f"report.{form}"])
    count = page.locator("table.confusion [data-pick='5,3']").inner_text()
    assert count != page.locator("table.confusion [data-pick='3,5']").inner_text()
    page.locator("table.confusion [data-pick='5,3']").click()
    expect(page.locator(".st-key-picked")).to_contain_text(f"{count} images of a 5 read as 3")
    expect(page.locator(".st-key-picked .gallery button")).to_have_count(int(count))


def all_on_one_screen(page) -> None:
    """While a training runs: its recipe, its progress, Stop and both curves, on a projector."""
    size = page.viewport_size
    page.set_viewport_size({"width": 1280, "height": 720})
    frames(page)
    stop = page.get_by_role("button", name="Stop", exact=True)
    charts = page.locator(CHART).filter(visible=True)
    fold = page.locator("[data-testid=stExpander] summary")
    shown = [fold, page.get_by_test_id("stProgress"), stop, charts.nth(0), charts.nth(1)]
    for place in shown:
        box = place.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 1280
        assert box["y"] >= 0 and box["y"] + box["height"] <= 720
    page.set_viewport_size(size)


def goes_through_the_epochs(page) -> None:
    """At the start of the training the network knows nothing, at its end most digits."""
    page.get_by_role("slider", name="Epoch").focus()
    page.keyboard.press("Home")
    until(lambda: accuracy(page) < 40)
    page.keyboard.press("End")
    until(lambda: accuracy(page) > 80)


def test_layers_are_edited_where_they_stand_and_undone(page):
    page.goto("/train?train=own&layers=conv-8,max-2,flatten")
    rows, made = page.locator(".stack li"), page.locator(".stack li > span:first-of-type")
    shapes = ["→ 26×26×8, 80 parameters", "→ 13×13×8, 0 parameters", "→ 1352, 0 parameters", "→ 10, 13,530 parameters"]
    expect(made).to_have_text(shapes)
    idle(page)
    page.locator("[name='1.size']").fill("30")
    page.keyboard.press("Tab")
    expect(page.locator("[name='1.size']")).to_have_value("2")
    page.locator("[name='0.kernel']").fill("11")
    expect(made.first).to_have_text("→ 18×18×8, 976 parameters")
    page.keyboard.press("Tab")
    page.wait_for_function("() => location.search.includes('conv-8-11,')")
    page.locator("[name='1.kind']").select_option("GlobalMaxPooling2D")
    expect(rows.nth(2).locator("p")).to_have_text("Layer 3, Flatten: it needs an image, and gets a row of 8 numbers.")
    expect(page.get_by_role("button", name="Train", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Remove layer 3").click()
    expect(page.locator(".amount")).to_contain_text("1,066 parameters")
    for layers in ("conv-8-11,gmax,flatten", "conv-8-11,max-2,flatten", "conv-8,max-2,flatten"):
        page.get_by_role("button", name="Undo").click()
        page.wait_for_function("layers => location.search.includes(`layers=${layers}&`)", arg=layers)


@pytest.mark.parametrize("held", [0, 150])
def test_no_edit_of_layers_is_lost_or_done_twice_when_they_come_fast(page, held):
    page.goto("/train?train=own&layers=conv-8,max-2,conv-16,flatten")
    made = page.locator(".stack li > span:first-of-type")
    expect(made).to_have_count(5)
    idle(page)
    page.locator("[name='0.filters']").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("9")  # told to the server as the button is pressed, which it shows anew
    page.get_by_role("button", name="Move up layer 2").click(delay=held)
    page.wait_for_function("() => location.search.includes('layers=max-2,conv-9,conv-16,flatten&')")
    page.evaluate("for (const name of ['0.down', '1.down']) document.querySelector(`.stack [name='${name}']`).click()")
    page.wait_for_function("() => location.search.includes('layers=conv-9,conv-16,max-2,flatten&')")
    idle(page)
    expect(page.locator(".stack li [name$='.kind']").nth(2)).to_have_value("MaxPooling2D")
    page.get_by_role("button", name="Move down layer 1").focus()
    for _ in range(3):  # the focus goes with the layer, and at the end to a button that can be pressed
        page.keyboard.press("Enter")
    expect(page.locator(".stack [name='3.up']")).to_be_focused()
    page.wait_for_function("() => location.search.includes('layers=conv-16,max-2,flatten,conv-9&')")
    idle(page)
    expect(page.locator(".stack [name='3.up']")).to_be_focused()


def test_train_watch_stop_compare_and_go_back_through_the_epochs(page):
    open_draw(page)
    draw_and_wait(page, SEVEN)
    go(page, "Train", "table.confusion")
    type_in(page, {"Epochs": 40})
    train(page)
    page.get_by_text(re.compile(r"Epoch \d+ of 40 · [\d,]+ images a second")).wait_for(timeout=60_000)
    all_on_one_screen(page)
    early, weights = points(page), page.locator(".units img").first.get_attribute("src")
    until(lambda: points(page) > early)
    expect(page.locator(".units img").first).not_to_have_attribute("src", weights)
    expect(page.locator(".learning .bar.best")).to_have_text(re.compile("^7"))
    photograph(page, "train")
    page.reload()
    page.get_by_text(re.compile(r"Epoch ([2-9]|\d\d) of 40")).wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text(re.compile(r"You stopped it after [\d.]+ epochs; what it had learned is kept")).wait_for()
    until(lambda: "–" not in page.locator("table.runs tr").nth(1).inner_text(), 60)
    network = page.get_by_test_id("stSidebar").get_by_role("combobox")
    expect(network).to_have_value(re.compile("^dense .*%"))
    page.get_by_role("button", name="Back to dense").click()
    expect(network).to_have_value("dense")
    page.get_by_role("button", name="Use it on every page").click()
    expect(network).to_have_value(re.compile("^dense .*%"))
    expect(page.get_by_role("button", name="Use it on every page")).to_be_disabled()
    idle(page)
    goes_through_the_epochs(page)
    is_taken_home_and_deleted(page)
    expect(network).to_have_value("dense")


def is_taken_home_and_deleted(page) -> None:
    """A run's files; and then it is gone."""
    for name, beginning in DOWNLOADS.items():
        assert downloaded(page, page.get_by_role("button", name=name).first).startswith(beginning)
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("table.runs")).to_have_count(0)


def test_a_class_waits_in_the_queue_and_one_leaves_it(visitor):
    pages = [visitor() for _ in range(3)]
    for page, recipe in zip(pages, ({"Epochs": 2}, {}, {"Training images": 100}), strict=True):
        open_train(page)
        type_in(page, recipe)
    for number, page in enumerate(pages):
        train(page)
        if number:
            page.get_by_text(f"You are number {number} in the queue").wait_for()
    pages[1].get_by_role("button", name="Leave the queue").click()
    pages[1].get_by_text("You left the queue").wait_for()
    pages[2].get_by_text("You are number 1 in the queue").wait_for()
    for page in (pages[0], pages[2]):
        page.get_by_text("Your training of dense is done").wait_for(timeout=90_000)


def test_on_a_phone_the_answer_is_near_the_sliders_and_every_section_has_its_width(phone):
    open_shift(phone)
    shown = phone.locator(".st-key-shift-answer .answer").bounding_box()
    assert shown["y"] + shown["height"] <= 844
    assert phone.locator(CHART).bounding_box()["width"] > 300
    for name, sign in SECTIONS.items():
        phone.locator(".st-key-section").get_by_text(name, exact=True).click()
        expect(phone.locator(".st-key-lab h3", has_text=sign)).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        assert phone.evaluate(ASIDE) == [], "no table has to be pushed to the side"


def test_on_a_phone_canvas_and_answer_show_together_and_drawing_does_not_scroll(phone):
    open_draw(phone)
    draw_and_wait(phone, SEVEN)
    canvas, shown = (phone.locator(place).bounding_box() for place in (CANVAS, f"{ANSWER} .answer"))
    assert canvas["y"] >= 0 and shown["y"] + shown["height"] <= 844
    assert phone.locator(CANVAS).evaluate("c => getComputedStyle(c).touchAction") == "none"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
