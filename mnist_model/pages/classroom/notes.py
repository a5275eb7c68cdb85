"""The teacher's notes: every step of the lessons with what to say, each a press away."""

import html

import streamlit as st

from mnist_model.lesson.lessons import Lesson
from mnist_model.pages.shared import lessons


def show() -> None:
    """Folded, because a projector may show this page."""
    for lesson in lessons.lessons().values():
        with st.expander(f"Steps and notes: {lesson.title} (for you, not for the projector)"):
            st.html(notes(lesson))


def notes(lesson: Lesson) -> str:
    """A line for each step, which opens it, and its note: HTML."""
    steps = "".join(
        f'<li><a href="./?lesson={html.escape(lesson.name)}&step={number}">{html.escape(step.heading)}</a> '
        f"{html.escape(step.note)}</li>"
        for number, step in enumerate(lesson.steps, 1)
    )
    return f"<ol>{steps}</ol>"
