"""Three sessions that move the slider on Shift about once a second, while somebody else is at work."""

import asyncio
import math
import random
import statistics
import time
from typing import NamedTuple

from tests.bench.session import opened

SESSIONS = 3
PAUSE = 1.0  # seconds between two moves


class Moves(NamedTuple):
    """How long moves took."""

    median: float  # ms
    p95: float  # ms
    longest: float  # ms
    failed: int


async def move(url: str, seconds: float) -> Moves:
    """Move for so long; what fails is counted, and what it had done before, too."""
    times: list[float] = []
    sessions = (session(url, seconds, times) for _ in range(SESSIONS))
    failed = [each for each in await asyncio.gather(*sessions, return_exceptions=True) if each is not None]
    if not times:
        return Moves(math.inf, math.inf, math.inf, len(failed))
    times.sort()
    return Moves(1000 * statistics.median(times), 1000 * times[int(0.95 * len(times))], 1000 * times[-1], len(failed))


async def session(url: str, seconds: float, times: list[float]) -> None:
    """Move the slider; how long each move took, in seconds, is added to the times."""
    async with opened(f"{url}/shift", whole_page=False) as move_once:
        until, has_moved = time.monotonic() + seconds, False
        while not has_moved or time.monotonic() < until:
            await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))
            times.append(await move_once())
            has_moved = True
