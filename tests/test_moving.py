"""The digit moved on the Shift page: by sliders, keys, buttons, maps and fingers; the page is ahead of the server."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from mnist_model.images import dataset, shifting
from mnist_model.networks import classifier
from mnist_model.networks.positions import place_map
from mnist_model.networks.registry import NETWORKS
from mnist_model.networks.remedies import CENTRING, REMEDIES
from mnist_model.percent import percent, probability
from tests.steps import asked, card, idle, moved_to, open_shift, sent, stays, until

RING = """card => {  // where the ring is, in cells
    const [ring, map] = [".here", ".map"].map(part => card.querySelector(part).getBoundingClientRect());
    return [ring.x + ring.width / 2 - map.x, ring.y + ring.height / 2 - map.y].map(d => 29 * d / map.width);
}"""
STEPS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
MIDDLE = 14  # of a place map


@pytest.fixture
def page(page):
    """The Shift page with the first test image, a 7, not moved; as an earlier test has left it, but for that."""
    if "/shift" not in page.url or not page.locator("[data-testid=stEChartsChart] canvas").count():
        open_shift(page)
    show(page, 0)
    before = sent(page)
    page.get_by_role("button", name="Middle").click()
    asked(page, before)
    moved_to(page, 0, 0)
    return page


def image_of(index: int) -> np.ndarray:
    """A test image as the networks receive it."""
    return dataset.scale(dataset.load().test_images[index])


def show(page, index: int) -> None:
    """A test image, if it is another one than that which is shown."""
    shown = page.locator(".st-key-mover figcaption").first
    if f"test image {index:,}:" in shown.inner_text():
        return
    page.get_by_role("spinbutton").fill(str(index))
    page.get_by_role("spinbutton").press("Enter")
    expect(shown).to_contain_text(f"test image {index:,}:")
    idle(page)


def slide(page, dx: int, steps=3) -> None:
    """Move the held slider for dx."""
    track = page.locator(".st-key-dx [data-testid=stSlider] [role=group] > div").first.bounding_box()
    page.mouse.move(track["x"] + track["width"] * (14 + dx) / 28, track["y"] + track["height"] / 2, steps=steps)


def hold(page) -> None:
    """Take hold of the slider for dx, which stands at 0."""
    slide(page, 0, 1)
    page.mouse.down()


def grab(page, dx: float, dy: float) -> None:
    """Drag the picture by so many of its pixels; the button stays down."""
    box = page.locator(".grab").bounding_box()
    pixel, x, y = box["width"] / 28, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx * pixel, y + dy * pixel, steps=10)


def shows(page, image, dx: int, dy: int) -> None:
    """The page says of the image at an offset what Python says: in every card, in the answer and on the bars."""
    moved_to(page, dx, dy)
    for remedy in REMEDIES:
        network = classifier.front(classifier.load(remedy.network), remedy.centred)
        said, before = (network.probabilities(shifting.shift(image, *at))[0] for at in ((dx, dy), (0, 0)))
        answer, changed = int(said.argmax()), said.argmax() != before.argmax()
        shown = card(page, remedy.title)
        expect(shown.locator(".says")).to_have_text(str(answer))
        expect(shown.locator(".sure")).to_have_text(probability(said.max()))
        assert ("changed" in shown.get_attribute("class").split()) == changed
        columns = shown.locator(".columns i").evaluate_all("all => all.map(e => +e.style.getPropertyValue('--p'))")
        assert columns == pytest.approx(said.tolist(), abs=0.001)
        if remedy.title == "dense":
            note = f"says dense; it said {before.argmax()} before" if changed else "says dense, as before"
            beside = page.locator(".st-key-shift-answer .answer")
            expect(beside).to_have_text(re.compile(f"^{answer}{re.escape(probability(said.max()) + note)}$"))
            assert ("changed" in beside.get_attribute("class").split()) == changed
            bars(page, said)


def bars(page, said) -> None:
    """The ten bars of what is said now."""
    rows = page.locator(".below figure:last-child .bar")
    assert [row.split(maxsplit=1)[1] for row in rows.all_inner_texts()] == [probability(p) for p in said]
    widths = rows.locator(".track span").evaluate_all("all => all.map(e => parseFloat(e.style.width))")
    assert widths == pytest.approx((100 * said).tolist(), abs=0.06)
    best = rows.evaluate_all("all => all.map(e => e.classList.contains('best'))")
    assert best == [digit == said.argmax() for digit in range(10)]


def test_the_page_follows_a_slider_before_the_server_hears_of_it(page):
    image, before = image_of(0), sent(page)
    hold(page)
    for dx in (3, -2, 6):
        slide(page, dx)
        shows(page, image, dx, 0)
    assert sent(page) == before
    page.mouse.up()
    asked(page, before)
    shows(page, image, 6, 0)
    expect(page.locator(".answers")).to_have_attribute("data-dx", "6")


def test_the_digit_can_be_grabbed_and_everything_follows(page):
    image, before = image_of(0), sent(page)
    grab(page, 5, -3)
    shows(page, image, 5, -3)
    place = page.locator(".answers").evaluate("e => ['--dx', '--dy'].map(v => e.style.getPropertyValue(v))")
    assert place == ["5", "-3"] and sent(page) == before
    page.mouse.up()
    asked(page, before)
    for key, value in (("dx", "5"), ("dy", "-3")):
        expect(page.locator(f".st-key-{key} input[type=range]")).to_have_attribute("aria-valuetext", value)
    shows(page, image, 5, -3)
    grab(page, -40, 40)
    moved_to(page, -14, 14)
    page.mouse.up()
    expect(page.locator(".answers")).to_have_attribute("data-dx", "-14")
    moved_to(page, -14, 14)


def test_ink_that_leaves_the_frame_is_told_of_at_once_and_not_before(page):
    lost = np.array([shifting.ink_lost(image_of(index))[MIDDLE, MIDDLE:] for index in range(100)])
    few, more = lost[:, :-1], lost[:, 1:]
    index, k = np.argwhere((few > shifting.LOST / 5) & (few < shifting.LOST) & (more > shifting.LOST))[0].tolist()
    show(page, index)
    before, told = sent(page), page.locator(".st-key-mover div.lost")
    hold(page)
    for dx in (k, k + 1, k, 12, 0, 12):
        slide(page, dx)
        moved_to(page, dx, 0)
        gone = f"{percent(lost[index, dx], 0)} of the ink has left the frame. No network can see what is gone."
        expect(told).to_have_text(gone if dx in (k + 1, 12) else "")
    assert sent(page) == before
    page.mouse.up()
    expect(page.locator(".answers")).to_have_attribute("data-dx", "12")
    expect(told).to_have_text(gone)


def test_move_the_digit_to_where_the_answer_changes(page):
    said = place_map(classifier.load("dense"), image_of(2))[MIDDLE].argmax(1)
    dx = int(np.flatnonzero(said[MIDDLE:] != said[MIDDLE])[0])
    show(page, 2)
    page.get_by_role("slider").first.focus()
    answer = page.locator(".st-key-shift-answer .answer")
    for k in range(1, dx + 1):
        page.keyboard.press("ArrowRight")
        moved_to(page, k, 0)
        expect(answer.locator(".digit")).to_have_text(str(said[MIDDLE + k]))
    expect(answer).to_have_class("answer wrong changed")
    page.keyboard.press("ArrowUp")
    moved_to(page, dx, -1)
    page.get_by_role("button", name="Middle").click()
    moved_to(page, 0, 0)
    expect(answer).to_have_class("answer right")


@pytest.mark.parametrize("by", ["key", "button"])
def test_arrow_keys_and_buttons_move_it_by_one_pixel(page, by):
    x = y = 0
    for name in ("left", "up", "up", "right", "right", "right", "down"):
        if by == "key":
            page.keyboard.press(f"Arrow{name.capitalize()}")
        else:
            page.locator(".arrows").get_by_role("button", name=name, exact=True).click()
        x, y = x + STEPS[name][0], y + STEPS[name][1]
        moved_to(page, x, y)
    for axis, value in (("data-dx", x), ("data-dy", y)):
        expect(page.locator(".answers")).to_have_attribute(axis, str(value))


def test_no_press_of_an_arrow_key_is_lost_however_fast_they_come_and_none_leads_out_of_reach(page):
    for _ in range(5):
        for key in ("ArrowRight", "ArrowDown"):
            page.keyboard.press(key)
    moved_to(page, 5, 5)
    for key, presses, x, y in (("ArrowLeft", 21, -14, 5), ("ArrowDown", 11, -14, 14)):
        for _ in range(presses):
            page.keyboard.press(key)
        moved_to(page, x, y)
    expect(page.locator(".answers")).to_have_attribute("data-dx", "-14")
    expect(page.locator(".answers")).to_have_attribute("data-dy", "14")
    idle(page)
    moved_to(page, -14, 14)


def test_the_picture_keeps_the_focus_while_arrow_keys_move_the_digit(page):
    page.locator(".grab").focus()
    for key, dx, dy in (("ArrowRight", 1, 0), ("ArrowRight", 2, 0), ("ArrowDown", 2, 1)):
        before = sent(page)
        page.keyboard.press(key)
        asked(page, before)  # the server has sent the picture anew
        moved_to(page, dx, dy)
        expect(page.locator(".grab")).to_be_focused()
    expect(page.locator(".arrows ~ [aria-live=polite]")).to_contain_text("shifted by (2, 1)")
    page.keyboard.press("Tab")
    stays(page)
    expect(page.locator(".grab")).not_to_be_focused()


def test_a_place_on_a_map_takes_the_digit_there(page):
    place_map = card(page, "conv").locator(".map")
    cell = place_map.bounding_box()["width"] / 29
    place_map.click(position={"x": (MIDDLE + 6.5) * cell, "y": (MIDDLE - 2.5) * cell})
    moved_to(page, 6, -3)
    until(lambda: card(page, "dense").evaluate(RING) == pytest.approx([MIDDLE + 6.5, MIDDLE - 2.5], abs=0.5))
    page.keyboard.press("ArrowLeft")
    moved_to(page, 5, -3)
    until(lambda: card(page, "dense").evaluate(RING) == pytest.approx([MIDDLE + 5.5, MIDDLE - 2.5], abs=0.5))


def test_every_card_says_what_its_network_is(page):
    for remedy in REMEDIES:
        line = CENTRING if remedy.centred else NETWORKS[remedy.network].line
        expect(card(page, remedy.title).locator(".who")).to_have_text(line)


def test_a_finger_drags_the_digit_and_not_the_page(phone):
    open_shift(phone)
    box = phone.locator(".grab").bounding_box()
    pixel, x, y = box["width"] / 28, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = phone.context.new_cdp_session(phone)
    for kind, steps in (("touchStart", [0]), ("touchMove", range(1, 7)), ("touchEnd", [None])):
        for k in steps:
            points = [] if k is None else [{"x": x - k * pixel, "y": y - k * pixel}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    moved_to(phone, -6, -6)
    assert phone.evaluate("document.querySelector('[data-testid=stMain]').scrollTop + scrollY") == 0
