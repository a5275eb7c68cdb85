"""Answers while the pen is down, and the digit dragged with the finger."""

import time

import pytest
from PIL import Image, ImageDraw

from mnist_model import classifier, dataset, shifting
from tests.steps import FOUR, SEVEN, card, draw, go, ink, sent_by, until

ZERO = [[(140, 60), (95, 90), (85, 160), (120, 220), (170, 205), (195, 140), (175, 80), (142, 62)]]
ONE = [[(140, 55), (138, 140), (141, 225)]]
SMALL_TWO = [[(30, 40), (60, 25), (75, 50), (30, 100), (85, 100)]]
DRAWINGS = [SEVEN, FOUR, ZERO, ONE, SMALL_TWO]
SEEN = """() => {  // what a viewer sees of the answer, frame by frame, as [digit, probability, ink, whose]
    window.seen = []
    const look = () => {
        const live = !document.querySelector(".live-answer .shown").hidden
        const [digit, sure, note] = [".digit", "b", ".note"].map(part =>
            document.querySelector((live ? ".live-answer " : ".st-key-answer ") + part)?.textContent)
        const now = [digit, parseFloat(sure), parseFloat((note ?? "").slice(4)), live ? "browser" : "server"]
        if (digit && `${now}` !== `${window.seen.at(-1)}`) window.seen.push(now)
        requestAnimationFrame(look)
    }
    look()
}"""
BROKEN = 'CanvasRenderingContext2D.prototype.getImageData = () => { throw new Error("no pixels today") }'
CLOSED = """const open = Element.prototype.attachShadow
Element.prototype.attachShadow = function () { return open.call(this, { mode: "closed" }) }"""


@pytest.fixture
def page(browser, server):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def open_canvas(page, server) -> None:
    page.goto(server)
    page.wait_for_selector("canvas.upper-canvas")
    time.sleep(1.5)


def choose(page, network: str) -> None:
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    page.get_by_role("option", name=network, exact=True).click()
    until(lambda: page.evaluate("Boolean(window.nudgeNetworks?.chosen)"))
    time.sleep(1)


def press_pen(page, stroke) -> None:
    """A stroke whose pen stays down."""
    box = page.locator("canvas.upper-canvas").bounding_box()
    for i, (x, y) in enumerate(stroke):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=8)
        if i == 0:
            page.mouse.down()


def clear(page) -> None:
    page.locator(".st-key-tools button").nth(1).click()
    until(lambda: not page.locator(".st-key-answer .digit").count())
    time.sleep(0.5)


@pytest.mark.parametrize("network", ["dense", "conv-global"])
def test_the_browser_answers_during_the_stroke_and_the_server_agrees(page, server, network):
    sent = sent_by(page)
    open_canvas(page, server)
    choose(page, network)
    page.locator(".st-key-preparation").get_by_text("centred" if network == "dense" else "raw").click()
    time.sleep(1)
    for strokes in DRAWINGS:
        page.evaluate(SEEN)
        page.wait_for_timeout(100)
        sent.clear()
        press_pen(page, strokes[0])
        page.wait_for_timeout(100)
        during = page.evaluate("window.seen")
        assert not sent
        page.mouse.up()
        draw(page, strokes[1:])
        until(lambda: page.evaluate("window.seen").pop()[3] == "server")
        page.wait_for_timeout(1200)
        seen = page.evaluate("window.seen")
        assert len(during) >= 8 and {whose for *_, whose in during} == {"browser"}
        assert [whose for *_, whose in seen].count("server") == 1, "it took over once, and silently"
        *_, browser, last = seen
        assert browser[0] == last[0] and browser[1:3] == pytest.approx(last[1:3], abs=0.11)
        clear(page)


def test_nothing_is_computed_when_nothing_changes(page, server):
    open_canvas(page, server)
    page.evaluate("""() => { window.made = 0; const own = window.nudgeNetworks.chosen
        window.nudgeNetworks.chosen = image => { window.made++; return own(image) } }""")
    press_pen(page, SEVEN[0])
    page.wait_for_timeout(200)
    made = page.evaluate("window.made")
    page.wait_for_timeout(500)
    assert made > 8 and page.evaluate("window.made") == made
    page.mouse.up()


