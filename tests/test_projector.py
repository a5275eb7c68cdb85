"""For a class: pages for a projector, and answers that are covered until it has guessed. Both are in the address."""

import re
from collections import Counter

from playwright.sync_api import expect

from mnist_model.lesson import shelf
from mnist_model.lesson.figures import fill_for
from mnist_model.pages.shared.screen import COVERS
from mnist_model.render.strip import Place, strip
from tests.steps import (
    SEVEN,
    answered,
    asked,
    draw,
    frames,
    go,
    happens,
    idle,
    moved_to,
    press_pen,
    ready_for_the_pen,
    resize,
    sent,
)
from tests.test_links import WRITES
from tests.test_screens import CHART, CUT

PAGES = {  # by name: an address with an answer, and what shows that it is there
    "draw": ("/?digit=test-247", ".st-key-answer .digit"),
    "data": ("/data?image=8", ".sample .digit"),
    "train": ("/train?", "table.confusion"),
    "shift": ("/shift?digit=test-247&dx=3", ".card .says"),
}
SECTIONS = ["Maps", "Why", "Verdict"]
READ_AFAR = (  # answers, names, probabilities
    ".answer .digit, .answer b, .answer .note, .remark span, .bar, .says, .sure, figcaption, .caption span, .map b, "
    ".signs span, .contest span, table:is(.confusion, .runs, .shares) *"
)
SMALL = f"""() => [...document.querySelectorAll("[data-testid=stMain] :is({READ_AFAR})")].filter(
    e => e.checkVisibility({{ visibilityProperty: true }}) && parseFloat(getComputedStyle(e).fontSize) < 24
).map(e => e.outerHTML)"""
IN_SIGHT = {
    "draw": ["canvas.upper-canvas", ".st-key-tools", ".st-key-tip button", ".answer", ".bars", ".given"],
    "data": [".sample .pixels", ".sample .answer", ".sample .bars", ".sample p"],
    "train": [CHART],
    "shift": [".grab .pixels", ".said .answer", *(f".card:nth-of-type({i}) .map" for i in range(1, 7))],
}
BELOW = """markup => {  // what of a lesson's strip lies below it or is cut
    document.querySelector(".lesson-strip").outerHTML = markup
    const end = document.querySelector(".lesson-strip").getBoundingClientRect().bottom
    return [...document.querySelectorAll(".lesson-strip .body *")]
        .filter(e => e.getBoundingClientRect().bottom > end || e.scrollHeight > e.clientHeight + 1 && e.matches("div"))
        .map(e => e.outerHTML.slice(0, 80))
}"""
GONE = "(covers, value) => covers.forEach(cover => cover.style.setProperty('display', value, 'important'))"
SAID = (
    ".answer b, .answer .note, .remark span, .bar > :last-child, .sure, [data-testid=stMetricValue], "
    "[class*=st-key-told] p"
)
COVERED_AND_NOT = """([places, said]) => {  // what can be selected on a covered page, and without its covers
    const all = places => [...document.querySelectorAll(places)].filter(each => each.checkVisibility())
    const selected = place => {
        getSelection().selectAllChildren(place)
        return getSelection().toString()
    }
    const look = () => ({
        page: selected(document.body),
        covers: all(places).map(selected).join("\\n"),
        boxes: all("body *").map(each => JSON.stringify(each.getBoundingClientRect())),
        said: all(said).map(each => each.innerText),
    })
    const covered = look()
    document.querySelector(".screen").dataset.hide = ""
    const open = look()
    document.querySelector(".screen").dataset.hide = "answers"
    return [covered, open]
}"""
STEPS = "<button data-step=back disabled>Back</button><button data-step=next onclick=window.steps++>Next</button>"
ALTS = (
    r"(test )?image [\d,]+|training images|the (original|shifted) digit|Your digit at 28×28|The mean \d"
    r"|(Flatten|Dense) .*|Why ReLU\?|A \d, .*"  # the last: how people write a digit, whose label is no answer
)
SEEN = """images => images.filter(each => each.checkVisibility({ visibilityProperty: true })).map(each => each.alt)"""


def opened(page, name: str, **asked: str) -> None:
    address, sign = PAGES[name]
    page.goto(address + "".join(f"&{key}={value}" for key, value in asked.items()), wait_until="commit")
    page.wait_for_selector(sign, state="attached")
    happens(page, "window.nudgeScreen")
    idle(page)


def words(text: str) -> Counter:
    return Counter(text.split())


def read_aloud(page) -> str:
    """What a screen reader finds on the page."""
    client = page.context.new_cdp_session(page)
    nodes = client.send("Accessibility.getFullAXTree")["nodes"]
    client.detach()
    texts = (node["name"]["value"] for node in nodes if not node["ignored"] and node["role"]["value"] == "StaticText")
    return "\n".join(texts)


