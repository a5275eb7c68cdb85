"""What several tests do in the browser, and waiting until something happens."""

import re
import time

from playwright.sync_api import expect

SEVEN = [[(85, 75), (190, 75), (180, 110), (150, 160), (125, 225)]]
FOUR = [[(170, 70), (95, 165), (210, 165)], [(170, 70), (165, 225)]]
ONE = [[(140, 55), (138, 140), (141, 225)]]
SAME_INK = 0.15  # two sums of ink, each with one decimal, that may differ by a rounding

IDLE = "[data-testid=stApp][data-test-script-state=notRunning]"
CANVAS = "canvas.upper-canvas"  # of the stroke in progress
FINISHED = "canvas.dc-canvas.lower-canvas"  # of the finished ones; gets its background when it has been loaded
LIVE = ".live-answer .shown"
ANSWER = ".st-key-answer"
FOLLOWS = "window.nudgeDigit?.follow.toString().includes('follow(')"  # move.js has unpacked what the networks say
BACKGROUND = "canvas => canvas.getContext('2d').getImageData(0, 0, 1, 1).data[3] === 255"
NEW_NETWORK = "() => window.nudgeNetworks.chosen !== window.networkBefore"


def until(condition, seconds=20):
    """For what Playwright's `expect` cannot say."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
    return result


def stays(page, seconds=0.3) -> None:
    """The one wait that no condition can end: for what must not happen next."""
    page.wait_for_timeout(1000 * seconds)


def frames(page) -> None:
    """Two frames: what the page does by itself at once, it has done."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def idle(page) -> None:
    """The server has answered all it was asked."""
    frames(page)  # that something has just been asked is shown
    expect(page.locator(IDLE)).to_be_attached()


def sent(page) -> int:
    """How many messages the page has sent to the server since it was opened."""
    return page.evaluate("window.sent")


def asked(page, before: int, count: int = 1) -> None:
    """The page has sent so many more messages than before, and the server has answered them."""
    page.wait_for_function("least => window.sent >= least", arg=before + count)
    idle(page)


def go(page, name: str, sign: str) -> None:
    """Another page, by the navigation."""
    page.get_by_role("link", name=name).click()
    expect(page.locator(sign).first).to_be_visible()
    idle(page)


# Draw


def open_draw(page) -> None:
    page.goto("/")
    ready_for_the_pen(page)


def ready_for_the_pen(page) -> None:
    """The canvas is there and takes a stroke, and the browser has the networks that answer during one."""
    expect(page.locator(CANVAS)).to_be_visible()
    page.wait_for_function("Boolean(window.nudgeNetworks?.chosen && window.nudgeNetworks?.beside)")
    until(lambda: page.locator(FINISHED).evaluate(BACKGROUND))
    idle(page)


def choose(page, network: str) -> None:
    """The network for every page, in the sidebar of Draw."""
    box = page.get_by_test_id("stSidebar").get_by_role("combobox")
    if box.input_value() == network:
        return
    page.evaluate("() => { window.networkBefore = window.nudgeNetworks.chosen }")
    box.click()
    page.get_by_role("option", name=network, exact=True).click()
    page.wait_for_function(NEW_NETWORK)
    idle(page)


def press_pen(page, stroke, steps=6) -> None:
    """A stroke whose pen stays down."""
    box = page.locator(CANVAS).bounding_box()
    for i, (x, y) in enumerate(stroke):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=steps if i else 1)
        if i == 0:
            page.mouse.down()


def draw(page, strokes) -> None:
    for stroke in strokes:
        press_pen(page, stroke)
        page.mouse.up()


def answered(page) -> None:
    """The server's answer is for the ink that the browser's own was for, and stands in its place."""
    expect(page.locator(LIVE)).to_be_hidden()
    until(lambda: abs(ink(page) - ink(page, LIVE)) < SAME_INK)


def draw_and_wait(page, strokes) -> float:
    """Draw, and wait for the server's answer; returns the ink."""
    draw(page, strokes)
    answered(page)
    return ink(page)


def tool(page, name: str) -> None:
    """Undo or Clear, and the canvas has agreed: it tells the server what it shows then."""
    before = sent(page)
    page.locator(".st-key-tools").get_by_role("button", name=name).click()
    asked(page, before, 2)


def clear(page) -> None:
    tool(page, "Clear")
    expect(page.locator(f"{ANSWER} .digit")).to_have_count(0)


def ink(page, place=ANSWER) -> float:
    """The ink of the drawing as the answer has it; NaN where nothing is answered."""
    note = page.locator(place).text_content()
    found = re.search(r"ink ([\d.]+)", note)
    return float(found.group(1)) if found else float("nan")


# Shift


def open_shift(page) -> None:
    page.goto("/shift")
    ready_to_move(page)


def ready_to_move(page) -> None:
    """All is there, so that nothing moves the page any more, and the page follows the digit."""
    expect(page.locator(".card .says").first).to_be_visible()
    expect(page.locator("[data-testid=stEChartsChart] :is(canvas, svg)").first).to_be_visible()
    page.wait_for_function(FOLLOWS)
    idle(page)


def card(page, title: str):
    """What the Shift page shows of one remedy."""
    return page.locator(f".st-key-shift-answer [data-remedy='{title}']")


def moved_to(page, dx: int, dy: int) -> None:
    expect(page.locator(".grab + figcaption")).to_have_text(f"shifted by ({dx}, {dy})")
