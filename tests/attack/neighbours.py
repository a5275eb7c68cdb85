"""Three sessions that move the slider on Shift about once a second, while somebody else is at work."""

import asyncio
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
    """Move for so long; what fails is counted."""
    sessions = await asyncio.gather(*(session(url, seconds) for _ in range(SESSIONS)), return_exceptions=True)
    failed = [each for each in sessions if isinstance(each, BaseException)]
    times = sorted(1000 * each for times in sessions if isinstance(times, list) for each in times)
    if not times:
        raise failed[0]
    return Moves(statistics.median(times), times[int(0.95 * len(times))], times[-1], len(failed))


async def session(url: str, seconds: float) -> list[float]:
    times: list[float] = []
    async with opened(f"{url}/shift", whole_page=False) as move_once:
        until = time.monotonic() + seconds
        while not times or time.monotonic() < until:
            await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))
            times.append(await move_once())
    return times
