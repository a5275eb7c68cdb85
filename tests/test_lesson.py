"""Lessons: the shipped ones are whole and type no figure; a faulty file is one sentence; who is right is known."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect

from mnist_model.cli import main
from mnist_model.images import dataset
from mnist_model.lesson import figures, shelf, states
from mnist_model.lesson.errors import BadFigure, BadLesson, BadLink
from mnist_model.lesson.figures import fill_for, filled
from mnist_model.lesson.lessons import Question
from mnist_model.lesson.marking import accepts, is_right, number
from mnist_model.lesson.reading import read
from mnist_model.lesson.states import EVERYWHERE, PAGES, parse
from mnist_model.networks import classifier
from mnist_model.pages.shared.digit import DRAWING
from mnist_model.pages.shared.lessons import SIGHTS
from mnist_model.pages.shared.sidebar import LINK as SIDEBAR
from mnist_model.render.worksheet import worksheet
from tests.steps import (
    FOLLOWS,
    SEVEN,
    answered,
    draw_and_wait,
    go,
    happens,
    idle,
    open_draw,
    press_pen,
    ready_to_move,
    sent,
)
from tests.test_links import LINKS, WRONG, address, entered

LESSONS = shelf.lessons()
STEPS = [(lesson.name, step) for lesson in LESSONS.values() for step in lesson.steps]
# of MNIST, of layers and units, of recipes: not measured
STRUCTURE = {"60,000", "10,000", "70,000", "47", "28", "784", "255", "128", "17", "32", "50", "500"}
MEASURED = r"\d[\d.,]*\d(?:\s*%)?|\d\s*%"  # all that is longer than a digit
GOOD = """
title = "Mine"
minutes = 5
[[step]]
heading = "One"
open = "/shift?digit=test-247&dx=3"
prompt = "Look."
shows = "{dense.says(digit, 3, 0)}, {dense.at(4)}"
[step.question]
kind = "choice"
ask = "Well?"
choices = ["a", "b"]
answer = "a"
"""


def texts(table) -> list[str]:
    """All texts in a TOML table, but what a step opens."""
    if isinstance(table, str):
        return [table]
    values = [value for name, value in table.items() if name != "open"] if isinstance(table, dict) else table
    return [text for value in values if isinstance(value, (str, dict, list)) for text in texts(value)]


def lesson(folder: Path, old: str = "", new: str = "") -> Path:
    """A good lesson's file, or a faulty one: with `new` in the place of `old`."""
    assert old in GOOD
    (folder / "mine.toml").write_text(GOOD.replace(old, new, 1) if old else GOOD)
    return folder / "mine.toml"


def test_the_long_lesson_is_the_first_and_both_are_as_long_as_they_say():
    first, second = LESSONS.values()
    assert (first.title, first.minutes) == ("Why does it fail when it moves?", 45)
    assert 12 <= len(first.steps) <= 16
    assert (second.title, second.minutes) == ("What does one number do?", 10)
    met = {step.misconception for step in first.steps}
    assert {"It sees a 7.", "It goes on learning while I draw."} <= met
    assert any("stored the pictures" in each for each in met)
    assert all(step.note and step.question for _, step in STEPS)


@pytest.mark.parametrize("file", sorted(shelf.SHIPPED.glob("*.toml")), ids=lambda file: file.stem)
def test_no_figure_is_typed(file):
    typed = [
        found
        for text in texts(tomllib.loads(file.read_text()))
        for found in re.findall(MEASURED, re.sub(r"\{.*?\}", "", text))
    ]
    assert set(typed) <= STRUCTURE
    assert re.findall(MEASURED, "97.8 % of 101,770, and 5 %, 16 times.") == ["97.8 %", "101,770", "5 %", "16"]


@pytest.mark.parametrize(("name", "step"), STEPS, ids=[f"{name}-{step.heading}" for name, step in STEPS])
def test_a_steps_figures_are_there_and_its_answer_is_one(name, step):
    fill, question = fill_for(step.state), step.question
    for text in (step.prompt, step.do, step.shows, step.note, question.ask):
        assert "{" not in fill(text)
    answer = fill(question.answer)
    if question.kind == "choice" and answer:
        assert answer in map(fill, question.choices)
    if question.kind in ("number", "digit"):
        assert accepts(question, answer.removesuffix(" %")) and is_right(question, answer, fill)
    if question.kind == "digit" and "image" in step.state.values:
        assert int(answer) == dataset.load().test_labels[int(step.state.values["image"])]


