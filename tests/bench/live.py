"""One long stroke on the Draw page in headless Chromium: answers a second while the pen is down, and script a frame."""

import statistics
from collections.abc import Iterator
from typing import NamedTuple

from playwright.sync_api import Page

from tests.bench.browser import CANVAS, chromium, settle
from tests.bench.line import Line
from tests.bench.processes import ROOT, serve

SECONDS, FRAME = 3, 8
LEAST = {"dense": 50, "conv": 30, "conv-global": 30, "robust": 30}
TIME = """() => {  // the time that each frame's script takes while the pen is down, the canvas's own included
    const ask = window.requestAnimationFrame.bind(window)
    let spent = 0, of = 0
    window.frames_ms = []
    window.requestAnimationFrame = step => ask(now => {
        if (now !== of && window.pen) window.frames_ms.push(spent)
        if (now !== of) [spent, of] = [0, now]
        const begun = performance.now()
        step(now)
        spent += performance.now() - begun
    })
    document.addEventListener("pointerdown", () => { window.pen = true; window.frames_ms = [] }, true)
    document.addEventListener("pointerup", () => { window.pen = false }, true)
}"""
COUNT = """() => {
    window.answers = 0
    const own = window.nudgeNetworks.chosen
    window.nudgeNetworks.chosen = image => { window.answers++; return own(image) }
}"""

MOVE = """([x, y, seconds]) => new Promise(done => {  // as a mouse does, without waiting for the driver
    const canvas = document.elementFromPoint(x, y).shadowRoot.querySelector("canvas.upper-canvas")
    const end = performance.now() + 1000 * seconds
    const before = window.answers
    let step = 0
    const move = () => {
        const place = { clientX: x + step % 150, clientY: y + step / 2 % 240 }
        canvas.dispatchEvent(new MouseEvent("mousemove", { ...place, buttons: 1, bubbles: true, composed: true }))
        step += 1
        if (performance.now() < end) setTimeout(move, 1000 / 120)
        else done((window.answers - before) / seconds)
    }
    move()
})"""


class Stroke(NamedTuple):
    answers: float  # a second
    frames: list[float]  # ms of script
    sent: int  # messages to the server


def measure() -> Iterator[Line]:
    with chromium() as browser, serve(ROOT / "app.py", ROOT) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        sent = []
        page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
        page.add_init_script(f"({TIME})()")
        page.goto(server.url)
        page.wait_for_selector(CANVAS, timeout=60_000)
        settle(page)
        for name, least in LEAST.items():
            stroke = draw(page, name, sent)
            answers = f"{stroke.answers:.0f}, {stroke.sent} messages sent"
            met = stroke.answers >= least and not stroke.sent
            yield Line(f"answers a second, {name}", answers, f"at least {least}, none", met)
            ms = statistics.median(stroke.frames)
            frame = f"{ms:.1f} ms (95 % below {sorted(stroke.frames)[int(0.95 * len(stroke.frames))]:.1f} ms)"
            bar = f"at most {FRAME} ms" if name == "dense" else ""
            yield Line(f"script a frame, {name}", frame, bar, ms <= FRAME if bar else None)


def draw(page: Page, network: str, sent: list) -> Stroke:
    """Choose a network and draw one long stroke as fast as the browser takes it."""
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    page.get_by_role("option", name=network, exact=True).click()
    settle(page)
    page.evaluate(COUNT)
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")  # Playwright may have scrolled for its clicks
    sent.clear()
    box = page.locator(CANVAS).last.bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 20)
    page.mouse.down()
    page.wait_for_timeout(100)
    answers = page.evaluate(MOVE, [box["x"] + 60, box["y"] + 20, SECONDS])
    frames = page.evaluate("window.frames_ms")
    messages = len(sent)
    page.mouse.up()
    page.locator(".st-key-tools button").nth(1).click()
    page.wait_for_timeout(1500)
    return Stroke(answers, frames, messages)
