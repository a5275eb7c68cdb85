"""The app in a real browser: draw, browse, shift, train. Each page is photographed for the README on the way."""

import os
import re
import time

import numpy as np
import pytest

from mnist_model import classifier, dataset, runs, shifting
from tests.conftest import ROOT

SEVEN = [[(85, 75), (190, 75), (180, 110), (150, 160), (125, 225)]]
FOUR = [[(170, 70), (95, 165), (210, 165)], [(170, 70), (165, 225)]]


@pytest.fixture
def page(browser, server):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(server)
    yield page
    assert page.get_by_test_id("stException").count() == 0
    page.close()


def draw(page, strokes) -> None:
    box = page.locator("canvas.upper-canvas").bounding_box()
    for stroke in strokes:
        (x, y), *rest = stroke
        page.mouse.move(box["x"] + x, box["y"] + y)
        page.mouse.down()
        for x, y in rest:
            page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
        page.mouse.up()


def answer(page, key="answer") -> str:
    return page.locator(f".st-key-{key} .answer .digit").inner_text()


def ink(page) -> float:
    return float(re.search(r"ink ([\d.]+)", page.locator(".st-key-answer").inner_text()).group(1))


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)
    return result


def go(page, name: str, sign: str) -> None:
    page.get_by_role("link", name=name).click()
    page.wait_for_selector(sign)


def points(page) -> int:
    """How many points the loss curve of the running training has."""
    labels = page.get_by_test_id("stEChartsChart").evaluate_all("es => es.map(e => e.ariaLabel)")
    return max((int(n) for label in labels for n in re.findall(r"Loss .* (\d+) points", label)), default=0)


def photograph(page, name: str) -> None:
    """Keep a screenshot for the README, where PICTURES is set (`make pictures`)."""
    if os.environ.get("PICTURES"):
        time.sleep(1.5)
        page.screenshot(path=ROOT / "assets" / "pictures" / f"{name}.png")


def test_draw_a_digit_and_read_the_answer(page):
    page.wait_for_selector("canvas.upper-canvas")
    time.sleep(1)
    assert "Draw a digit" in page.locator(".st-key-answer").inner_text()
    draw(page, SEVEN)
    until(lambda: page.locator(".st-key-answer .digit").count())
    assert answer(page) == "7" and 40 < ink(page) < 110
    assert re.search(r"Your 7 sits \d px (high|low)", page.locator(".st-key-bench").inner_text())
    photograph(page, "draw")


def test_undo_and_clear_as_often_as_one_likes(page):
    undo, clear = (page.locator(".st-key-tools button").nth(i) for i in (0, 1))
    page.wait_for_selector("canvas.upper-canvas")
    time.sleep(1)
    for _ in range(2):
        draw(page, FOUR[:1])
        once = until(lambda: page.locator(".st-key-answer .digit").count() and ink(page))
        draw(page, FOUR[1:])
        until(lambda before=once: ink(page) > before + 5)
        undo.click()
        until(lambda before=once: abs(ink(page) - before) < 0.2)
        time.sleep(0.5)
        assert abs(ink(page) - once) < 0.2, "the canvas has agreed"
        clear.click()
        until(lambda: not page.locator(".st-key-answer .digit").count())
        time.sleep(0.5)


def test_a_drawing_survives_a_look_at_another_page(page):
    page.wait_for_selector("canvas.upper-canvas")
    time.sleep(1)
    draw(page, FOUR)
    before = until(lambda: page.locator(".st-key-answer .digit").count() and ink(page))
    time.sleep(1)
    before = ink(page)
    go(page, "Data", ".gallery")
    go(page, "Draw", "canvas.upper-canvas")
    until(lambda: page.locator(".st-key-answer .digit").count())
    assert ink(page) == before
    time.sleep(1)
    draw(page, [[(30, 250), (60, 250)]])
    until(lambda: ink(page) > before + 2)
    assert ink(page) < before + 12, "the earlier strokes are still on the canvas"