def test_the_picture_and_the_numbers_follow_the_pen(page, server):
    open_canvas(page, server)
    page.locator(".st-key-view").get_by_text("0–255").click()
    draw(page, ONE)
    page.wait_for_selector("table.numbers")
    time.sleep(1)
    picture = page.locator(".st-key-bench img.pixels")
    before, numbers = picture.get_attribute("src"), page.locator("table.numbers").inner_text()
    press_pen(page, [(60, 60), (80, 120), (60, 200)])
    page.wait_for_timeout(200)
    during = page.locator("table.numbers").inner_text()
    assert picture.get_attribute("src") != before and during != numbers
    page.mouse.up()
    until(lambda: page.locator(".live-answer .shown").is_hidden())
    page.wait_for_timeout(500)
    after = page.locator("table.numbers").inner_text()
    assert during.count("255") == pytest.approx(after.count("255"), abs=3)


def test_undo_right_after_a_stroke_goes_back_to_what_was_there(page, server):
    open_canvas(page, server)
    draw(page, ONE)
    until(lambda: page.locator(".st-key-answer .digit").count())
    page.wait_for_timeout(500)
    before, shown = ink(page), page.locator(".st-key-bench img.pixels").get_attribute("src")
    draw(page, [[(60, 60), (80, 200)]])
    page.locator(".st-key-tools button").first.click()
    page.wait_for_timeout(2500)
    assert page.locator(".live-answer .shown").is_hidden()
    assert ink(page) == before
    assert page.locator(".st-key-bench img.pixels").get_attribute("src") == shown


def test_a_screen_reader_is_told_the_answer(page, server):
    open_canvas(page, server)
    spoken = page.locator(".live-answer [aria-live=polite]")
    assert spoken.inner_text() == ""
    draw(page, SEVEN)
    until(lambda: spoken.inner_text().startswith("It says 7, "))
    clear(page)
    until(lambda: spoken.inner_text() == "")


@pytest.mark.parametrize(
    "damage, why, seconds",
    [(BROKEN, "no pixels today", 5), (CLOSED, "the drawing canvas was not found", 20)],
    ids=["an error", "no canvas found"],
)
def test_without_it_the_page_answers_on_pen_up_and_says_why_once(page, server, damage, why, seconds):
    warned = []
    page.on("console", lambda message: warned.append(message.text) if "Nudge" in message.text else None)
    page.add_init_script(damage)
    page.goto(server)
    page.wait_for_selector(".st-key-canvas")
    time.sleep(3)
    box = page.locator(".st-key-canvas").bounding_box()
    for x, y in SEVEN[0]:
        page.mouse.move(box["x"] + x, box["y"] + y, steps=6)
        page.mouse.down()
    page.mouse.up()
    until(lambda: page.locator(".st-key-answer .digit").count())
    assert page.locator(".live-answer .shown").is_hidden()
    until(lambda: page.evaluate("1") and warned, seconds)
    assert warned == [f"Nudge: no answers while the pen moves: {why}"]


def offset(page) -> str:
    return page.locator(".grab + figcaption").inner_text()


def grab(page, dx: float, dy: float) -> None:
    """Drag the picture by so many of its pixels; the button stays down."""
    box = page.locator(".grab").bounding_box()
    pixel, x, y = box["width"] / 28, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx * pixel, y + dy * pixel, steps=10)


def test_the_digit_can_be_grabbed_and_everything_follows(page, server):
    image = dataset.scale(dataset.load().test_images[0])
    sent = sent_by(page)
    page.goto(f"{server}/shift")
    page.wait_for_selector(".card .says")
    page.wait_for_timeout(2000)
    sent.clear()
    grab(page, 5, -3)
    until(lambda: offset(page) == "shifted by (5, -3)")
    for name in ("dense", "conv", "conv-global"):
        said = classifier.load(name).probabilities(shifting.shift(image, 5, -3))[0]
        shown = card(page, name)
        until(lambda c=shown, s=said: f"{s.argmax()} {100 * s.max():.1f} %" in c.locator("figcaption").inner_text())
        columns = shown.locator(".columns i").evaluate_all("all => all.map(e => +e.style.getPropertyValue('--p'))")
        assert columns == pytest.approx(said.tolist(), abs=0.001)
    place = page.locator(".answers").evaluate("e => ['--dx', '--dy'].map(v => e.style.getPropertyValue(v))")
    assert place == ["5", "-3"] and not sent
    page.mouse.up()
    values = page.locator(".st-key-lab input[type=range]")
    until(lambda: values.evaluate_all("all => all.map(e => e.getAttribute('aria-valuetext'))") == ["5", "-3"])
    page.wait_for_timeout(500)
    assert offset(page) == "shifted by (5, -3)"
    grab(page, -40, 40)
    page.mouse.up()
    until(lambda: offset(page) == "shifted by (-14, 14)")


