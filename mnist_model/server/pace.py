"""How much of the server one may have: what is asked too often waits."""

import asyncio
import time
from collections.abc import Callable

MOST = 5000  # names that are remembered
NOBODY = 2.0  # seconds without a run of somebody patient, after which nobody has to be spared


class Bucket:
    """Tokens that fill up by `rate` a second to `size`: a burst is free, what goes on is not."""

    def __init__(self, rate: float, size: float, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._size, self._now = rate, size, now
        self._tokens, self._filled = size, now()

    @property
    def part(self) -> float:
        """How full it is: at most 1, below 0 where more has been taken than there was."""
        self._fill()
        return self._tokens / self._size

    def take(self) -> bool:
        """Take a token, if there is one."""
        self._fill()
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def owe(self, longest: float) -> float:
        """Take a token that may be yet to come; how many seconds to wait for it.

        None is taken where that would be longer than `longest`: who is refused does not make others wait for it.
        """
        self._fill()
        wait = max(0.0, (1 - self._tokens) / self._rate)
        if wait <= longest:
            self._tokens -= 1
        return wait

    def give(self, part: float = 1) -> None:
        """Give back a part of a token, or all of it."""
        self._tokens = min(self._size, self._tokens + part)

    def _fill(self) -> None:
        now = self._now()
        self._tokens = min(self._size, self._tokens + (now - self._filled) * self._rate)
        self._filled = now


class Buckets:
    """A bucket for each name, such as an address; full ones are forgotten where there are too many."""

    def __init__(self, pace: tuple[float, float]) -> None:
        self._pace, self._buckets = pace, dict[str, Bucket]()

    def __contains__(self, name: str) -> bool:
        return name in self._buckets

    def of(self, name: str) -> Bucket:
        """That of a name."""
        if len(self._buckets) > MOST:
            for each in [each for each, bucket in self._buckets.items() if bucket.part == 1]:
                del self._buckets[each]
        return self._buckets.setdefault(name, Bucket(*self._pace))


class Patience:
    """A socket's: whether it asks as a person does. Who has been greedy is so until its bucket is half full again."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket, self._is_greedy = bucket, False

    def is_greedy(self) -> bool:
        """To be asked once for each message."""
        if self._bucket.part >= 0.5:
            self._is_greedy = False
        self._is_greedy = not self._bucket.take() or self._is_greedy
        return self._is_greedy


class Turn:
    """One run's place in a lane."""

    def __init__(self, leave: Callable[[float], None]) -> None:
        self._leave, self._begun, self._is_over = leave, time.monotonic(), False

    def end(self) -> None:
        """Give the place back. May be called again."""
        if not self._is_over:
            self._is_over = True
            self._leave(time.monotonic() - self._begun)


class Lane:
    """So many runs at a time, in the order in which they were asked for. In one event loop.

    Where somebody patient is there, the next one waits `spared` times as long as the one before it took. A run is no
    longer waited for after `longest` seconds: it does what takes no turn from others.
    """

    def __init__(self, places: int = 1, spared: float = 0, longest: float = 0.25) -> None:
        self._places, self._spared, self._longest = asyncio.Semaphore(places), spared, longest
        self._disturbed = -NOBODY

    def disturb(self) -> None:
        """Somebody patient has asked for a run, whom this lane should leave time."""
        self._disturbed = time.monotonic()

    async def enter(self) -> Turn:
        """Wait for a turn."""
        await self._places.acquire()
        turn = Turn(self._leave)
        asyncio.get_running_loop().call_later(self._longest, turn.end)
        return turn

    def _leave(self, took: float) -> None:
        is_alone = time.monotonic() - self._disturbed > NOBODY
        rest = 0.0 if is_alone else self._spared * took
        asyncio.get_running_loop().call_later(rest, self._places.release)
