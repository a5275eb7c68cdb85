"""The shift laboratory: a digit's place maps, the accuracy at every offset, and a slider move in headless Chromium."""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from mnist_model.images import dataset, shifting
from mnist_model.networks import classifier, positions
from mnist_model.networks.run_folder import shipped
from tests.bench.browser import WATCH, chromium, settle
from tests.bench.line import Line, ratios
from tests.bench.processes import ROOT, serve

DIGITS, PAIRS = 30, 3
FOUR = ["dense", "dense-shifted", "conv", "conv-global"]
PLACES = [-6, 5, -3, 7, -8, 4, -5, 6, -4, 3]  # pixels, one move after the other
MAPS, MOVE = 150, 1.2
MEASURING = [("dense", positions.MEASURED, 15), ("dense", positions.PLACES, 3), ("conv-global", positions.PLACES, 60)]
TRACK = ".st-key-dx [data-testid=stSlider] [role=group] > div"


def measure() -> Iterator[Line]:
    ms = place_maps(FOUR)
    yield Line("place maps of 4 networks, a digit", f"{ms:.0f} ms", f"at most {MAPS} ms", ms <= MAPS)
    yield Line("and of all that are shipped", f"{place_maps(shipped()):.0f} ms")
    for network, offsets, bar in MEASURING:
        seconds = asked(network, offsets)
        yield Line(f"{network} at {len(offsets)} offsets", f"{seconds:.1f} s", f"at most {bar} s", seconds <= bar)
    pairs = [
        (move(Path(__file__).with_name("empty_slider.py"), ""), move(ROOT / "app.py", "shift")) for _ in range(PAIRS)
    ]
    floor, app = ([pair[side] for pair in pairs] for side in (0, 1))
    ratio = statistics.median(ratios(app, floor))
    measured = f"{ratio:.2f} ({statistics.median(app):.0f} ms / {statistics.median(floor):.0f} ms)"
    yield Line("slider move to answer: app / empty", measured, f"at most {MOVE}", ratio <= MOVE)


def place_maps(names: list[str]) -> float:
    """Median ms for the place maps of one digit."""
    networks = [classifier.load(name) for name in names]
    times = []
    for image in dataset.scale(dataset.load().test_images[:DIGITS]):
        begun = time.perf_counter()
        for network in networks:
            positions.place_map(network, image)
        times.append(1000 * (time.perf_counter() - begun))
    return statistics.median(times)


def asked(name: str, offsets: list[shifting.Offset]) -> float:
    """Seconds for a network's answers to the test images at each of the offsets."""
    network, images = classifier.load(name, threads=os.cpu_count() or 1), dataset.scale(dataset.load().test_images)
    begun = time.perf_counter()
    positions.ask(network, images, offsets)
    return time.perf_counter() - begun


def move(app: Path, page_name: str) -> float:
    """Serve an app with the project's configuration; the median ms from touching the slider to another answer."""
    with chromium() as browser, serve(app, ROOT) as server:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{server.url}/{page_name}")
        page.wait_for_selector(TRACK, timeout=60_000)
        settle(page)
        return slide(page)


def slide(page: Page) -> float:
    page.evaluate(WATCH, [".st-key-shift-answer", "pointerdown"])
    track = page.locator(TRACK).first.bounding_box()
    middle, y = track["x"] + track["width"] / 2, track["y"] + track["height"] / 2
    for count, place in enumerate(PLACES):
        page.mouse.move(middle + place * track["width"] / 28, y)
        page.mouse.down()
        page.mouse.up()
        page.wait_for_function("count => window.waits.length > count", arg=count, timeout=30_000)
        page.wait_for_timeout(500)
    return statistics.median(page.evaluate("window.waits")[1:])
