"""A lesson on paper: two pages of A4 to write on, and the same with answers and the teacher's notes.

By matplotlib, as a run's report is: the command line has no browser whose print it could ask for, and the file is the
same wherever it is made.
"""

import functools
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from mnist_model.lesson.errors import BadLesson
from mnist_model.lesson.figures import Fill, fill_for
from mnist_model.lesson.lessons import Lesson, Step

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT, MARGIN = 595.0, 842.0, 42.0  # points, A4
TITLE = 40.0  # points, on top of each page
SIZES = np.arange(10.5, 6.4, -0.25)  # points, of the text; the largest with which it fits is taken
LEADING, GAP, WRITING = 1.35, 0.9, 2.0  # of a line, between steps, of a line to write on: in sizes of the text
FONTS: dict[str, Any] = {"heading": {"weight": "bold"}, "answer": {"weight": "bold"}, "note": {"style": "italic"}}
COLOURS = {"answer": "#1d5fd0", "shows": "#1d5fd0", "note": "#556070"}
Paragraph = tuple[str, str]  # a style and a text


class Block(NamedTuple):
    """A step on paper: its lines, each with its style, and its height in points."""

    lines: list[Paragraph]
    height: float


def worksheet(lesson: Lesson, with_answers: bool) -> bytes:
    """The worksheet, a PDF. Raises BadFigure or NetworkError where one of its figures cannot be had, and
    BadLesson where a step is too long for a page."""
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    steps = [list(paragraphs(number, step, with_answers)) for number, step in enumerate(lesson.steps, 1)]
    size, pages = laid_out(steps)
    file = io.BytesIO()
    with PdfPages(file) as pdf:
        for number, blocks in enumerate(pages, 1):
            figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72))
            title = f"{lesson.title}{' · answers' * with_answers}"
            _write(figure, MARGIN, "heading", title, 13)
            _write(figure, MARGIN + 18, "note", f"{lesson.minutes} minutes · page {number} of {len(pages)}", 8)
            _draw(figure, blocks, size, with_answers)
            pdf.savefig(figure)
    return file.getvalue()


def paragraphs(number: int, step: Step, with_answers: bool) -> Iterator[Paragraph]:
    """What stands on paper of a step."""
    fill = fill_for(step.state)
    question = step.question
    yield "heading", f"{number}. {step.heading}"
    yield "text", fill(question.ask if question else step.do or step.prompt)
    if question and question.choices:
        yield "text", "\xa0\xa0 ".join(f"□\xa0{fill(choice)}" for choice in question.choices)
    if with_answers:
        yield from _answers(step, fill)


def _answers(step: Step, fill: Fill) -> Iterator[Paragraph]:
    if step.question and step.question.answer:
        yield "answer", f"→ {fill(step.question.answer)}"
    if step.misconception:
        yield "shows", f"Often thought: “{fill(step.misconception)}”"
    yield "shows", fill(step.shows)
    if step.note:
        yield "note", f"For the teacher: {fill(step.note)}"


def laid_out(steps: list[list[Paragraph]]) -> tuple[float, list[list[Block]]]:
    """The largest size of text with which all fits on two pages, or, of a long lesson, on as few as there can be."""
    for count in range(2, 2 + 2 * len(steps)):
        for size in map(float, SIZES):
            blocks = [_block(step, size) for step in steps]
            pages = _spread(blocks, count)
            if all(sum(block.height for block in page) <= HEIGHT - 2 * MARGIN - TITLE for page in pages):
                return size, pages
    raise BadLesson("A step of this lesson is too long for a page of its worksheet.")


def _block(step: list[Paragraph], size: float) -> Block:
    lines = [(style, line) for style, text in step for line in _wrapped(text, style, size)]
    return Block(lines, size * (LEADING * len(lines) + GAP))


def _spread(blocks: list[Block], count: int) -> list[list[Block]]:
    """Blocks on so many pages, about as much on each; none is divided."""
    heights = np.array([block.height for block in blocks])
    middles = heights.cumsum() - heights / 2
    pages = np.minimum(count * middles / heights.sum(), count - 1).astype(int)
    return [[block for block, page in zip(blocks, pages, strict=True) if page == number] for number in range(count)]


def _draw(figure: "Figure", blocks: list[Block], size: float, with_answers: bool) -> None:
    """The blocks of a page; what is left of its height is between them, with lines to write on."""
    left = HEIGHT - 2 * MARGIN - TITLE - sum(block.height for block in blocks)
    room, top = left / max(1, len(blocks)), MARGIN + TITLE
    for block in blocks:
        for style, line in block.lines:
            _write(figure, top, style, line, size)
            top += size * LEADING
        for number in range(0 if with_answers else int(room / (WRITING * size))):
            _rule(figure, top + (number + 1) * WRITING * size)
        top += room + size * GAP


def _write(figure: "Figure", top: float, style: str, text: str, size: float) -> None:
    font, colour = FONTS.get(style, {}), COLOURS.get(style, "#17202e")
    place = MARGIN / WIDTH, 1 - top / HEIGHT
    figure.text(*place, text, fontsize=size, color=colour, va="top", parse_math=False, **font)


def _rule(figure: "Figure", top: float) -> None:
    """A line to write on."""
    from matplotlib.lines import Line2D

    y = 1 - top / HEIGHT
    figure.add_artist(Line2D([MARGIN / WIDTH, 1 - MARGIN / WIDTH], [y, y], color="#a7b2c4", lw=0.6, ls=":"))


def _wrapped(text: str, style: str, size: float) -> Iterator[str]:
    """A text's lines, each as wide as the page lets it be."""
    line, width = "", 0.0
    for word in re.split("[ \n]+", text.replace("**", "").strip()):  # not at hard spaces
        width += size * _width(f" {word}", style)
        if line and width > WIDTH - 2 * MARGIN:
            yield line
            line, width = "", size * _width(word, style)
        line = f"{line} {word}".lstrip()
    yield line


@functools.lru_cache(maxsize=50_000)
def _width(text: str, style: str) -> float:
    """How wide a text is, in parts of its size."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextToPath

    font = FontProperties(size=100, **FONTS.get(style, {}))
    width: float = TextToPath().get_text_width_height_descent(text, font, ismath=False)[0]
    return width / 100
