"""In headless Chromium: server start to canvas on screen, pen up to changed answer, and the server's memory."""

import contextlib
import shutil
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.floor import empty_app
from tests.bench.line import Line, ratios
from tests.bench.processes import ROOT, memory, resident, serve

PAIRS, STROKES = 3, 10
START, ANSWER, MEMORY = 1.25, 1.0, 300
PAGES = ["data", "train", "shift"]
CANVAS = "canvas.upper-canvas"
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
WATCH = """([selector, event]) => {
    const text = () => document.querySelector(selector)?.innerText;
    let begun = 0, last = text();
    window.waits = [];
    document.addEventListener(event, () => { begun = performance.now(); }, true);
    new MutationObserver(() => {
        if (text() === last) return;
        last = text();
        if (begun) { window.waits.push(performance.now() - begun); begun = 0; }
    }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


class Visit(NamedTuple):
    start: float  # seconds
    answer: float  # ms
    memory: float  # MB, of the server alone
    ready: float  # MB, of the process it keeps ready for training
    loaded: float  # MB, by the first page


def measure() -> Iterator[Line]:
    with empty_app() as empty:
        pairs = [(visit(empty, empty.parent, []), visit(ROOT / "app.py", ROOT, PAGES)) for _ in range(PAIRS)]
    floor, app = (Visit(*map(list, zip(*side, strict=True))) for side in zip(*pairs, strict=True))
    median = statistics.median
    start, answer = median(ratios(app.start, floor.start)), median(ratios(app.answer, floor.answer))
    seconds = f"{start:.2f} ({median(app.start):.2f} s / {median(floor.start):.2f} s)"
    yield Line("start to canvas: app / empty page", seconds, f"at most {START}", start <= START)
    ms = f"{answer:.2f} ({median(app.answer):.0f} ms / {median(floor.answer):.0f} ms)"
    yield Line("pen up to answer: app / empty page", ms, f"at most {ANSWER}", answer <= ANSWER)
    most, least = median(app.memory), median(floor.memory)
    yield Line("kept ready once Train was opened", f"{median(app.ready):.0f} MB, for ten minutes")
    yield Line("a first visit loads", f"{median(app.loaded):.1f} MB (the empty page {median(floor.loaded):.1f} MB)")
    mb = f"{most:.0f} MB, {most / least:.2f} × the empty page's {least:.0f} MB"
    yield Line("server memory after every page", mb, f"at most {MEMORY} MB", most <= MEMORY)


def visit(app: Path, folder: Path, pages: list[str]) -> Visit:
    """Start a server, draw on its first page, look at its other pages."""
    with chromium() as browser, serve(app, folder) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        sizes: list[int] = []
        page.on("response", lambda answer: sizes.append(int(answer.headers.get("content-length", 0))))
        page.goto(server.url)
        page.wait_for_selector(CANVAS, timeout=60_000)
        start = time.perf_counter() - server.begun
        settle(page)
        loaded, answer = sum(sizes) / 1e6, draw(page)
        for name in pages:
            page.goto(f"{server.url}/{name}")
            settle(page)
        own = resident(server.process)
        return Visit(start, answer, own, memory(server.process) - own, loaded)


def draw(page: Page) -> float:
    """Draw strokes side by side; the median ms from pen up to another answer, the first stroke left out."""
    if not page.evaluate("Boolean(window.waits)"):
        page.evaluate(WATCH, [".st-key-answer", "mouseup"])
    page.evaluate("window.waits.length = 0")
    box = page.locator(CANVAS).last.bounding_box()
    for stroke in range(STROKES + 1):
        x, y = box["x"] + 60 + 12 * stroke, box["y"] + 60
        page.mouse.move(x, y)
        page.mouse.down()
        for step in range(1, 16):
            page.mouse.move(x + step, y + 9 * step)
        page.mouse.up()
        page.wait_for_function("count => window.waits.length > count", arg=stroke, timeout=30_000)
        page.wait_for_timeout(700)
    return statistics.median(page.evaluate("window.waits")[1:])


def settle(page: Page) -> None:
    """Wait until the page's script has run and its content is on screen."""
    page.wait_for_selector(IDLE, timeout=60_000)
    page.wait_for_timeout(2000)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, or else Playwright's own; a new one each time, so that nothing is cached."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
        try:
            yield browser
        finally:
            browser.close()