def test_keys_change_how_pages_are_shown_and_the_address_says_so(page):
    opened(page, "shift")
    before = sent(page)
    page.keyboard.press("p")
    expect(page.get_by_role("heading", name="Shift")).to_be_hidden()
    happens(page, WRITES, {"view": "projector", "dx": "3"})
    page.keyboard.press("h")
    happens(page, WRITES, {"view": "projector", "hide": "answers"})
    assert sent(page) - before <= 2, "one message each"
    page.reload(wait_until="commit")
    page.wait_for_selector(".card .says", state="attached")
    expect(page.locator(".said .digit")).to_be_hidden()
    go(page, "Data", ".gallery")
    happens(page, WRITES, {"view": "projector", "hide": "answers", "split": "test"})
    expect(page.locator(".sample .digit")).to_be_hidden()
    page.get_by_role("button", name="Projector").click()
    expect(page.get_by_role("heading", name="Data")).to_be_visible()
    page.get_by_role("button", name="Hide answers").click()
    expect(page.locator(".sample .digit")).to_be_visible()
    happens(page, "!/view|hide/.test(location.search)")


def test_keys_are_letters_where_somebody_types_and_others_with_a_modifier(page):
    opened(page, "shift")
    page.get_by_role("spinbutton").focus()
    for key in ("p", "h", "PageDown"):
        page.keyboard.press(key)
    page.locator(".grab").focus()
    for key in ("Alt+p", "Control+h", "PageDown"):  # Page Down scrolls where there is no projector
        page.keyboard.press(key)
    frames(page)
    assert page.locator(".screen").evaluate("e => e.dataset.view + e.dataset.hide") == ""
    expect(page.get_by_role("heading", name="Shift")).to_be_visible()


def test_on_a_projector_all_is_in_sight_and_can_be_read_from_the_back_row(wide):
    for name, places in IN_SIGHT.items():
        opened(wide, name, view="projector")
        wide.wait_for_selector(places[0])
        for width, height in ((1920, 1080), (1280, 720)):
            resize(wide, width, height)
            assert wide.evaluate(SMALL) == [], name
            assert wide.evaluate(CUT) == [], name
            boxes = [wide.locator(place).filter(visible=True).first.bounding_box() for place in places]
            assert all(box["y"] >= 0 and box["y"] + box["height"] <= height for box in boxes), (name, height, boxes)
        expect(wide.locator(".intro, [data-testid=stSidebar] .who").filter(visible=True)).to_have_count(0)


def test_on_a_projector_the_canvas_is_large_and_a_stroke_is_where_the_pen_was(wide):
    wide.goto("/?view=projector&numbers=0-255", wait_until="commit")
    ready_for_the_pen(wide)
    side = wide.locator("canvas.upper-canvas").bounding_box()["width"]
    assert side > 0.75 * 720
    draw(wide, [[(side / 280 * x, side / 280 * y) for x, y in ((40, 65), (240, 65))]])
    answered(wide)
    expect(wide.locator("table.numbers tr").nth(6)).to_contain_text("255")
    rows = wide.locator("table.numbers tr").all_inner_texts()
    assert [i for i, row in enumerate(rows) if "255" in row] == [6], "a brush of 20 px fills 55 to 75"


def test_on_a_projector_each_question_of_the_lessons_is_in_sight_as_a_whole(wide):
    wide.goto("/?lesson=moving&step=1&view=projector", wait_until="commit")
    wide.wait_for_selector(".lesson-strip .asked")
    happens(wide, "parseFloat(getComputedStyle(document.querySelector('.lesson-strip')).height) > 250")
    for lesson in shelf.lessons().values():
        for number, step in enumerate(lesson.steps):
            markup = strip(Place(lesson, number, None), fill_for(step.state))
            assert wide.evaluate(BELOW, markup) == [], f"{lesson.name} {number + 1}"


def test_a_clicker_goes_through_a_lesson_s_steps_or_on_a_projector_the_pages(page):
    opened(page, "draw", view="projector")
    for name in ("Data", "Train", "Shift"):
        page.keyboard.press("PageDown")
        happens(page, "name => document.querySelector('[aria-current]')?.textContent.includes(name)", name)
        idle(page)
    page.keyboard.press("PageDown")
    page.keyboard.press("PageUp")
    happens(page, "document.querySelector('[aria-current]')?.textContent.includes('Train')")
    idle(page)
    page.locator("[data-testid=stMain]").evaluate(
        f"main => {{ window.steps = 0; main.insertAdjacentHTML('beforeend', `{STEPS}`) }}"
    )
    for key in ("PageUp", "PageDown", "PageDown"):
        page.keyboard.press(key)
    assert page.evaluate("window.steps") == 2
    expect(page.locator("[aria-current]")).to_contain_text("Train")


