"""The lesson that this session is in: its step, what was answered, what is opened; its strip over every page."""

import html

import streamlit as st

from mnist_model.errors import NudgeError
from mnist_model.lesson import shelf
from mnist_model.lesson.errors import BadLesson
from mnist_model.lesson.figures import fill_for
from mnist_model.lesson.lessons import Lesson
from mnist_model.lesson.marking import accepts
from mnist_model.pages.shared import drawn, links
from mnist_model.pages.shared.digit import drawing, take
from mnist_model.pages.shared.frontend import script, sent
from mnist_model.pages.shared.queue import is_open
from mnist_model.pages.shared.readers import BadValue, Reader, whole_number
from mnist_model.render import strip
from mnist_model.render.strip import Place

SHOWN = ""  # what is kept of a question whose answer somebody only wanted to see
UNCOVERED = "nothing"  # is hidden
STAGES = ("gets", "flatten", "unit", "units", "sums", "softmax")  # of the forward pass
SIGHTS = {  # CSS selectors of what a step can have in sight, by lesson/states.py's names
    "section": ".st-key-section",
    "picked": ".st-key-picked",
    "train": ".st-key-go",
    "confusion": "table.confusion",
    **{name: f".forward section:nth-of-type({i})" for i, name in enumerate(STAGES, 1)},
}
BARE = {"lesson", "step", "hide", "view", "theme"}  # an address with nothing else has the step opened

_strip = st.components.v2.component(
    "nudge_strip",
    html='<div class="lesson-root"></div>',
    js=script("show", "class_follow", "strip"),
    isolate_styles=False,
)


def lessons() -> dict[str, Lesson]:
    """The lessons by name; none where one of them has a fault, which `show` says."""
    try:
        return shelf.lessons()
    except BadLesson:
        return {}


def place() -> Place | None:
    """Where this session is in a lesson, if it is in one."""
    lesson = lessons().get(st.session_state.get("lesson", ""))
    if lesson is None:
        return None
    number = _steps().get(lesson.name, 0)
    step, given = lesson.steps[number], _given().get((lesson.name, number))
    lacks = step.yours and step.state.page != "draw" and drawn.inputs()[1] is None
    return Place(lesson, number, given, lacks, st.session_state.get("refused_answer", False))


def _steps() -> dict[str, int]:
    """The step of each lesson that was begun, from 0: one comes back to it."""
    steps: dict[str, int] = st.session_state.setdefault("lesson_steps", {})
    return steps


def _given() -> dict[tuple[str, int], str]:
    """What was answered at each step of each lesson."""
    given: dict[tuple[str, int], str] = st.session_state.setdefault("given", {})
    return given


# Addresses


def lesson(text: str) -> None:
    """Be in the lesson that an address names."""
    if text not in lessons():
        raise BadValue(f"one of {', '.join(lessons())}")
    st.session_state.lesson = text


def step(text: str) -> None:
    """Be at the step of the lesson that an address names, from 1."""
    if (at := place()) is None:
        raise BadValue("one of a lesson")
    _steps()[at.lesson.name] = whole_number(text, 1, len(at.lesson.steps)) - 1
    if st.session_state.asked.keys() <= BARE:
        open_step()


LINK: dict[str, Reader] = {"lesson": lesson, "step": step}


def address() -> dict[str, str]:
    """What of it stands in the address of every page."""
    at = place()
    return {"lesson": at.lesson.name, "step": str(at.number + 1)} if at else {}


# What is pressed


def start(name: str) -> None:
    """Begin a lesson, or go on where one was."""
    if name in lessons():
        st.session_state.lesson = name
        open_step()


def turn_to(number: int) -> None:
    """Another step of the lesson, from 0."""
    at = place()
    if at and 0 <= number < len(at.lesson.steps):
        _steps()[at.lesson.name] = number
        open_step()


