"""Every screen at a glance: nothing cut, nothing to the side; input, answer and its cause in one screen; one sheet."""

import pytest
from playwright.sync_api import expect

from tests.steps import (
    CANVAS,
    FOLLOWS,
    frames,
    go,
    happens,
    idle,
    open_draw,
)

SCREENS = [(1280, 720), (1366, 768), (1920, 1080), (820, 1180), (390, 844), (844, 390)]
TOGETHER = {  # by page: the input, the answer, and what it comes from
    "draw": [CANVAS, ".st-key-answer .answer", ".given .pixels", ".st-key-tip button"],
    "data": [".sample .pixels", ".sample .answer", ".sample p"],
    "shift": [".grab .pixels", ".st-key-shift-answer .answer", ".card.chosen .map"],
}
# Text that is cut off by its own box or that lies beyond the screen's side, unless it can be scrolled to.
CUT = """() => [...document.querySelectorAll("[data-testid=stMain] *, [data-testid=stSidebar] *")].filter(e => {
  const own = [...e.childNodes].some(node => node.nodeType === 3 && node.textContent.trim())
  if (!own || !e.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false
  if (e.closest(".spoken, .scroll, pre, svg, [data-testid=stSidebar]:has(~ * [data-testid=stExpandSidebarButton])"))
    return false
  const { left, right, width } = e.getBoundingClientRect()
  const hidden = getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1
  return width && getComputedStyle(e).clipPath === "none" && (hidden || left < 0 || right > innerWidth + 1)
}).map(e => `${e.tagName} ${e.className}: ${e.textContent.trim().slice(0, 40)}`)"""
# How much of the screen a bar at its bottom leaves.
ABOVE_THE_BAR = """() => {
  const bar = document.querySelector("[data-testid=stSidebarNav]")
  return bar && getComputedStyle(bar).position === "fixed" ? bar.getBoundingClientRect().top : innerHeight
}"""


def resize(page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    frames(page)
    page.evaluate("document.querySelector('[data-testid=stMain]')?.scrollTo(0, 0)")


def together(page, name: str) -> None:
    """Input, answer and cause are within one screen: at the top of the page, or where what was picked begins."""
    places = [page.locator(place).filter(visible=True).first for place in TOGETHER[name]]
    if name == "data":
        places[0].scroll_into_view_if_needed()
    boxes = [place.bounding_box() for place in places]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"] for box in boxes)
    top, bottom = min(box["y"] for box in boxes), max(box["y"] + box["height"] for box in boxes)
    room = page.evaluate(ABOVE_THE_BAR)
    assert bottom - top <= room if name == "data" else top >= 0 and bottom <= room, (name, page.viewport_size, boxes)


def fits(page, name: str) -> None:
    for width, height in SCREENS:
        resize(page, width, height)
        assert page.evaluate(CUT) == [], (name, width, height)
        for place in ("html", "[data-testid=stMain]"):
            wider = page.locator(place).evaluate("e => e.scrollWidth - e.clientWidth")
            assert wider <= 0, (name, width, height)
        if name in TOGETHER:
            together(page, name)


@pytest.fixture
def wide(page):
    resize(page, 1280, 720)
    yield page
    resize(page, 1280, 900)


def test_nothing_is_cut_and_input_answer_and_cause_are_in_one_screen(wide):
    open_draw(wide)
    wide.get_by_role("button", name="Example").click()
    expect(wide.locator(".st-key-answer .digit")).to_have_text("7")
    fits(wide, "draw")
    resize(wide, 1280, 720)
    go(wide, "Data", ".gallery")
    wide.locator(".gallery [data-pick='8']").click()
    expect(wide.get_by_role("heading", name="Test image 8")).to_be_visible()
    idle(wide)
    fits(wide, "data")
    resize(wide, 1280, 720)
    go(wide, "Train", "table.confusion")
    fits(wide, "train")
    resize(wide, 1280, 720)
    go(wide, "Shift", ".card .says")
    happens(wide, FOLLOWS)
    fits(wide, "shift")
