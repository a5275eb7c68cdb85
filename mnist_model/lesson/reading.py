"""A lesson's file, TOML -> a Lesson, or one sentence that names the step and the field where it is wrong.

title, minutes       of the lesson
[[step]]             the fields of lessons.Step
[step.question]      the fields of lessons.Question, where something is asked
"""

import dataclasses
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_type_hints

from mnist_model.lesson import figures, marking
from mnist_model.lesson.errors import BadFigure, BadLesson, BadLink
from mnist_model.lesson.lessons import Kind, Lesson, Question, Step
from mnist_model.lesson.states import SIGHTS

MOST_STEPS = 50
LONGEST_TEXT = 2000  # characters of a text
Test = Callable[[Any], bool]
TYPES: dict[Any, tuple[str, Test]] = {  # what TOML must have for a field of a type
    str: (
        f"a text of at most {LONGEST_TEXT:,} characters",
        lambda value: isinstance(value, str) and 0 < len(value.strip()) <= LONGEST_TEXT,
    ),
    int: ("a whole number from 1 to 600", lambda value: type(value) is int and 1 <= value <= 600),
    float: ("a number from 0", lambda value: type(value) in (int, float) and 0 <= value < math.inf),
    bool: ("true or false", lambda value: type(value) is bool),
    tuple[str, ...]: (
        "a list of two different texts, or more",
        lambda value: isinstance(value, list) and all(map(TYPES[str][1], value)) and len({*value}) == len(value) > 1,
    ),
    Kind: (f"one of {', '.join(get_args(Kind))}", lambda value: value in get_args(Kind)),
}


def read(file: Path) -> Lesson:
    """The lesson in a file. Raises BadLesson."""
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadLesson(f"{file} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise BadLesson(f"{file.name} is not TOML: {error}.") from error
    steps = table.pop("step", None)
    if not isinstance(steps, list) or not 1 <= len(steps) <= MOST_STEPS:
        raise BadLesson(f"{file.name}: it has from 1 to {MOST_STEPS} steps, each a table [[step]].")
    made = tuple(_step(each, f"{file.name}, step {number}") for number, each in enumerate(steps, 1))
    lesson: Lesson = _made(Lesson, table, file.name, name=file.stem, steps=made)
    return lesson


def _step(table: Any, place: str) -> Step:
    if not isinstance(table, dict):
        raise BadLesson(f"{place} is not a table [[step]].")
    asked, where = table.pop("question", None), f"{place}, question"
    question = None if asked is None else _question(asked, where)
    step: Step = _made(Step, table, place, question=question)
    try:
        page, values = step.state
    except BadLink as error:
        raise BadLesson(f"{place}: “open”: {step.open} {error}.") from error
    if step.sight and page not in SIGHTS.get(step.sight, ()):
        has = ", ".join(sight for sight, pages in SIGHTS.items() if page in pages) or "none"
        raise BadLesson(f"{place}: “sight” is not of its page: /{page} has {has}.")
    if step.hide not in ("", "answers"):
        raise BadLesson(f"{place}: “hide” is not answers, and nothing else can be hidden.")
    if step.hide and not question:
        raise BadLesson(f"{place}: “hide” needs a question: its answer uncovers what is hidden.")
    _check_figures(step, place, "digit" in values)
    if question:
        _check_figures(question, where, "digit" in values)
    return step


def _question(table: Any, place: str) -> Question:
    if not isinstance(table, dict):
        raise BadLesson(f"{place} is not a table [step.question].")
    question: Question = _made(Question, table, place)
    if (question.kind == "choice") != bool(question.choices):
        raise BadLesson(f"{place}: “choices” belong to the kind choice, and to no other.")
    if not question.answer or "{" in question.answer:  # which nobody knows yet
        return question
    if question.choices and question.answer not in question.choices:
        raise BadLesson(f"{place}: “answer” is none of the choices.")
    if question.kind in ("number", "digit") and not marking.accepts(question, question.answer):
        raise BadLesson(f"{place}: “answer” is not a {question.kind}.")
    return question


def _made(kind: Any, table: dict[str, Any], place: str, **made: Any) -> Any:
    """One of our dataclasses: of what is made already, and of a table with the other fields, each of its type."""
    hints, given = get_type_hints(kind), {}
    fields = {each.name: each for each in dataclasses.fields(kind) if each.name not in made}
    for name, value in table.items():
        if name not in fields:
            raise BadLesson(f"{place}: “{name}” is none of its fields, which are {', '.join(fields)}.")
        words, fits = TYPES[hints[name]]
        if not fits(value):
            raise BadLesson(f"{place}: “{name}” is not {words}.")
        given[name] = tuple(value) if isinstance(value, list) else value
    for name, field in fields.items():
        if name not in given and field.default is dataclasses.MISSING:
            raise BadLesson(f"{place}: “{name}” is missing.")
    return kind(**given, **made)


def _check_figures(texts: Step | Question, place: str, has_digit: bool) -> None:
    for name, value in vars(texts).items():
        for text in value if isinstance(value, tuple) else (value,):
            try:
                if isinstance(text, str):
                    figures.check(text, has_digit)
            except BadFigure as error:
                raise BadLesson(f"{place}: “{name}”: {error}") from error
