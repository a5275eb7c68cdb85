"""A class at once: 30 and 100 sessions on the Shift page, each moving the slider about once a second."""

import asyncio
import random
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.bench.floor import empty_app
from tests.bench.line import Line
from tests.bench.processes import ROOT, serve
from tests.bench.session import opened

MOVES, PAUSE = 20, 1.0
LIMIT = 300  # seconds, for a class
CLASSES = [(30, 60, 200), (100, 250, None)]  # sessions, at most so many ms: median, 95th percentile


class Times(NamedTuple):
    median: float  # ms
    p95: float  # ms
    failed: int


def measure() -> Iterator[Line]:
    with empty_app() as empty:
        for sessions, median, p95 in CLASSES:
            floor = attend(empty, "", sessions)
            app = attend(ROOT / "app.py", "shift", sessions)
            yield from compare(sessions, app, floor, median, p95)


def compare(sessions: int, app: Times, floor: Times, median: int, p95: int | None) -> Iterator[Line]:
    name = f"{sessions} sessions"
    ms = f"{app.median:.0f} ms, {app.median / floor.median:.1f} × the empty page's {floor.median:.0f} ms"
    yield Line(f"{name}: median move", ms, f"at most {median} ms", app.median <= median)
    ms = f"{app.p95:.0f} ms, {app.p95 / floor.p95:.1f} × the empty page's {floor.p95:.0f} ms"
    bar, met = (f"at most {p95} ms", app.p95 <= p95) if p95 else ("", None)
    yield Line(f"{name}: 95th percentile", ms, bar, met)
    yield Line(f"{name}: failed", f"{app.failed} (empty page {floor.failed})", "none", app.failed == 0)


def attend(app: Path, page: str, sessions: int) -> Times:
    """Serve an app with the project's configuration to a class, after one visit by the teacher."""
    with serve(app, ROOT) as server:
        url = f"{server.url}/{page}"
        asyncio.run(pupil(url, 1))
        return asyncio.run(lesson(url, sessions))


async def lesson(url: str, sessions: int) -> Times:
    async with asyncio.timeout(LIMIT):
        pupils = await asyncio.gather(*(pupil(url, MOVES) for _ in range(sessions)), return_exceptions=True)
    errors = [each for each in pupils if isinstance(each, BaseException)]
    ms = sorted(1000 * seconds for each in pupils if isinstance(each, list) for seconds in each)
    if not ms:
        raise errors[0]
    return Times(statistics.median(ms), ms[int(0.95 * len(ms))], len(errors))


async def pupil(url: str, moves: int) -> list[float]:
    times = []
    async with opened(url) as move:
        for _ in range(moves):
            await asyncio.sleep(PAUSE * random.uniform(0.5, 1.5))
            times.append(await move())
    return times
