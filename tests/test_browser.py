"""The app in a real browser: draw, browse, shift, train. Each page is photographed for the README on the way."""

import os
import re
import time

import numpy as np
import pytest

from mnist_model import classifier, dataset, shifting
from tests.conftest import ROOT
from tests.steps import FOUR, SEVEN, answer, card, draw, draw_a_seven, go, ink, sent_by, until

RING = """card => {  // where the ring is, in cells
    const [ring, map] = [".here", ".map"].map(part => card.querySelector(part).getBoundingClientRect());
    return [ring.x + ring.width / 2 - map.x, ring.y + ring.height / 2 - map.y].map(d => 29 * d / map.width);
}"""
SECTIONS = {
    "Maps": "The same offset for all",
    "Breaking": "Breaking point of this digit",
    "Why": "every weight waits at one pixel",
    "Where": "Where the 60,000 training digits live",
    "Verdict": "The verdict",
    "Shuffled": "Shuffled pixels",
}


@pytest.fixture
def page(browser, server):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(server)
    yield page
    assert page.get_by_test_id("stException").count() == 0
    page.close()


def learning(page) -> str:
    """What the network said of the drawing at the chosen epoch."""
    return page.locator(".learning").last.inner_text()


def points(page) -> int:
    """How many points the loss curve of the running training has."""
    labels = page.get_by_test_id("stEChartsChart").evaluate_all("es => es.map(e => e.ariaLabel)")
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
    assert re.search(r"Your digit sits \d px (high|low)", page.locator(".st-key-bench").inner_text())
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
    page.get_by_role("slider").first.focus()
    for k in range(1, dx + 1):
        page.keyboard.press("ArrowRight")
        until(lambda k=k: f"shifted by ({k}, 0)" in page.locator(".st-key-lab").inner_text())
        assert int(answer(page, "shift-answer")) == said[14 + k]
    assert page.locator(".st-key-shift-answer .answer.changed").count() == 1
    page.keyboard.press("ArrowUp")
    until(lambda: f"shifted by ({dx}, -1)" in page.locator(".st-key-lab").inner_text())
    page.get_by_role("button", name="Middle").click()
    until(lambda: "shifted by (0, 0)" in page.locator(".st-key-lab").inner_text())


def test_drag_the_digit_to_where_dense_fails_and_the_pooled_network_holds(page):
    image = dataset.scale(dataset.load().test_images[0])
    dense, pooled = (said_at(name, image) for name in ("dense", "conv-global"))
    dx = next(k for k in range(1, 9) if dense[k] != dense[0] and pooled[k] == pooled[0])
    go(page, "Shift", ".card .says")
    drag(page, "dx", dx)
    until(lambda: f"shifted by ({dx}, 0)" in page.locator(".st-key-lab").inner_text())
    assert int(answer(page, "shift-answer")) == dense[dx]
    assert f"it said {dense[0]} before" in page.locator(".st-key-shift-answer").inner_text()
    assert int(card(page, "dense").locator(".says").inner_text()) == dense[dx]
    assert int(card(page, "conv-global").locator(".says").inner_text()) == dense[0]
    assert "changed" in card(page, "dense").get_attribute("class")
    assert "changed" not in card(page, "conv-global").get_attribute("class")
    photograph(page, "shift")


def test_the_page_follows_a_drag_before_the_server_hears_of_it(page):
    image = dataset.scale(dataset.load().test_images[0])
    sent = sent_by(page)
    go(page, "Shift", ".card .says")
    page.reload()
    page.wait_for_selector(".card .says")
    time.sleep(2)
    sent.clear()
    track = page.locator(".st-key-dx [data-testid=stSlider] [role=group] > div").first.bounding_box()
    y = track["y"] + track["height"] / 2
    page.mouse.move(track["x"] + track["width"] / 2, y)
    page.mouse.down()
    for name in ("dense", "conv-global"):
        network, dense = classifier.load(name), classifier.load("dense")
        for k in (3, -2, 6):
            page.mouse.move(track["x"] + track["width"] * (14 + k) / 28, y, steps=3)
            until(lambda k=k: f"shifted by ({k}, 0)" in page.locator(".st-key-lab").inner_text())
            said = network.probabilities(shifting.shift(image, k, 0))[0]
            expected = f"{said.argmax()} {100 * said.max():.1f} %"
            until(lambda n=name, e=expected: e in card(page, n).locator("figcaption").inner_text())
            said = dense.probabilities(shifting.shift(image, k, 0))[0]
            rows = page.locator(".below figure:last-child .bar").all_inner_texts()
            assert [row.split()[1] for row in rows] == [f"{100 * p:.1f}" for p in said]
    assert not sent
    page.mouse.up()
    page.wait_for_timeout(500)
    assert sent
    until(lambda: "shifted by (6, 0)" in page.locator(".st-key-lab").inner_text())


