"""A class that trains: how soon the first point is there, and whether those who draw or shift still notice nothing."""

import asyncio
import contextlib
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from playwright.sync_api import Page

from tests.bench import learner
from tests.bench.browser import CANVAS, chromium, draw, settle
from tests.bench.classroom import REACHED
from tests.bench.line import Line, ratios
from tests.bench.load import lesson
from tests.bench.processes import ROOT, memory, run, runs_elsewhere, serve

PAIRS, LEARNERS, SHIFTERS = 3, 30, 30
FIRST, DRAWING, SHIFTING = 1.3, 1.5, 60
READY = 8  # seconds: the page has been open for so long when Train is pressed
IMPORT = "import time; begun = time.perf_counter(); import tensorflow; print(time.perf_counter() - begun)"
POINTS = """least => {  // of the training that was just begun: the chosen network's curve has over a hundred
    const charts = [...document.querySelectorAll('[data-testid=stEChartsChart]')];
    const counts = charts.map(chart => /^Loss .* (\\d+) points/.exec(chart.ariaLabel || '')).filter(Boolean);
    return counts.some(count => +count[1] >= least && +count[1] < 100);
}"""


def measure() -> Iterator[Line]:
    with runs_elsewhere():
        yield from first_point()
        for whose, environment in (("each of them a teacher, on loopback", {}), ("a class", REACHED)):
            yield from drawing_and_shifting(whose, environment)


def first_point() -> Iterator[Line]:
    """From pressing Train to the first point of the curve, and to the first that training has made."""
    imports, ready, at_once = [], [], []
    for _ in range(PAIRS):
        imports.append(float(run("-c", IMPORT)))
        ready.append(press_train(READY))
        at_once.append(press_train(0))
    usual = statistics.median(imports)
    for name, times in (("page open for 8 s", ready), ("page just opened", at_once)):
        first = statistics.median(ratios([first for first, _ in times], imports))
        learned = statistics.median(second for _, second in times)
        seconds = (
            f"{first:.2f} ({statistics.median(t for t, _ in times):.1f} s / {usual:.1f} s; learning {learned:.1f} s)"
        )
        yield Line(f"Train to first point, {name}", seconds, f"at most {FIRST} × import", first <= FIRST)


def press_train(wait: float) -> tuple[float, float]:
    """Seconds from pressing Train on a page that has been open for a while to the first and the second point."""
    with chromium() as browser, serve(ROOT / "app.py", ROOT) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{server.url}/train")
        button = page.get_by_role("button", name="Train", exact=True)
        button.wait_for()
        page.wait_for_timeout(1000 * wait)
        begun = time.perf_counter()
        button.click()
        return after(page, begun, 1), after(page, begun, 2)


def after(page: Page, begun: float, points: int) -> float:
    while not page.evaluate(POINTS, points):
        page.wait_for_timeout(20)
    return time.perf_counter() - begun


def drawing_and_shifting(whose: str, environment: dict[str, str]) -> Iterator[Line]:
    """While thirty train: from pen up to answer, and thirty more on Shift."""
    with chromium() as browser, serve(ROOT / "app.py", ROOT, **environment) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(server.url)
        page.wait_for_selector(CANVAS, timeout=60_000)
        settle(page)
        quiet = draw_anew(page)
        with class_that_trains(server.url):
            busy = draw_anew(page)
            with ThreadPoolExecutor(1) as elsewhere:  # Playwright has this thread's event loop
                shifted = elsewhere.submit(asyncio.run, lesson(f"{server.url}/shift", SHIFTERS)).result()
            both = memory(server.process)
    ratio = busy / quiet
    ms = f"{ratio:.2f} ({busy:.0f} ms / {quiet:.0f} ms)"
    yield Line(f"pen up to answer, {LEARNERS} training / none, {whose}", ms, f"at most {DRAWING}", ratio <= DRAWING)
    ms = f"{shifted.median:.0f} ms (95th percentile {shifted.p95:.0f} ms, {shifted.failed} failed)"
    met = shifted.median <= SHIFTING and not shifted.failed
    yield Line(f"{SHIFTERS} on Shift while {LEARNERS} train, {whose}", ms, f"at most {SHIFTING} ms", met)
    yield Line("memory with a run and the next ready", f"{both:.0f} MB")


def draw_anew(page: Page) -> float:
    """The median ms from pen up to answer on an empty canvas."""
    page.get_by_role("button", name="Clear").click(force=True)
    page.wait_for_timeout(1500)
    return draw(page)


@contextlib.contextmanager
def class_that_trains(server: str) -> Iterator[None]:
    """All press Train; the block runs once the first of them is learning."""
    begun, over = threading.Event(), threading.Event()

    async def attend() -> None:
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(LEARNERS):
                await stack.enter_async_context(learner.training(server))
            await asyncio.sleep(READY)
            begun.set()
            while not over.is_set():
                await asyncio.sleep(0.2)

    thread = threading.Thread(target=lambda: asyncio.run(attend()), daemon=True)
    thread.start()
    if not begun.wait(120):
        raise RuntimeError("the class could not press Train")
    try:
        yield
    finally:
        over.set()
        thread.join(30)
