"""Which lessons there are: one's own, and those that came with the project."""

import functools
import os
from pathlib import Path

from mnist_model.lesson.lessons import Lesson
from mnist_model.lesson.reading import read

SHIPPED = Path(__file__).parents[2] / "assets" / "lessons"


@functools.cache
def lessons() -> dict[str, Lesson]:
    """The lessons by name, read once a process, the one to begin with first. Raises BadLesson.

    One's own is the file that MNIST_LESSON names (`make run LESSON=my.toml`); it takes the place of one that is called
    the same.
    """
    own = os.environ.get("MNIST_LESSON")
    found: dict[str, Lesson] = {}
    for file in [*([Path(own)] if own else []), *sorted(SHIPPED.glob("*.toml"))]:
        found.setdefault(file.stem, read(file))
    return found
