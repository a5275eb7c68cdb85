"""Does memory stay level? Streamlit's garbage collection after every run is off, so thousands of moves must show it."""

import asyncio
import contextlib
from collections.abc import Iterator

from tests.bench.line import Line
from tests.bench.processes import ROOT, Server, memory, serve
from tests.bench.session import Move, opened

SESSIONS = 4  # half of them rerun the whole page, half only the slider's fragment, as a browser does
MARKS = [500, 1000, 5000]  # moves
GROWTH = 10
LIMIT = 600  # seconds


def measure() -> Iterator[Line]:
    with serve(ROOT / "app.py", ROOT) as server:
        levels = asyncio.run(climb(server))
    growth = levels[-1] - levels[-2]
    shown = ", ".join(f"{level:.0f} MB at {mark:,}" for mark, level in zip(MARKS, levels, strict=True))
    name = f"memory from move {MARKS[-2]:,} to {MARKS[-1]:,}"
    yield Line(name, f"{growth:+.1f} MB ({shown})", f"at most {GROWTH} MB more", growth <= GROWTH)


async def climb(server: Server) -> list[float]:
    """The server's memory after each number of moves, by all sessions together and without a pause."""
    levels, done = [], 0
    async with asyncio.timeout(LIMIT), contextlib.AsyncExitStack() as stack:
        moves = [
            await stack.enter_async_context(opened(f"{server.url}/shift", whole_page=bool(i % 2)))
            for i in range(SESSIONS)
        ]
        for mark in MARKS:
            await asyncio.gather(*(repeat(move, (mark - done) // SESSIONS) for move in moves))
            done = mark
            levels.append(memory(server.process))
    return levels


async def repeat(move: Move, times: int) -> None:
    for _ in range(times):
        await move()