def test_figures_are_the_reports_and_the_networks_own():
    dense = classifier.load("dense")
    image, report = dataset.scale(dataset.load().test_images[247]), dense.report
    moved = np.zeros_like(image)
    moved[:, 3:] = image[:, :-3]
    assert filled("{dense.parameters}") == f"{report.parameters:,}"
    assert filled("{dense.test_accuracy}") == f"{100 * report.evaluation.test_accuracy:.1f} %"
    assert filled("{dense.confused(4, 9)}") == str(report.evaluation.confusion_matrix[4][9])
    assert filled("{centring+dense.at(4)}") == f"{100 * dense.folder.shifts(True).by_shift[4]:.1f} %"
    assert filled("{dense.says(digit, 3, 0)}", image) == filled("{dense.says(test-247,3,0)}")
    assert filled("{dense.says(digit, 3, 0)}", image) == str(dense.probabilities(moved)[0].argmax())
    kernel, bias, *_ = dense.weights
    assert number(filled("{dense.total(digit, 5)}", image)) == pytest.approx(
        (image.ravel() * kernel[:, 5]).sum() + bias[5], abs=0.0051
    )
    breaks = int(filled("{dense.breaks(test-9010, right)}"))
    says = [filled(f"{{dense.says(test-9010, {k}, 0)}}") for k in range(breaks + 1)]
    assert len({*says[:-1]}) == 1 and says[-1] != says[0]


@pytest.mark.parametrize(
    "text",
    [
        "{dense}",
        "{dense.__class__}",
        "{perceptron.at(4)}",
        "{dense.at(15)}",
        "{dense.at}",
        "{dense.at(4, 4)}",
        "{dense.at(four)}",
        "{dense.says(../x, 0, 0)}",
        "{dense.says(test-10000, 0, 0)}",
        "{dense.breaks(test-1, sideways)}",
        "{dense.says(digit, 0, 0)}",
        "{}",
    ],
)
def test_what_is_no_figure_is_refused(text):
    with pytest.raises(BadFigure, match=r"\.$"):
        figures.check(text, has_digit=False)
    with pytest.raises(BadFigure):
        filled(text)


def test_only_a_dense_network_has_totals():
    with pytest.raises(BadFigure, match="conv is not dense"):
        filled("{conv.total(test-1, 3)}")


FAULTS = {
    ('title = "Mine"', ""): "“title” is missing",
    ("minutes = 5", 'minutes = "5"'): "“minutes” is not a whole number",
    ("minutes = 5", "minutes = 5\nauthor = 'me'"): "“author” is none of its fields",
    ("[[step]]", "[step]"): "steps",
    ('heading = "One"', ""): "step 1: “heading” is missing",
    ('heading = "One"', 'heading = ""'): "step 1: “heading” is not a text",
    ('heading = "One"', 'heading = "One"\ncolour = "red"'): "step 1: “colour” is none of its fields",
    ('heading = "One"', 'heading = "One"\nyours = 1'): "step 1: “yours” is not true or false",
    ('heading = "One"', 'heading = "One"\nhide = "bars"'): "step 1: “hide”",
    ("/shift?digit=test-247&dx=3", "/class"): "step 1: “open”",
    ("/shift?digit=test-247&dx=3", "shift?dx=3"): "step 1: “open”",
    (
        "dx=3",
        "dx=15",
    ): "step 1: “open”: .*&dx=15 has a “dx” that is not a whole number from -14 to 14",
    ("dx=3", "turn=3"): "step 1: “open”: .* has “turn”, which /shift does not read",
    ("test-247", "test-10000"): "step 1: “open”",
    ("dense.at(4)", "dense.accuracy(4)"): "step 1: “shows”: “dense.accuracy.4.” is no figure",
    ("?digit=test-247&dx=3", ""): "step 1: “shows”: .* the step opens none",
    ('"Look."', '"Look.{"'): "step 1: “prompt”: a brace has no partner",
    ('"Look."', '"Look."\nsight = "picked"'): "step 1: “sight” is not of its page: /shift has section",
    (
        'kind = "choice"\nask = "Well?"\nchoices = ["a", "b"]',
        'kind = "digit"\nask = "Well?"',
    ): "“answer” is not a digit",
    ('kind = "choice"', 'kind = "vote"'): "step 1, question: “kind” is not one of choice, number, digit, text",
    ('kind = "choice"', 'kind = "number"'): "step 1, question: “choices”",
    ('answer = "a"', 'answer = "c"'): "step 1, question: “answer” is none of the choices",
    ('"a", "b"', '"a", "a"'): "step 1, question: “choices” is not a list of two different texts",
    ("[step.question]", "[[step.question]]"): "step 1, question is not a table",
    ('title = "Mine"', "title ="): "is not TOML",
}