def test_a_place_on_a_map_takes_the_digit_there(page):
    go(page, "Shift", ".card .says")
    page.wait_for_selector(".arrows")
    time.sleep(1)  # the chart below may still move the page
    place_map = card(page, "conv").locator(".map")
    cell = place_map.bounding_box()["width"] / 29
    place_map.click(position={"x": (14 + 6.5) * cell, "y": (14 - 2.5) * cell})
    until(lambda: "shifted by (6, -3)" in page.locator(".st-key-lab").inner_text())
    until(lambda: card(page, "dense").evaluate(RING) == pytest.approx([14 + 6.5, 14 - 2.5], abs=0.5))
    page.keyboard.press("ArrowLeft")
    until(lambda: "shifted by (5, -3)" in page.locator(".st-key-lab").inner_text())


def test_each_section_of_the_shift_page_opens(page):
    go(page, "Shift", ".card .says")
    for name, sign in SECTIONS.items():
        page.locator(".st-key-section").get_by_text(name, exact=True).click()
        page.locator(".st-key-lab h3", has_text=sign).wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280


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
    for index in (5000, 60):
        page.get_by_role("spinbutton").first.fill(str(index))
        page.get_by_role("spinbutton").first.press("Enter")
        page.locator(f".gallery [data-pick='{index}'][aria-pressed='true']").wait_for()


def test_the_confusion_matrix_leads_to_its_images(page):
    go(page, "Train", "table.confusion")
    count = page.locator("table.confusion [data-pick='5,3']").inner_text()
    page.locator("table.confusion [data-pick='5,3']").click()
    until(lambda: f"{count} images of a 5 read as 3" in page.locator(".st-key-picked").inner_text())
    assert page.locator(".st-key-picked .gallery button").count() == int(count)


def test_train_watch_stop_compare_and_go_back_through_the_epochs(page):
    draw_a_seven(page)
    go(page, "Train", "table.confusion")
    page.get_by_role("spinbutton", name="Epochs").fill("40")
    page.get_by_role("spinbutton", name="Epochs").press("Enter")
    time.sleep(1)  # the estimate changes
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text(re.compile(r"Epoch \d+ of 40 · [\d,]+ images a second")).wait_for(timeout=60_000)
    early, weights = points(page), page.locator(".units img").first.get_attribute("src")
    until(lambda: points(page) > early)
    until(lambda: page.locator(".units img").first.get_attribute("src") != weights)
    until(lambda: page.locator(".learning .bar.best").inner_text().startswith("7"))
    photograph(page, "train")
    page.reload()
    page.get_by_text(re.compile(r"Epoch \d+ of 40")).wait_for()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_text(re.compile(r"You stopped it after [\d.]+ epochs; what it had learned is kept")).wait_for()
    until(lambda: "–" not in page.locator("table.runs tr").nth(1).inner_text(), 60)
    page.get_by_role("button", name="Use it on every page").click()
    until(lambda: "dense " in page.get_by_test_id("stSidebar").get_by_role("combobox").input_value())
    slider = page.get_by_role("slider", name="Epoch")
    until(lambda: slider.count() == 1)  # the page as it was goes when it has been run anew
    time.sleep(1)
    slider.focus()
    page.keyboard.press("Home")
    until(lambda: float(re.search(r"([\d.]+) % of the test", learning(page)).group(1)) < 40)
    page.keyboard.press("End")
    until(lambda: float(re.search(r"([\d.]+) % of the test", learning(page)).group(1)) > 80)
    for name in ("model.keras", "model.tflite", "history.csv", "curves.png"):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert download.value.path().stat().st_size > 1000
    page.get_by_role("button", name="Delete").click()
    until(lambda: not page.locator("table.runs").count())


def test_a_class_waits_in_the_queue_and_one_leaves_it(browser, server):
    pages = [browser.new_context(viewport={"width": 1280, "height": 900}).new_page() for _ in range(3)]
    for page in pages:
        page.goto(f"{server}/train")
        page.wait_for_selector("table.confusion")
        page.get_by_role("button", name="Train", exact=True).click()
        page.get_by_text("Starting TensorFlow").or_(page.get_by_text("in the queue")).wait_for()
    pages[2].get_by_text("You are number 2 in the queue").wait_for()
    pages[1].get_by_role("button", name="Leave the queue").click()
    pages[2].get_by_text("You are number 1 in the queue").wait_for()
    for page in (pages[0], pages[2]):
        page.get_by_text("Your training of dense is done").wait_for(timeout=90_000)
    for page in pages:
        assert page.get_by_test_id("stException").count() == 0
        page.context.close()


def test_on_a_phone_the_answer_is_near_the_sliders_and_every_section_has_its_width(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server}/shift")
    page.wait_for_selector(".card .says")
    shown = page.locator(".st-key-shift-answer .answer").bounding_box()
    assert shown["y"] + shown["height"] <= 844
    assert page.get_by_test_id("stEChartsChart").bounding_box()["width"] > 300
    for name, sign in SECTIONS.items():
        page.locator(".st-key-section").get_by_text(name, exact=True).click()
        page.locator(".st-key-lab h3", has_text=sign).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


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
