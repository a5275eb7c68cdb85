"""What a class is asked: a lesson's steps, as the screens are told of them, and what is true at that moment."""

import functools
from typing import Any, NamedTuple

from mnist_model.errors import NudgeError
from mnist_model.lesson import marking, shelf
from mnist_model.lesson.errors import BadLesson
from mnist_model.lesson.figures import Fill, fill_for
from mnist_model.lesson.lessons import Question, Step


class Bar(NamedTuple):
    """An answer, as it was sent and in words, how many gave it, and whether it is right; None where none is."""

    answer: str
    text: str
    votes: int
    right: bool | None


def step_of(lesson: str, number: int) -> Step | None:
    """A step of a lesson, the first is 1; None where there is none."""
    try:
        found = shelf.lessons().get(lesson)
    except BadLesson:
        return None
    return found.steps[number - 1] if found and 1 <= number <= len(found.steps) else None


@functools.lru_cache(maxsize=200)
def shown(lesson: str, number: int) -> dict[str, Any]:
    """A step's heading and its question, as JSON; {} where there is no such step."""
    step = step_of(lesson, number)
    if step is None:
        return {}
    asked, fill = step.question, _fill(step)
    question = {"ask": fill(asked.ask), "kind": asked.kind, "choices": _choices(asked, fill)} if asked else None
    return {"heading": step.heading, "question": question}


def accepted(lesson: str, number: int, given: object) -> str | None:
    """What was sent, as a vote: a choice's place in its list, a number, a digit, some words. None for anything else.

    Of a number there is nothing else: what pupils type is not put on the projector.
    """
    step = step_of(lesson, number)
    if step is None or step.question is None or not marking.accepts(step.question, given):
        return None
    return f"{marking.number(str(given)):.10g}" if step.question.kind == "number" else str(given).strip()


def bars(lesson: str, number: int, counts: dict[str, int]) -> list[Bar]:
    """A round's votes, to be shown: every choice, every number or digit that was given; of words only how many."""
    step = step_of(lesson, number)
    if step is None or step.question is None:
        return []
    if step.question.kind == "text":
        return [Bar("", "answered", sum(counts.values()), None)]
    given = map(str, range(len(step.question.choices))) if step.question.choices else sorted(counts, key=_in_order)
    fill = _fill(step)
    return [_bar(step.question, each, counts.get(each, 0), fill) for each in given]


def _bar(question: Question, given: str, count: int, fill: Fill) -> Bar:
    return Bar(given, marking.in_words(question, given, fill), count, marking.is_right(question, given, fill))


def _in_order(given: str) -> float:
    return marking.number(given) or 0.0


def _choices(question: Question, fill: Fill) -> list[str]:
    return [fill(each) for each in question.choices]


def _fill(step: Step) -> Fill:
    """What fills a step's texts; what cannot be read stays as it is in the file."""
    fill = fill_for(step.state)

    @functools.cache  # of a round's votes each asks for the same
    def careful(text: str) -> str:
        try:
            return fill(text)
        except NudgeError:
            return text

    return careful
