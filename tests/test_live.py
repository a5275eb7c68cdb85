"""Answers while the pen is down, and what the server says afterwards."""

import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from mnist_model.networks.registry import NETWORKS
from tests.steps import (
    ANSWER,
    FOUR,
    LIVE,
    ONE,
    SAME_INK,
    SEVEN,
    answered,
    asked,
    choose,
    clear,
    draw,
    draw_and_wait,
    frames,
    idle,
    ink,
    open_draw,
    press_pen,
    sent,
    stays,
    tool,
    until,
)

ZERO = [[(140, 60), (95, 90), (85, 160), (120, 220), (170, 205), (195, 140), (175, 80), (142, 62)]]
SMALL_TWO = [[(30, 40), (60, 25), (75, 50), (30, 100), (85, 100)]]
DRAWINGS = [SEVEN, FOUR, ZERO, ONE, SMALL_TWO]
SEE = """() => {  // what a viewer sees of the answer, frame by frame, as [digit, probability, ink, whose]
    window.seen = []
    window.late = 0  // frames in which the browser's answer hid the server's for the same ink
    const note = place => document.querySelector(`${place} .note`)?.textContent
    const look = () => {
        const live = !document.querySelector(".live-answer .shown").hidden
        const place = live ? ".live-answer" : ".st-key-answer"
        const [digit, sure] = [".digit", "b"].map(part => document.querySelector(`${place} ${part}`)?.textContent)
        const number = (text, from = 0) => parseFloat((text ?? "").slice(from).replace(/[<>]/, ""))
        const now = [digit, number(sure), number(note(place), 4), live ? "browser" : "server"]
        if (digit && `${now}` !== `${window.seen.at(-1)}`) window.seen.push(now)
        if (live && !window.nudgeLive.pen && note(".live-answer") === note(".st-key-answer")) window.late++
        requestAnimationFrame(look)
    }
    look()
}"""
BROKEN = """() => {
    CanvasRenderingContext2D.prototype.getImageData = () => { throw new Error("no pixels today") }
}"""
CLOSED = """const open = Element.prototype.attachShadow
Element.prototype.attachShadow = function () {
    const root = open.call(this, { mode: "closed" })
    ;(window.roots ??= []).push(root)
    return root
}
const wait = window.setTimeout  // what is tried again and again is tried faster
window.setTimeout = (step, ms, ...tries) => wait(step, tries.length ? ms / 20 : ms, ...tries)"""
LOADED = """() => (window.roots ?? []).some(root => root.querySelector("canvas.dc-canvas.lower-canvas")
    ?.getContext("2d").getImageData(0, 0, 1, 1).data[3] === 255)"""
LINES = (".answer", ".remark", ".who", ".bars")
NO_LIVE = "Nudge: no answers while the pen moves: "


@pytest.fixture
def page(page):
    """The Draw page, ready for the pen."""
    open_draw(page)
    return page


def centred(page) -> None:
    page.locator(".st-key-preparation").get_by_text("centred").click()
    page.wait_for_function("window.nudgeLive.centred")
    idle(page)


@pytest.mark.parametrize("network", ["dense", "conv-global"])
def test_the_browser_answers_during_the_stroke_and_the_server_agrees(page, network):
    choose(page, network)
    if network == "dense":
        centred(page)
    page.evaluate(SEE)
    for strokes in DRAWINGS:
        page.evaluate("window.seen.length = 0")
        before = sent(page)
        press_pen(page, strokes[0])
        until(lambda: len(page.evaluate("window.seen")) >= 8)
        assert {whose for *_, whose in page.evaluate("window.seen")} == {"browser"} and sent(page) == before
        page.mouse.up()
        draw(page, strokes[1:])
        answered(page)
        clear(page)
        seen = page.evaluate("window.seen")
        assert [whose for *_, whose in seen].count("server") == 1, "it took over once, and silently"
        assert page.evaluate("window.late") <= 1, "it took over at once"
        *_, browser, last = seen
        assert browser[0] == last[0] and browser[1:3] == pytest.approx(last[1:3], abs=SAME_INK)


