"""What several tests do in the browser, and waiting until something happens."""

import re
import time

from playwright.sync_api import expect

SEVEN = [[(85, 75), (190, 75), (180, 110), (150, 160), (125, 225)]]
FOUR = [[(170, 70), (95, 165), (210, 165)], [(170, 70), (165, 225)]]
ONE = [[(140, 55), (138, 140), (141, 225)]]
LOOK = 25  # ms between two looks at whether something has happened
SAME_INK = 0.15  # two sums of ink, each with one decimal, that may differ by a rounding

IDLE = "document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')"
CANVAS = "canvas.upper-canvas"  # of the stroke in progress
FINISHED = "canvas.dc-canvas.lower-canvas"  # of the finished ones; gets its background when it has been loaded
BACKGROUND = "canvas => canvas.getContext('2d').getImageData(0, 0, 1, 1).data[3] === 255"
NETWORKS_SENT = "window.nudgeNetworks?.chosen && window.nudgeNetworks?.beside"
MOVED = "text => document.querySelector('.grab + figcaption')?.textContent === text"
FOLLOWS = "window.nudgeDigit?.follow.toString().includes('follow(')"  # move.js has unpacked what the networks say
ANSWER = ".st-key-answer"
LIVE = ".live-answer .shown"
ANSWERED = f"""() => {{  // by the server, for the ink that the browser's answer was for, and in its place
    const ink = place => parseFloat(document.querySelector(`${{place}} .note`)?.textContent.slice(4))
    return document.querySelector("{LIVE}").hidden && Math.abs(ink("{ANSWER}") - ink("{LIVE}")) < {SAME_INK}
}}"""


def until(condition, seconds=60):
    """For what Playwright cannot say."""
    end = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
    return result


def happens(page, condition: str, arg=None) -> None:
    """Wait for a condition in JavaScript, looking often; `expect` looks only now and then. Not frame by frame: a page
    that has to make frames takes a tenth of a core for as long as one waits."""
    page.wait_for_function(f"Boolean({condition})" if "=>" not in condition else condition, arg=arg, polling=LOOK)


def stays(page, seconds=0.3) -> None:
    """The one wait that no condition can end: for what must not happen next."""
    page.wait_for_timeout(1000 * seconds)


def frames(page) -> None:
    """Two frames: what the page does by itself at once, it has done."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def idle(page) -> None:
    """The server has answered all it was asked."""
    frames(page)  # what has just been pressed is sent
    happens(page, "!window.asked")
    frames(page)  # what has just been received is shown
    happens(page, IDLE)


def sent(page) -> int:
    """How many messages the page has sent to the server since it was opened."""
    return page.evaluate("window.sent")


def asked(page, before: int, count: int = 1) -> None:
    """The page has sent so many more messages than before, and the server has answered them."""
    happens(page, "least => window.sent >= least", before + count)
    idle(page)


def go(page, name: str, sign: str) -> None:
    """Another page, by the navigation."""
    page.get_by_role("link", name=name).click()
    page.wait_for_selector(sign)
    idle(page)


# Draw


def open_draw(page) -> None:
    page.goto("/", wait_until="commit")
    ready_for_the_pen(page)


def ready_for_the_pen(page) -> None:
    """The canvas is there and takes a stroke, and the browser has the networks that answer during one."""
    page.wait_for_selector(CANVAS)
    happens(page, NETWORKS_SENT)
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
    happens(page, "window.nudgeNetworks.chosen !== window.networkBefore")
    idle(page)


def press_pen(page, stroke) -> None:
    """A stroke whose pen stays down; the mouse reports it at about sixteen places."""
    box = page.locator(CANVAS).bounding_box()
    for i, (x, y) in enumerate(stroke):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=16 // (len(stroke) - 1) if i else 1)
        if i == 0:
            page.mouse.down()


def draw(page, strokes) -> None:
    for stroke in strokes:
        press_pen(page, stroke)
        page.mouse.up()


def answered(page) -> None:
    happens(page, ANSWERED)


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


def ink(page) -> float:
    """The ink of the drawing as the server's answer has it."""
    return float(re.search(r"ink ([\d.]+)", page.locator(ANSWER).inner_text()).group(1))


# Shift


def open_shift(page) -> None:
    page.goto("/shift", wait_until="commit")
    ready_to_move(page)


def ready_to_move(page) -> None:
    """All is there, so that nothing moves the page any more, and the page follows the digit."""
    page.wait_for_selector(".card .says")
    page.wait_for_selector("[data-testid=stEChartsChart] canvas")
    happens(page, FOLLOWS)
    idle(page)


def card(page, title: str):
    """What the Shift page shows of one remedy."""
    return page.locator(f".st-key-shift-answer [data-remedy='{title}']")


def moved_to(page, dx: int, dy: int) -> None:
    happens(page, MOVED, f"shifted by ({dx}, {dy})")


def resize(page, width: int, height: int) -> None:
    """Another window size, at the page's top, once it is painted."""
    page.set_viewport_size({"width": width, "height": height})
    frames(page)
    page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0)")
