"""A lesson's strip: the step that one is at, what is asked, and, once that is answered, what it shows: HTML.

What can be pressed has data-do, and Back and Next data-step, too: frontend/strip.js tells the server.
"""

import html
import re
from typing import NamedTuple

from mnist_model.lesson.figures import Fill
from mnist_model.lesson.lessons import Lesson, Question, Step
from mnist_model.lesson.marking import in_words, is_right

ABOUT = "<b>Why does a network that reads digits fail when they move?</b> <span>Draw some and find out.</span>"
VERDICTS = {True: "✓ Right", False: "✗ Not quite", None: "Your answer"}
NO_ANSWER = {
    "choice": "Choose one of these.",
    "digit": "Choose a digit.",
    "number": "Type a number, such as 12.5.",
    "text": "Write a few words first.",
}
NO_DRAWING = "You have drawn nothing yet: this is one of MNIST's digits. Draw one on the Draw page, and come back."


class Place(NamedTuple):
    """Where one is in a lesson: its step from 0, and what one has answered there ("" for "show me"), if anything."""

    lesson: Lesson
    number: int
    given: str | None
    lacks_drawing: bool = False  # where the step is of one's own
    refused: bool = False  # whether what was answered just now is no answer

    @property
    def step(self) -> Step:
        return self.lesson.steps[self.number]

    @property
    def code(self) -> str:
        """Which step of which lesson, for the browser."""
        return f"{self.lesson.name} {self.number}"


def welcome(lesson: Lesson) -> str:
    """One line for who is here for the first time: what this is, and where to begin."""
    return (
        f'<section class="lesson-strip welcome" aria-label="Welcome"><p>{ABOUT}</p>'
        f"{_press('start', f'Start the lesson ({lesson.minutes} minutes)', lesson.name)}</section>"
    )


def left(place: Place) -> str:
    """One line for who has left the path."""
    back = _press("open", f"Back to the lesson: step {place.number + 1}", step="next")
    said = f"<p>{html.escape(place.lesson.title)}</p>{back}{_press('end', 'End')}"
    return f'<section class="lesson-strip left" aria-label="Lesson">{said}</section>'


def strip(place: Place, fill: Fill) -> str:
    """The step, with its question or, once that is answered, what it shows."""
    step, number, count = place.step, place.number, len(place.lesson.steps)
    head = (
        _press("back", "‹<span> Back</span>", step="back", disabled=number == 0)
        + f'<span class="where">{number + 1} of {count}<progress value="{number + 1}" max="{count}"></progress></span>'
        + f"<h2>{html.escape(step.heading)}</h2>"
        + _press("open", "Start of this step")
        + _press("end", "End")
        + '<button class="fold" aria-label="Fold the lesson up or out"></button>'
        + _press("next", "<span>Next </span>›", step="next", disabled=number == count - 1)
    )
    lacking = f'<p class="lacking">{NO_DRAWING}</p>' if place.lacks_drawing else ""
    question = step.question
    after = _asked(question, place.refused, fill) if question and place.given is None else _shown(place, fill)
    return (
        f'<section class="lesson-strip" aria-label="Lesson: {html.escape(place.lesson.title)}"><header>{head}</header>'
        f'<div class="body"><div class="prompt">{_text(step.prompt, fill)}{lacking}</div>{after}</div></section>'
    )


def _asked(question: Question, refused: bool, fill: Fill) -> str:
    """The question with what answers it, and a press for who only wants to see."""
    match question.kind:
        case "choice":
            texts = [(str(i), _inline(choice, fill)) for i, choice in enumerate(question.choices)]
            field = "".join(_press("answer", text, value) for value, text in texts)
        case "digit":
            field = "".join(_press("answer", str(digit), str(digit)) for digit in range(10))
        case "number":
            field = '<input inputmode="decimal" size="6" aria-label="Your answer">' + _press("answer", "Answer")
        case "text":
            field = '<textarea rows="2" maxlength="500" aria-label="Your answer"></textarea>'
            field += _press("answer", "Answer")
    no_answer = f'<p class="lacking" role="alert">{NO_ANSWER[question.kind]}</p>' if refused else ""
    return (
        f'<div class="asked"><p>{_inline(question.ask, fill)}</p><div class="field {question.kind}">{field}</div>'
        f"{no_answer}{_press('show', 'Show me')}</div>"
    )


def _shown(place: Place, fill: Fill) -> str:
    """How one has answered, which misconception that meets, what to try, and what it shows."""
    step, said = place.step, ""
    if step.question:
        said = _said(step.question, place.given or "", fill)
    if step.misconception:
        said += f'<p class="thought">Often thought: “{_inline(step.misconception, fill)}”</p>'
    if step.do:
        said += f"<p><b>Try:</b> {_inline(step.do, fill)}</p>"
    return f'<div class="shown" role="status">{said}{_text(step.shows, fill)}</div>'


def _said(question: Question, given: str, fill: Fill) -> str:
    """What one has answered, whether that is right, and what is."""
    judged = is_right(question, given, fill) if given else None
    kind = {True: " right", False: " wrong", None: ""}[judged]
    said = f"{VERDICTS[judged]}: {html.escape(in_words(question, given, fill))}. " if given else ""
    answer = f"The answer: <b>{_inline(question.answer, fill)}</b>." if question.answer and not judged else ""
    return f'<p class="verdict{kind}">{said}{answer}</p>' if said or answer else ""


def _press(do: str, label: str, value: str = "", step: str = "", disabled: bool = False) -> str:
    """Something to press, with what it does; its label is HTML."""
    attributes = f' data-value="{html.escape(value)}"' * bool(value) + f' data-step="{step}"' * bool(step)
    return f'<button data-do="{do}"{attributes}{" disabled" * disabled}>{label}</button>'


def _text(text: str, fill: Fill) -> str:
    """A text of paragraphs."""
    return "".join(f"<p>{_inline(part, fill)}</p>" for part in text.strip().split("\n\n"))


def _inline(text: str, fill: Fill) -> str:
    """A text with its figures and bold words."""
    filled = fill(" ".join(text.split())).replace(" %", "\xa0%")
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", html.escape(filled, quote=False))