def test_the_server_has_the_last_word_should_its_ink_differ_by_a_rounding(page):
    draw(page, SEVEN)
    frames(page)
    page.evaluate("() => { window.nudgeLive.note = 'ink of another rounding' }")
    expect(page.locator(f"{ANSWER} .digit")).to_have_text("7")
    expect(page.locator(LIVE)).to_be_hidden(timeout=5000)


def test_nothing_is_computed_when_nothing_changes(page):
    page.evaluate("""() => { window.made = 0; const own = window.nudgeNetworks.chosen
        window.nudgeNetworks.chosen = image => { window.made++; return own(image) } }""")
    press_pen(page, SEVEN[0])
    until(lambda: page.evaluate("window.made") > 8)
    frames(page)
    made = page.evaluate("window.made")
    stays(page)
    assert page.evaluate("window.made") == made


def test_the_picture_and_the_numbers_follow_the_pen(page):
    page.locator(".st-key-view").get_by_text("0–255").click()
    draw_and_wait(page, ONE)
    picture, table = page.locator(".st-key-bench img.pixels"), page.locator("table.numbers")
    expect(table).to_be_visible()
    before, numbers = picture.get_attribute("src"), table.inner_text()
    press_pen(page, [(60, 60), (80, 120), (60, 200)])
    expect(picture).not_to_have_attribute("src", before)
    frames(page)
    during = table.inner_text()
    assert during.count("255") > numbers.count("255")
    page.mouse.up()
    answered(page)
    idle(page)
    assert during.count("255") == pytest.approx(table.inner_text().count("255"), abs=3)


def test_undo_right_after_a_stroke_goes_back_to_what_was_there(page):
    before = draw_and_wait(page, ONE)
    idle(page)  # the picture comes after the answer
    shown = page.locator(".st-key-bench img.pixels").get_attribute("src")
    messages = sent(page)
    draw(page, [[(60, 60), (80, 200)]])
    page.locator(".st-key-tools button").first.click()
    asked(page, messages, 3)  # the stroke, Undo, and that the canvas has agreed
    expect(page.locator(LIVE)).to_be_hidden()
    assert ink(page) == before
    expect(page.locator(".st-key-bench img.pixels")).to_have_attribute("src", shown)


def test_a_screen_reader_is_told_the_answer(page):
    spoken = page.locator(".live-answer [aria-live=polite]")
    expect(spoken).to_have_text("")
    draw(page, SEVEN)
    expect(spoken).to_have_text(re.compile("^It says 7, "))
    clear(page)
    expect(spoken).to_have_text("")


def test_where_it_breaks_the_page_answers_on_pen_up_and_says_why_once(page):
    page.evaluate(BROKEN)
    with page.expect_console_message(lambda message: "Nudge" in message.text) as warning:
        answers_on_pen_up_alone(page)
    assert warning.value.text == f"{NO_LIVE}no pixels today"
    assert warnings(page) == [warning.value.text]


def test_where_no_canvas_is_found_the_page_answers_on_pen_up_and_says_why_once(visitor):
    page = visitor()
    page.add_init_script(CLOSED)
    page.goto("/")
    page.wait_for_function(LOADED)
    idle(page)
    answers_on_pen_up_alone(page)
    until(lambda: warnings(page))
    stays(page)
    assert warnings(page) == [f"{NO_LIVE}the drawing canvas was not found"]


def answers_on_pen_up_alone(page) -> None:
    box = page.locator(".st-key-canvas").bounding_box()
    for i, (x, y) in enumerate(SEVEN[0]):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
        if i == 0:
            page.mouse.down()
    expect(page.locator(LIVE)).to_be_hidden()
    page.mouse.up()
    expect(page.locator(f"{ANSWER} .digit")).to_have_text("7")
    expect(page.locator(LIVE)).to_be_hidden()


def warnings(page) -> list[str]:
    return [message.text for message in page.console_messages() if "Nudge" in message.text]