@pytest.mark.parametrize(("old", "new"), FAULTS, ids=list(FAULTS.values()))
def test_a_fault_is_one_sentence_with_the_step_and_the_field(tmp_path, old, new):
    with pytest.raises(BadLesson) as caught:
        read(lesson(tmp_path, old, new))
    said = str(caught.value)
    assert (
        re.search(FAULTS[old, new], said) and said.startswith("mine.toml") and said.endswith(".") and "\n" not in said
    )


def test_a_lesson_of_ones_own_comes_first_and_a_missing_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_LESSON", str(lesson(tmp_path)))
    assert list(shelf.lessons.__wrapped__()) == ["mine", *LESSONS]
    monkeypatch.setenv("MNIST_LESSON", str(tmp_path / "none.toml"))
    with pytest.raises(BadLesson, match="cannot be read"):
        shelf.lessons.__wrapped__()


def test_a_state_can_hold_what_the_pages_read_and_nothing_else():
    for page, values in LINKS:
        assert parse(f"/{page}?{urlencode(values)}") == (page, values)
    for page, values in WRONG:
        for name, text in values.items():
            with pytest.raises(BadLink, match=f"has a “{name}” that is not"):
                parse(f"/{page}?{urlencode({name: text})}")
    for page, values in PAGES.items():
        read = {name for name in values if any(page == of and name in link for of, link in LINKS)}
        assert read == set(values), "tests/test_links.py opens each"
    assert set(SIDEBAR) - {"lesson", "step"} == set(EVERYWHERE)
    assert set(SIGHTS) == set(states.SIGHTS)
    assert parse("/?numbers=0-1") == ("draw", {"numbers": "0-1"})
    with pytest.raises(BadLink):
        parse("//elsewhere.example/shift")


PERCENT = Question("", "number", answer="97.8 %", tolerance=3)
CHOICE = Question("", "choice", choices=("a", "{dense.parameters}"), answer="{dense.parameters}")
DIGIT = Question("", "digit", answer="{dense.says(test-9010, 3, 0)}")
TEXT = Question("", "text")


@pytest.mark.parametrize(
    ("question", "given", "right"),
    [
        (PERCENT, "98", True),
        (PERCENT, "94,8", True),
        (PERCENT, "94.7 %", False),
        (CHOICE, "1", True),
        (CHOICE, "0", False),
        (DIGIT, "2", False),
        (TEXT, "because", None),
        (Question("", "choice", choices=("a", "b")), "0", None),
    ],
)
def test_who_is_right(question, given, right):
    assert accepts(question, given) and is_right(question, given, filled) is right


@pytest.mark.parametrize(
    ("question", "given"),
    [
        (PERCENT, "many"),
        (PERCENT, ""),
        (CHOICE, "2"),
        (CHOICE, "-1"),
        (DIGIT, "10"),
        (DIGIT, "12"),
        (TEXT, " "),
        (TEXT, "x" * 501),
        (TEXT, 3),
    ],
)
def test_what_is_no_answer(question, given):
    assert not accepts(question, given)


def test_numbers_are_read_with_a_point_or_a_comma():
    assert [number(text) for text in ("97,8 %", "> 99.9 %", "101,770", "−3", "none")] == [97.8, 99.9, 101770, -3, None]


@pytest.mark.parametrize("name", LESSONS)
def test_a_worksheet_has_two_pages(name):
    for with_answers in (False, True):
        assert len(re.findall(rb"/Type /Page\b", worksheet(LESSONS[name], with_answers))) == 2


def test_a_step_that_fits_on_no_page_is_one_sentence():
    lesson = LESSONS["moving"]
    endless = replace(lesson.steps[0], shows="a word " * 3000)
    with pytest.raises(BadLesson, match=r"too long for a page of its worksheet\.$"):
        worksheet(replace(lesson, steps=(endless, *lesson.steps[1:])), with_answers=True)


