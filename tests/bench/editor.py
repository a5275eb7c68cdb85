"""The editor of one's own layers, in headless Chromium: from an edit to the new shapes on screen."""

import statistics
from collections.abc import Callable, Iterator

from playwright.sync_api import Page

from tests.bench.browser import WATCH, chromium, settle
from tests.bench.line import Line
from tests.bench.processes import ROOT, runs_elsewhere, serve

BAR = 100  # ms
EDITS = 10
PAGE = "/train?train=own&layers=conv-8,max-2,conv-16,max-2,flatten"


def measure() -> Iterator[Line]:
    with runs_elsewhere(), chromium() as browser, serve(ROOT / "app.py", ROOT) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(server.url + PAGE)
        page.wait_for_selector(".stack ol", timeout=60_000)
        settle(page)
        yield line("a layer's field changed", edit(page, "input", lambda i: change(page, i)))
        yield line("a layer moved up or down", edit(page, "click", lambda i: move(page, i)))


def line(what: str, ms: float) -> Line:
    return Line(f"{what}, to the new shapes", f"{ms:.0f} ms", f"at most {BAR} ms", ms <= BAR)


def edit(page: Page, event: str, act: Callable[[int], None]) -> float:
    """Median ms from an event to other text in the editor, the first edit left out."""
    page.evaluate(WATCH, [".stack ol", event])
    for count in range(EDITS + 1):
        act(count)
        page.wait_for_function("count => window.waits.length > count", arg=count, timeout=30_000)
        page.wait_for_timeout(500)
    return statistics.median(page.evaluate("window.waits")[1:])


def change(page: Page, i: int) -> None:
    """Another number of filters: what all later layers make follows."""
    page.locator('.stack [name="0.filters"]').fill(str(9 + i))


def move(page: Page, i: int) -> None:
    """The first pooling before the convolution, and back."""
    page.locator(f'.stack [name="{("1.up", "0.down")[i % 2]}"]').click()