def test_a_photo_comes_onto_the_canvas_and_can_be_drawn_on(page, tmp_path):
    picture = Image.new("L", (6000, 8000), 235)  # a phone's: the browser shrinks it
    ImageDraw.Draw(picture).line([(2000, 2000), (4100, 2000), (2900, 6000)], fill=30, width=330, joint="curve")
    picture.save(tmp_path / "seven.jpg")
    (tmp_path / "seven.png").write_text("no picture")
    before = draw_and_wait(page, ONE)
    with page.expect_file_chooser() as asked_for:
        page.get_by_role("button", name="Photo").click()
    asked_for.value.set_files(tmp_path / "seven.png")
    expect(page.get_by_text("not a picture that can be read")).to_be_visible()
    assert ink(page) == before, "the drawing is still there"
    page.set_input_files("input[type=file]", tmp_path / "seven.jpg")
    expect(page.get_by_text("Found: 7, ")).to_be_visible()
    messages = sent(page)
    page.get_by_role("button", name="Read it").click()
    until(lambda: ink(page) != before)
    asked(page, messages, 2)  # that it be read, and that the canvas has agreed
    expect(page.get_by_text("not a picture that can be read")).to_have_count(0)
    expect(page.locator(f"{ANSWER} .digit")).to_have_text("7")
    photo = ink(page)
    assert draw_and_wait(page, [[(90, 150), (190, 150)]]) > photo + 5
    tool(page, "Undo")
    assert abs(ink(page) - photo) < 0.5
    clear(page)


def test_the_frame_in_a_photo_says_what_is_read(page, tmp_path):
    before = draw_and_wait(page, ONE)
    picture = Image.new("L", (800, 800), 235)
    for x in (100, 500):
        ImageDraw.Draw(picture).line([(x, 250), (x + 200, 250), (x + 90, 600)], fill=30, width=32, joint="curve")
    picture.save(tmp_path / "77.png")
    page.set_input_files("input[type=file]", tmp_path / "77.png")
    expect(page.get_by_text(re.compile("^Found: 7, .*; 7, "))).to_be_visible()
    sheet = page.locator(".framing").bounding_box()
    x, y = (sheet[side] + sheet[length] * part for side, length, part in (("x", "width", 0.5), ("y", "height", 0.95)))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(sheet["x"] + sheet["width"], sheet["y"] + 0.1 * sheet["height"], steps=3)
    page.mouse.up()
    expect(page.get_by_text(re.compile("^Found: 7, [^;]*[.] Wrong"))).to_be_visible()
    assert ink(page) == before, "the drawing waits"
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".framing")).to_have_count(0)
    assert ink(page) == before


def test_a_second_network_answers_beside_the_first_while_the_pen_is_down(page):
    who = f"robust: {NETWORKS['robust'].line}"
    live, server = ({line: page.locator(f"{place} {line}") for line in LINES} for place in (LIVE, ANSWER))
    press_pen(page, SEVEN[0])
    expect(live[".remark"]).to_have_text(re.compile(r"^robust says 7, (> )?[\d.]+ %$"))
    expect(live[".who"]).to_have_text(who)
    places = [live[line].bounding_box() for line in LINES]
    page.mouse.up()
    answered(page)
    expect(server[".remark"]).to_have_text(live[".remark"].text_content())
    expect(server[".who"]).to_have_text(who)
    assert [server[line].bounding_box() for line in LINES] == places, "nothing jumps"


def test_the_tutorials_network_answers_beside_the_one_that_can_doubt(page):
    choose(page, "robust")
    press_pen(page, SEVEN[0])
    expect(page.locator(f"{LIVE} .who")).to_have_text(f"dense: {NETWORKS['dense'].line}")
    expect(page.locator(f"{LIVE} .remark")).to_have_text(re.compile("^dense says "))
    page.mouse.up()
    answered(page)
    for line in (".remark", ".who"):
        expect(page.locator(f"{ANSWER} {line}")).to_have_text(page.locator(f"{LIVE} {line}").text_content())