def keeps_its_secrets(page) -> None:
    """What is covered can neither be selected nor heard, and nothing is elsewhere than without covers."""
    covered, bare = page.evaluate(COVERED_AND_NOT, [COVERS, SAID])
    assert covered["boxes"] == bare["boxes"]
    assert bare["said"] and not any(covered["said"])
    assert not words(covered["page"]) - (words(bare["page"]) - words(bare["covers"]))
    heard = read_aloud(page)
    assert not [text for text in bare["said"] if text in heard]
    page.eval_on_selector_all(COVERS, GONE, "none")
    assert set(words(heard) - words(read_aloud(page))) == {"?"}
    page.eval_on_selector_all(COVERS, GONE, "")
    for alt in page.eval_on_selector_all("[data-testid=stMain] img", SEEN):
        assert re.fullmatch(ALTS, alt)


def test_what_is_covered_can_neither_be_selected_nor_heard_and_nothing_jumps(page):
    for name in PAGES:
        opened(page, name, hide="answers")
        keeps_its_secrets(page)
    for section in SECTIONS:
        before = sent(page)
        page.locator(".st-key-section").get_by_text(section, exact=True).click()
        asked(page, before)
        keeps_its_secrets(page)


def test_a_cover_lifts_by_a_press_all_by_r_and_another_question_covers_again(page):
    opened(page, "shift", hide="answers")
    answer, place_map, after = (page.locator(each) for each in (".said .digit", ".card .map b", ".card .says"))
    covers = page.get_by_role("button", name="Covered")
    count = covers.count()
    covers.filter(has=page.locator(".digit")).click()
    expect(answer).to_be_visible()
    expect(covers).to_have_count(count - 1)
    page.locator(".card .map").first.click()
    expect(place_map.first).to_be_visible()
    moved_to(page, 3, 0)  # a covered map is no map to select a place on
    page.locator(".st-key-section").get_by_text("Why", exact=True).click()
    page.wait_for_selector(".insides", state="attached")
    idle(page)
    expect(answer).to_be_visible()
    expect(page.locator(".insides").first).to_be_hidden()
    page.keyboard.press("r")
    expect(covers).to_have_count(0)
    page.locator(".grab").press("ArrowRight")
    moved_to(page, 4, 0)
    expect(answer).to_be_hidden()
    idle(page)
    expect(answer).to_be_hidden()
    covers.nth(4).focus()
    page.keyboard.press("Enter")
    expect(after.first).to_be_visible()
    page.keyboard.press("h")
    expect(covers).to_have_count(0)
    expect(answer).to_be_visible()


def test_keys_pressed_while_pages_change_harm_nothing(page):
    opened(page, "shift")
    faults = []
    page.on("console", lambda message: faults.extend([message.text] * (message.type == "error")))
    for i in range(30):
        page.keyboard.press("h")
        page.get_by_role("link", name=("Data", "Train", "Shift")[i % 3]).evaluate("link => link.click()")
    idle(page)
    expect(page.locator(".screen")).to_have_count(1)
    assert not [fault for fault in faults if "404" not in fault]


def test_a_stroke_is_answered_under_covers(page):
    page.goto("/?hide=answers", wait_until="commit")
    ready_for_the_pen(page)
    press_pen(page, SEVEN[0])
    happens(page, "document.querySelector('.live-answer .shown:not([hidden])')")
    expect(page.locator(".live-answer .digit")).to_be_hidden()
    page.mouse.up()
    idle(page)
    expect(page.locator(".st-key-answer .digit")).to_be_hidden()
    answered(page)
    page.keyboard.press("r")
    expect(page.locator(".st-key-answer .digit")).to_be_visible()
    press_pen(page, [(60, 60), (90, 60)])
    happens(page, "document.querySelector('.live-answer .shown:not([hidden])')")
    expect(page.locator(".st-key-answer .digit")).to_be_hidden()
    page.mouse.up()
    idle(page)
    expect(page.locator(".st-key-answer .digit")).to_be_hidden()


def test_the_theme_is_chosen_on_one_page_and_remembered_on_all(visitor):
    page = visitor()
    opened(page, "shift")
    dark = "getComputedStyle(document.querySelector('.stApp')).colorScheme === 'dark'"
    assert not page.evaluate(dark)
    page.get_by_role("button", name="Main menu").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    happens(page, dark)
    opened(page, "draw")
    assert page.evaluate(dark)