def test_the_command_checks_a_lesson_and_writes_its_worksheets(tmp_path):
    run = CliRunner().invoke(main, ["lesson", str(lesson(tmp_path)), "--out", str(tmp_path)])
    assert run.exit_code == 0 and run.output.startswith("Mine: 1 step, 5 minutes, no fault")
    assert {file.name for file in tmp_path.glob("*.pdf")} == {"mine-worksheet.pdf", "mine-answers.pdf"}
    run = CliRunner().invoke(main, ["lesson", str(lesson(tmp_path, "dx=3", "dx=99")), "--check"])
    assert (
        run.exit_code == 1 and run.output.startswith("Error: mine.toml, step 1: “open”") and run.output.count("\n") == 1
    )


# On the pages


@pytest.mark.parametrize("name", LESSONS)
def test_each_step_opens_by_a_link_of_its_own_and_its_state_is_read(name):
    app = entered("draw")
    for at, step in enumerate(LESSONS[name].steps, 1):
        app.query_params.clear()
        app.session_state["entered"] = None
        app.query_params["lesson"], app.query_params["step"] = name, str(at)
        app.run()
        page, values = step.state
        if app.session_state["entered"] != page:
            app.switch_page(f"mnist_model/pages/{page}/page.py").run()
        assert not app.exception and not app.warning and not app.error
        wanted = values | {"lesson": name, "step": str(at)}
        assert {key: address(app, page).get(key) for key in wanted} == wanted, step.heading


def test_a_faulty_lesson_of_ones_own_is_said_on_the_page_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("MNIST_LESSON", str(lesson(tmp_path, "dx=3", "dx=99")))
    monkeypatch.setattr(shelf, "lessons", shelf.lessons.__wrapped__)
    app = entered("draw")
    assert [error.value[:27] for error in app.error] == ["mine.toml, step 1: “open”: "]


@pytest.mark.parametrize(("values", "said"), [({"lesson": "none"}, "“lesson”"), ({"step": "3"}, "“step”")])
def test_an_address_with_no_such_step_is_left_out(values, said):
    app = entered("draw", values)
    assert said in app.warning[0].value and "lesson" not in app.session_state


# In the browser

AT = "number => document.querySelector('.lesson-strip .where')?.textContent.startsWith(`${number} of`)"
CUT = """() => [...document.querySelectorAll(".lesson-strip, .lesson-strip *")].filter(e => {
  const { left, right, top, bottom, width } = e.getBoundingClientRect()
  const hidden = getComputedStyle(e).overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1
  return width && (hidden || left < 0 || right > innerWidth + 1 || top < -1 || bottom > innerHeight + 1)
}).map(e => `${e.tagName} ${e.className}`)"""
HIDDEN_BELOW = (
    "() => [...document.querySelectorAll('.body, .body > *')].filter(e => e.scrollHeight > e.clientHeight + 1).length"
)
LEFT_FREE = "() => 1 - document.querySelector('.lesson-strip').getBoundingClientRect().height / innerHeight"
IN_SIGHT = """part => {
  const { top } = document.querySelector(part)?.getBoundingClientRect() ?? { top: -1 }
  return top >= 0 && top < innerHeight
}"""
UNCOVERED = """element => {  // by what stays above it, or by the strip below
  const { left, top } = element.getBoundingClientRect()
  return element.contains(document.elementFromPoint(left + 2, top + 2))
}"""
AT_TOP = "document.querySelector('[data-testid=\"stMain\"]').scrollTop === 0"
SIGNS = {"draw": "canvas.upper-canvas", "data": ".gallery", "train": ".st-key-recipe", "shift": ".grab .pixels"}


def press(page, what: str) -> None:
    page.locator(f".lesson-strip [data-do='{what}']").first.click()


def answer(page, question: Question) -> None:
    """Answer on the strip, rightly or not."""
    field = page.locator(".lesson-strip .field")
    if question.kind in ("number", "text"):
        field.locator("input, textarea").fill("7")
    field.get_by_role("button").last.click()
    expect(page.locator(".lesson-strip .shown")).to_be_visible()


def go_through(page, name: str, at_hand: str = "") -> None:
    """A lesson from its first step to its last, on the strip only; a step of one's own shows what is so called."""
    steps = LESSONS[name].steps
    for at, step in enumerate(steps, 1):
        happens(page, AT, at)
        page.wait_for_selector(SIGNS[step.state.page])
        expect(page.locator(".lesson-strip h2")).to_have_text(step.heading)
        idle(page)
        assert page.evaluate(CUT) == [], step.heading
        assert page.evaluate(LEFT_FREE) >= 0.4
        assert page.locator(".screen").get_attribute("data-hide") == step.hide
        happens(page, *((IN_SIGHT, SIGHTS[step.sight]) if step.sight else (AT_TOP,)))
        if step.yours:
            expect(page.locator(".pair figcaption").first).to_contain_text(at_hand)
            assert page.get_by_text("You have drawn nothing yet").count() == (at_hand != DRAWING)
        answer(page, step.question)
        idle(page)
        assert page.locator(".screen").get_attribute("data-hide") == ""
        assert page.evaluate(CUT) == [], step.heading
        if page.viewport_size["width"] > 1000:
            assert page.evaluate(HIDDEN_BELOW) == 0, f"all of “{step.heading}” can be read without scrolling the strip"
        if at < len(steps):
            press(page, "next")
    expect(page.locator("[data-step=next]")).to_be_disabled()