def go_to(code: str) -> None:
    """The step of a lesson that a class is at, by Place.code."""
    name, _, number = code.rpartition(" ")
    if name in lessons() and number.isascii() and number.isdecimal():
        st.session_state.lesson = name
        turn_to(int(number[:4]))


def open_step() -> None:
    """Have the next run open the step's page as the step has it: with one's own drawing where it is of that."""
    at = place()
    assert at
    page, values = at.step.state
    values = {"hide": at.step.hide or UNCOVERED, **values}
    if at.given is not None:
        values["hide"] = UNCOVERED
    mine = drawing(drawn.inputs()[1]) if at.step.yours and page != "draw" else None
    if mine:
        values.pop("digit", None)
        take(mine)
    links.follow(page, values)
    st.session_state.opening = page


def answer(given: str) -> None:
    """Keep an answer, and uncover what was hidden until then; what is no answer is refused."""
    at = place()
    if not at or not at.step.question:
        return
    st.session_state.refused_answer = given != SHOWN and not accepts(at.step.question, given)
    if not st.session_state.refused_answer:
        _given()[at.lesson.name, at.number] = given
        links.follow(_page(), {"hide": UNCOVERED})


def end() -> None:
    """Leave the lesson; what was answered is kept."""
    st.session_state.lesson = ""
    links.follow(_page(), {"hide": UNCOVERED})


def pressed() -> None:
    """Do what was pressed on the strip; what comes a second time, of a place one has left by then, counts as none."""
    at = place()
    match sent("strip", "pressed"):
        case {"do": "start", "value": str(name)}:
            start(name)
        case {"do": "go", "value": str(wanted)}:
            go_to(wanted)
        case {"do": str(do), "value": str(value), "place": str(where)} if at and where == at.code:
            st.session_state.refused_answer = False
            match do:
                case "next" | "back":
                    turn_to(at.number + (1 if do == "next" else -1))
                case "open":
                    open_step()
                case "show":
                    answer(SHOWN)
                case "answer":
                    answer(value)
                case "end":
                    end()


# On the page


def go(page: str) -> None:
    """Before a page is entered: go to another one where a step is to be opened there."""
    wanted = st.session_state.pop("opening", page)
    if wanted != page:
        st.switch_page(f"mnist_model/pages/{wanted}/page.py")


def show() -> None:
    """The strip over the page; without a lesson nothing, but a line for who is here for the first time."""
    if "opening" in st.session_state:  # the address named nothing but a step
        st.rerun()
    with st.container(key="lesson"):
        try:
            markup = _markup()
        except NudgeError as error:
            st.error(str(error))
            return
        if markup or is_open():  # a class's step may come at any time
            at = place()
            where = {"place": at.code, "sight": SIGHTS.get(at.step.sight, "")} if at else {"place": ""}
            _strip(data={"html": markup} | where, key="strip", on_pressed_change=pressed)


def _markup() -> str:
    """The strip's HTML, or "". Raises NudgeError where a lesson, or what it tells of, cannot be read."""
    every, at = shelf.lessons(), place()
    is_new = st.session_state.setdefault("is_new", "digit" not in st.query_params) and "lesson" not in st.session_state
    if at is None:
        return strip.welcome(next(iter(every.values()))) if is_new and _page() == "draw" else ""
    if _page() != at.step.state.page:
        return strip.left(at)
    mine = drawn.inputs()[1] if at.step.yours else None
    return strip.strip(at, fill_for(at.step.state, mine))


def offers() -> str:
    """Every lesson to begin, or to go on with: HTML, which frontend/screen.js makes work."""
    offered = "".join(
        f'<button data-lesson="{html.escape(name)}">{html.escape(each.title)} ({each.minutes} minutes)</button>'
        for name, each in lessons().items()
    )
    return f'<details class="lessons"><summary>Lessons</summary>{offered}</details>' if offered else ""


def _page() -> str:
    """The page that is shown."""
    page: str = st.session_state.entered
    return page
