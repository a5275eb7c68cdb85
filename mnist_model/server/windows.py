"""How many windows are open: an address and a browser may each have so many."""

import contextlib
from collections import Counter
from collections.abc import Iterator

OPEN = {"address": 400, "browser": 20}  # windows at once
Holder = tuple[str, str]  # one of these kinds, and its name


class Windows:
    """Those of a server. Lives in its event loop."""

    def __init__(self) -> None:
        self._open: Counter[Holder] = Counter()

    def __bool__(self) -> bool:
        """Whether any is open."""
        return bool(self._open)

    def full(self, holders: list[Holder]) -> str | None:
        """The kind of the holder that has as many as it may, if one has."""
        return next((kind for kind, name in holders if self._open[kind, name] >= OPEN[kind]), None)

    @contextlib.contextmanager
    def open(self, holders: list[Holder]) -> Iterator[None]:
        """These have one more."""
        self._open.update(holders)
        try:
            yield
        finally:
            self._open.subtract(holders)
            self._open += Counter()  # without those that have none