def test_all_of_the_lesson_can_be_gone_through_by_what_is_on_the_strip_and_left_and_found_again(page):
    page.set_viewport_size({"width": 1366, "height": 768})
    open_draw(page)
    ink = draw_and_wait(page, SEVEN)
    page.get_by_role("button", name="Start the lesson (45 minutes)").click()
    go_through(page, "moving", DRAWING)
    assert "lesson=moving&step=16" in page.url
    press(page, "back")
    happens(page, AT, 15)
    expect(page.locator(".lesson-strip .shown")).to_be_visible()
    go(page, "Draw", ".st-key-answer .digit")
    expect(page.locator(".st-key-answer")).to_contain_text(f"ink {ink}")
    page.reload(wait_until="commit")
    page.get_by_role("button", name="Back to the lesson: step 15").click()
    happens(page, AT, 15)
    press(page, "end")
    expect(page.locator(".lesson-strip")).to_have_count(0)
    happens(page, "!location.search.includes('lesson')")
    page.set_viewport_size({"width": 1280, "height": 900})


def test_and_so_it_can_on_a_phone_where_the_strip_folds_into_one_line(phone):
    phone.goto("/", wait_until="commit")
    phone.get_by_role("button", name="Start the lesson (45 minutes)").click()
    happens(phone, AT, 1)
    phone.locator(".fold").click()
    assert phone.evaluate(LEFT_FREE) > 0.93
    phone.locator(".fold").click()
    press_pen(phone, SEVEN[0])
    assert phone.evaluate(LEFT_FREE) > 0.93, "the answer follows the pen in sight"
    phone.mouse.up()
    answered(phone)
    phone.locator(".fold").click()
    go_through(phone, "moving", DRAWING)


def test_on_a_phone_a_step_has_the_choice_of_its_section_below_the_digit_and_folds_at_a_press(phone):
    phone.goto("/?lesson=moving&step=15", wait_until="commit")
    verdict = phone.locator(".st-key-section").get_by_text("Verdict", exact=True)
    expect(verdict).to_be_visible()
    idle(phone)
    happens(phone, UNCOVERED, verdict.element_handle())
    verdict.click()
    happens(phone, f"({LEFT_FREE})() > 0.93")
    expect(phone.get_by_text("The verdict")).to_be_visible()


def test_the_short_lesson_begins_in_the_sidebar(page):
    page.goto("/shift", wait_until="commit")
    ready_to_move(page)
    expect(page.locator(".lesson-strip")).to_have_count(0)
    page.get_by_text("Lessons").click()
    page.get_by_role("button", name="What does one number do? (10 minutes)").click()
    go_through(page, "number")


def test_a_number_that_is_none_is_refused_and_a_right_one_is_said_to_be_right(page):
    page.goto("/?lesson=moving&step=12", wait_until="commit")
    happens(page, AT, 12)
    field = page.locator(".lesson-strip input")
    field.fill("soon")
    field.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="Type a number")).to_be_visible()
    field.fill(filled("{dense.breaks(test-9010, right)}"))
    field.press("Enter")
    expect(page.locator(".verdict.right")).to_contain_text("Right")


def test_a_lesson_costs_a_move_no_message_and_no_run_of_its_own(page):
    page.goto("/?lesson=moving&step=12", wait_until="commit")
    happens(page, FOLLOWS)
    idle(page)
    mark = "document.querySelector('.lesson-strip').dataset.seen = 'yes'"
    page.evaluate(mark)
    before = sent(page)
    page.locator(".grab").press("ArrowRight")
    happens(page, "document.querySelector('.grab + figcaption').textContent === 'shifted by (1, 0)'")
    idle(page)
    assert sent(page) == before + 1
    assert page.evaluate("document.querySelector('.lesson-strip').dataset.seen") == "yes"