def test_the_picture_keeps_the_focus_while_arrow_keys_move_the_digit(page, server):
    page.goto(f"{server}/shift")
    page.wait_for_selector(".arrows")
    page.wait_for_timeout(2000)
    page.locator(".grab").focus()
    for k, key in enumerate(["ArrowRight", "ArrowRight", "ArrowDown"]):
        page.keyboard.press(key)
        until(lambda k=k: offset(page) == ["shifted by (1, 0)", "shifted by (2, 0)", "shifted by (2, 1)"][k])
        page.wait_for_timeout(600)
        assert page.evaluate("document.activeElement.className") == "grab"
    assert "shifted by (2, 1)" in page.locator(".arrows ~ [aria-live=polite]").inner_text()
    page.keyboard.press("Tab")
    page.wait_for_timeout(300)
    assert page.evaluate("document.activeElement.className") != "grab"


def test_a_finger_drags_the_digit_and_not_the_page(browser, server):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{server}/shift")
    page.wait_for_selector(".card .says")
    page.wait_for_timeout(2000)
    box = page.locator(".grab").bounding_box()
    pixel, x, y = box["width"] / 28, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = context.new_cdp_session(page)
    for kind, steps in (("touchStart", [0]), ("touchMove", range(1, 7)), ("touchEnd", [])):
        for k in steps or [None]:
            points = [] if k is None else [{"x": x - k * pixel, "y": y - k * pixel}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    until(lambda: offset(page) == "shifted by (-6, -6)")
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop + scrollY") == 0
    context.close()


def test_the_live_answer_goes_where_the_page_goes(page, server):
    open_canvas(page, server)
    press_pen(page, SEVEN[0])
    page.mouse.up()
    until(lambda: page.locator(".st-key-answer .digit").count())
    go(page, "Data", ".gallery")
    go(page, "Draw", "canvas.upper-canvas")
    page.wait_for_timeout(1500)
    press_pen(page, [(60, 60), (80, 120), (60, 200)])
    page.wait_for_timeout(200)
    assert page.locator(".live-answer .shown").is_visible()
    page.mouse.up()
    until(lambda: page.locator(".live-answer .shown").is_hidden())


def test_a_photo_comes_onto_the_canvas_and_can_be_drawn_on(page, server, tmp_path):
    picture = Image.new("L", (900, 1200), 235)
    ImageDraw.Draw(picture).line([(300, 300), (620, 300), (430, 900)], fill=30, width=50, joint="curve")
    picture.save(tmp_path / "seven.jpg")
    (tmp_path / "seven.png").write_text("no picture")
    open_canvas(page, server)
    draw(page, ONE)
    before = until(lambda: page.locator(".st-key-answer .digit").count() and ink(page))
    page.locator(".st-key-tools button").nth(2).click()
    page.set_input_files("input[type=file]", tmp_path / "seven.png")
    page.get_by_text("not a picture that can be read").wait_for()
    assert ink(page) == before, "the drawing is still there"
    page.set_input_files("input[type=file]", tmp_path / "seven.jpg")
    until(lambda: ink(page) != before)
    page.keyboard.press("Escape")
    page.wait_for_timeout(1500)
    photo = ink(page)
    draw(page, [[(90, 150), (190, 150)]])
    until(lambda: ink(page) > photo + 5)
    page.wait_for_timeout(500)
    page.locator(".st-key-tools button").first.click()
    until(lambda: abs(ink(page) - photo) < 0.5)
    clear(page)


def test_a_second_network_answers_beside_the_first_while_the_pen_is_down(page, server):
    open_canvas(page, server)
    press_pen(page, SEVEN[0])
    page.wait_for_timeout(200)
    live = page.locator(".live-answer .remark").inner_text()
    page.mouse.up()
    until(lambda: page.locator(".live-answer .shown").is_hidden())
    assert live.startswith("robust") and page.locator(".st-key-answer .remark").inner_text().startswith("robust says 7")
