"""What several tests do in the browser, and waiting until something happens."""

import re
import time

SEVEN = [[(85, 75), (190, 75), (180, 110), (150, 160), (125, 225)]]
FOUR = [[(170, 70), (95, 165), (210, 165)], [(170, 70), (165, 225)]]


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


def sent_by(page) -> list[float]:
    """When the page has sent something to the server, from its next visit on; grows by itself."""
    sent = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(time.monotonic())))
    return sent


def card(page, title: str):
    """What the Shift page shows of one remedy."""
    return page.locator(f".st-key-shift-answer [data-remedy='{title}']")


def draw_a_seven(page) -> None:
    page.wait_for_selector("canvas.upper-canvas")
    time.sleep(1)
    draw(page, SEVEN)
    until(lambda: page.locator(".st-key-answer .digit").count())


def go(page, name: str, sign: str) -> None:
    page.get_by_role("link", name=name).click()
    page.wait_for_selector(sign)