def test_nudge_takes_the_digit_to_the_shift_page(page):
    page.wait_for_selector("canvas.upper-canvas")
    time.sleep(1)
    draw(page, SEVEN)
    until(lambda: page.locator(".st-key-answer .digit").count())
    shown = page.locator(".st-key-bench img.pixels").get_attribute("src")
    page.get_by_role("button", name="Nudge it").click()
    page.wait_for_selector(".st-key-shift-answer .digit")
    assert page.url.endswith("/shift")
    assert page.locator(".st-key-lab img.pixels").first.get_attribute("src") == shown


def test_move_the_digit_to_where_the_answer_changes(page):
    mnist, dense = dataset.load(), classifier.load("dense")
    index = 2
    said = shifting.place_map(dense, dataset.scale(mnist.test_images[index]))[14].argmax(1)
    dx = int(np.flatnonzero(said[14:] != said[14])[0])
    go(page, "Shift", ".st-key-shift-answer .digit")
    page.get_by_role("spinbutton").fill(str(index))
    page.get_by_role("spinbutton").press("Enter")
    until(lambda: f"test image {index}" in page.locator(".st-key-lab").inner_text())
    slider = page.get_by_role("slider").first
    slider.focus()
    for k in range(1, dx + 1):
        page.keyboard.press("ArrowRight")
        until(lambda k=k: f"shifted by ({k}, 0)" in page.locator(".st-key-lab").inner_text())
        assert int(answer(page, "shift-answer")) == said[14 + k]
    assert page.locator(".st-key-shift-answer .answer.changed").count() == 1
    photograph(page, "shift")
    page.keyboard.press("ArrowUp")
    until(lambda: f"shifted by ({dx}, -1)" in page.locator(".st-key-lab").inner_text())
    page.get_by_role("button", name="Middle").click()
    until(lambda: "shifted by (0, 0)" in page.locator(".st-key-lab").inner_text())


def test_no_press_of_an_arrow_key_is_lost_however_fast_they_come(page):
    go(page, "Shift", ".arrows")
    until(lambda: "shifted by (0, 0)" in page.locator(".st-key-lab").inner_text())
    for _ in range(5):
        for key in ("ArrowRight", "ArrowDown"):
            page.keyboard.press(key)
    until(lambda: "shifted by (5, 5)" in page.locator(".st-key-lab").inner_text())
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    until(lambda: "shifted by (-14, 5)" in page.locator(".st-key-lab").inner_text())


def test_browse_the_data_and_look_at_one(page):
    go(page, "Data", ".gallery")
    page.locator(".gallery [data-pick='8']").click()
    page.get_by_role("heading", name="Test image 8").wait_for()
    until(lambda: "its label is 5" in page.locator(".st-key-picked").inner_text())
    assert page.locator("table.numbers td").count() == 784
    photograph(page, "data")


def test_the_confusion_matrix_leads_to_its_images(page):
    go(page, "Train", "table.confusion")
    count = page.locator("table.confusion [data-pick='5,3']").inner_text()
    page.locator("table.confusion [data-pick='5,3']").click()
    until(lambda: f"{count} images of a 5 read as 3" in page.locator(".st-key-picked").inner_text())
    assert page.locator(".st-key-picked .gallery button").count() == int(count)


def test_train_for_a_moment_and_see_the_curve_grow(page):
    go(page, "Train", "table.confusion")
    page.get_by_role("button", name="Train").click()
    page.get_by_text(re.compile(r"Epoch \d of 5")).wait_for(timeout=60_000)
    whole = len(runs.history(classifier.NETWORKS / "dense"))  # shown until the new training has points of its own
    early = until(lambda: 0 < points(page) < whole and points(page))
    until(lambda: points(page) > early)
    photograph(page, "train")
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("You stopped this training").or_(page.get_by_text("Your network is trained")).wait_for()


def test_on_a_phone_canvas_and_answer_show_together_and_drawing_does_not_scroll(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(server)
    page.wait_for_selector("canvas.upper-canvas")
    time.sleep(1)
    draw(page, SEVEN)
    until(lambda: page.locator(".st-key-answer .digit").count())
    canvas, shown = (page.locator(s).bounding_box() for s in ("canvas.upper-canvas", ".st-key-answer .answer"))
    assert canvas["y"] >= 0 and shown["y"] + shown["height"] <= 844
    assert page.locator("canvas.upper-canvas").evaluate("c => getComputedStyle(c).touchAction") == "none"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
