"""Whether what somebody has answered is an answer, and whether it is right."""

import math
import re

from mnist_model.lesson.figures import Fill
from mnist_model.lesson.lessons import LONGEST_ANSWER, Question


def accepts(question: Question, given: object) -> bool:
    """Whether a text is an answer to a question: a choice's place in its list, a number, a digit, or some words."""
    if not isinstance(given, str) or not given.strip() or len(given) > LONGEST_ANSWER:
        return False
    if question.kind == "choice":
        return given in map(str, range(len(question.choices)))
    if question.kind == "number":
        return number(given) is not None
    return question.kind == "text" or given in [*"0123456789"]


def is_right(question: Question, given: str, fill: Fill) -> bool | None:
    """Whether an accepted answer is the right one; None where none is. A network that knows it is asked now."""
    if question.kind == "text" or not question.answer:
        return None
    answer = fill(question.answer)
    if question.kind == "number":
        said, right = number(given), number(answer)
        return said is not None and right is not None and abs(said - right) <= question.tolerance + 1e-9
    return in_words(question, given, fill) == answer


def in_words(question: Question, given: str, fill: Fill) -> str:
    """An accepted answer as it was read: of choices, the text."""
    return fill(question.choices[int(given)]) if question.kind == "choice" else given


def number(text: str) -> float | None:
    """The first number in a text, such as 97.8 in "97.8 %" and 101770 in "101,770"; None where there is none."""
    found = re.search(r"-?\d+(?:[.,]\d+)?", re.sub(r",(?=\d{3}(?!\d))", "", text.replace("−", "-")))
    value = float(found[0].replace(",", ".")) if found else math.nan
    return value if math.isfinite(value) else None
