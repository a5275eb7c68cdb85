"""A process that a test tells what to say, in place of a worker's."""

import threading


class Process:
    """Stands for a worker's process: says what a test has it say, in the very same words."""

    def __init__(self, *said: object) -> None:
        self.said, self.told, self.over = said, [], threading.Event()

    def begin(self, job) -> None:
        self.told.append(job)

    def messages(self):
        for message in self.said:
            if isinstance(message, Exception):
                raise message
            yield message
        if not self.said:
            self.over.wait(20)

    def ask_to_stop(self) -> None:
        self.told.append("stop")
        self.over.set()

    def kill(self) -> None:
        self.over.set()

    close = kill

    def is_alive(self) -> bool:
        return not self.over.is_set()

    def lower(self) -> None: ...
