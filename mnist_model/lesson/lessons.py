"""What a lesson is: steps, each of which opens a page as it has to be, asks, and says what was to be seen.

The files are in assets/lessons; reading.py reads one, shelf.py lists them.

Texts may have **bold** words, and figures in braces, which stand for what is measured when they are shown (figures.py).
"""

from dataclasses import dataclass
from typing import Literal

from mnist_model.lesson.states import State, parse

Kind = Literal["choice", "number", "digit", "text"]
LONGEST_ANSWER = 200  # characters of an answer, as its field and the class's database have it


@dataclass(frozen=True)
class Question:
    """What is asked before anything is shown. Without an answer, as for a text, none is right or wrong."""

    ask: str
    kind: Kind
    choices: tuple[str, ...] = ()
    answer: str = ""  # of a choice: its text
    tolerance: float = 0.0  # how far off a number may be and still be right


@dataclass(frozen=True)
class Step:
    """One step: predict, try, explain."""

    heading: str
    open: str  # the state: a link
    prompt: str
    shows: str  # what it shows; not before the question is answered
    do: str = ""  # what to do: after the answer, and at once where nothing is asked
    sight: str = ""  # what of the page is in sight, one of states.SIGHTS: else its top
    hide: str = ""  # what is covered until then: "answers"
    yours: bool = False  # of the learner's own drawing, where there is one; of the state's digit else
    question: Question | None = None
    misconception: str = ""  # which it meets, as somebody who has it would say it
    note: str = ""  # for the teacher

    @property
    def state(self) -> State:
        """What it opens. Raises BadLink."""
        return parse(self.open)


@dataclass(frozen=True)
class Lesson:
    """A lesson; its name is its file's, and stands in addresses."""

    name: str
    title: str
    minutes: int
    steps: tuple[Step, ...]
