"""An engine whose worker says what a test has it say, in place of Dask's."""

import contextlib
import threading
from collections.abc import Iterator

from mnist_model.pages.shared import queue as pages_queue
from mnist_model.runs.jobs import Job
from mnist_model.runs.messages import End, Files, Hear, Message
from mnist_model.runs.queue import Queue

Words = Message | Files | Exception


class Engine:
    """Each job it is given says the next row of words, in order; files or an exception end it, else only a stop."""

    def __init__(self, *rows: list[Words], slots: int = 1) -> None:
        self.rows, self.slots = list(rows), slots
        self.told: list[tuple[str, object]] = []
        self.ends: dict[str, End] = {}
        self.hears: dict[str, Hear] = {}

    def begin(self, key: str, job: Job, files: Files, hear: Hear, end: End) -> None:
        self.told.append(("begin", job))
        self.ends[key], self.hears[key] = end, hear
        words = self.rows.pop(0) if self.rows else []
        if words and isinstance(words[0], Refusal):
            raise words[0].error
        threading.Thread(target=self.say, args=(key, words), daemon=True).start()

    def say(self, key: str, words: list[Words]) -> None:
        for word in words:
            (self.ends[key] if isinstance(word, dict | Exception) else self.hears[key])(word)

    def stop(self, key: str) -> None:
        self.told.append(("stop", key))
        self.ends[key]({"report.json": b"{}"})

    def abandon(self, key: str) -> None:
        self.told.append(("abandon", key))

    def prepare(self) -> None:
        self.told.append(("prepare", None))

    def rest(self) -> None:
        self.told.append(("rest", None))

    def close(self) -> None: ...


class Refusal(Exception):
    """A worker that cannot be reached: `begin` raises the error."""

    def __init__(self, error: Exception) -> None:
        self.error = error


@contextlib.contextmanager
def pages_have_a_queue(monkeypatch) -> Iterator[Queue]:
    """A queue of this test's own for the pages, whose `engine` says nothing of itself: no process is started."""
    engine = Engine()
    made = Queue(lambda: engine)
    made.engine = engine
    monkeypatch.setattr(pages_queue, "queue", lambda: made)
    yield made
    made.close()
