"""axe-core finds nothing serious on any page: in light, dark, on a projector, covered, on a phone."""

import os

import pytest

from tests.conftest import ROOT
from tests.steps import frames, happens, idle

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PAGES = {  # an address with an answer, and what is there when all is
    "draw": ("/?digit=test-247", ".st-key-answer .digit"),
    "data": ("/data?image=8", "[data-testid=stEChartsChart] canvas"),
    "train": ("/train?", ".layers"),
    "shift": ("/shift?digit=test-247&dx=3&look=breaking", ".card .says"),
    "a lesson": ("/?lesson=moving&step=9", "table.confusion"),
}
FOUND = """async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(node => `${id}: ${node.target} ${node.html} ${node.failureSummary}`))"""


def faults(page, scheme: str = "light") -> list[str]:
    """What is found on a page as it is; nothing where there is no axe-core, which the tests below say."""
    page.emulate_media(color_scheme=scheme)
    happens(page, "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme", scheme)
    frames(page)
    if not AXE.is_file():
        return []
    page.evaluate(AXE.read_text())
    found = page.evaluate(FOUND)
    page.emulate_media(color_scheme="light")
    return found


@pytest.fixture
def axe():
    """The script that looks; without it, skip; in CI, fail."""
    if not AXE.is_file():
        pytest.fail("no axe-core: npm ci") if os.environ.get("CI") else pytest.skip("no axe-core: `make node_modules`")
    return AXE.read_text()


def look(page, scheme: str, keys: str) -> None:
    """Light or dark, as the system; P and H pressed."""
    page.emulate_media(color_scheme=scheme)
    happens(page, "scheme => getComputedStyle(document.querySelector('.stApp')).colorScheme === scheme", scheme)
    for key in keys:
        page.keyboard.press(key)
    idle(page)
    frames(page)


def has_no_serious_fault(page, axe: str, looks: list[tuple[str, str]]) -> None:
    """Each page looked at in one way after the other."""
    for address, sign in PAGES.values():
        page.goto(address, wait_until="commit")
        page.wait_for_selector(sign, state="attached")
        happens(page, "window.nudgeScreen")
        page.evaluate(axe)
        for scheme, keys in looks:
            look(page, scheme, keys)
            assert page.evaluate(FOUND) == [], (address, scheme, keys)
    page.emulate_media(color_scheme="light")


def test_no_page_has_a_serious_fault_light_or_dark_on_a_projector_or_covered(page, axe):
    has_no_serious_fault(page, axe, [("light", ""), ("dark", ""), ("dark", "p"), ("light", "h")])


def test_nor_has_one_on_a_phone(phone, axe):
    has_no_serious_fault(phone, axe, [("light", ""), ("dark", "h")])
