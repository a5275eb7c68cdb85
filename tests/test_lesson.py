"""Lessons: the shipped ones are whole and type no figure; a faulty file is one sentence; who is right is known."""

import re
import tomllib
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
import pytest
from click.testing import CliRunner

from mnist_model.cli import main
from mnist_model.images import dataset
from mnist_model.lesson import figures, shelf
from mnist_model.lesson.errors import BadFigure, BadLesson, BadLink
from mnist_model.lesson.figures import fill_for, filled
from mnist_model.lesson.lessons import Question
from mnist_model.lesson.marking import accepts, is_right, number
from mnist_model.lesson.reading import read
from mnist_model.lesson.states import EVERYWHERE, PAGES, parse
from mnist_model.networks import classifier
from mnist_model.pages.shared.sidebar import LINK as SIDEBAR
from mnist_model.render.worksheet import worksheet
from tests.test_links import LINKS, WRONG

LESSONS = shelf.lessons()
STEPS = [(lesson.name, step) for lesson in LESSONS.values() for step in lesson.steps]
STRUCTURE = {"60,000", "10,000", "70,000"}  # of MNIST: no measurement
MEASURED = r"\d+(?:[.,]\d+)?\s*%|\d+\.\d+|\d{1,3},\d{3}"
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
    assert re.findall(MEASURED, "97.8 % of 101,770, and 5 %") == ["97.8 %", "101,770", "5 %"]


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
    assert float(filled("{dense.total(digit, 5)}", image)) == pytest.approx(
        (image.ravel() * kernel[:, 5]).sum() + bias[5], abs=0.051
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
    assert set(EVERYWHERE) == set(SIDEBAR) - {"lesson", "step"}
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
        (TEXT, " "),
        (TEXT, "x" * 501),
        (TEXT, 3),
    ],
)
def test_what_is_no_answer(question, given):
    assert not accepts(question, given)


def test_numbers_are_read_with_a_point_or_a_comma():
    assert [number(text) for text in ("97,8 %", "> 99.9 %", "101,770", "-3", "none")] == [97.8, 99.9, 101770, -3, None]


@pytest.mark.parametrize("name", LESSONS)
def test_a_worksheet_has_two_pages(name):
    for with_answers in (False, True):
        assert len(re.findall(rb"/Type /Page\b", worksheet(LESSONS[name], with_answers))) == 2


def test_the_command_checks_a_lesson_and_writes_its_worksheets(tmp_path):
    run = CliRunner().invoke(main, ["lesson", str(lesson(tmp_path)), "--out", str(tmp_path)])
    assert run.exit_code == 0 and run.output.startswith("Mine: 1 step, 5 minutes, no fault")
    assert {file.name for file in tmp_path.glob("*.pdf")} == {"mine-worksheet.pdf", "mine-answers.pdf"}
    run = CliRunner().invoke(main, ["lesson", str(lesson(tmp_path, "dx=3", "dx=99")), "--check"])
    assert (
        run.exit_code == 1 and run.output.startswith("Error: mine.toml, step 1: “open”") and run.output.count("\n") == 1
    )
