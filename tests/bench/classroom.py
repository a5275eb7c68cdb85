"""A class at once: how soon a hundred phones are told, votes within a second, digits while others work on Shift."""

import asyncio
import contextlib
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator

from tests.bench.line import Line
from tests.bench.load import MOVES, pupil
from tests.bench.phone import INK, Phone
from tests.bench.processes import ROOT, Server, resident, serve

PHONES, OPEN, STEPS = 100, 300, 10
SENDERS, DIGITS, SPAN = 30, 10, 60  # phones, digits of each, seconds
LESSON, ASKING = "moving", 1
REACHED = {"MNIST_REACHED_AT": "0.0.0.0:1"}  # so that there is a class; it listens to this machine only


def measure() -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as runs, serve(ROOT / "app.py", ROOT, MNIST_RUNS=runs, **REACHED) as server:
        teacher = Phone(server.url, 16 * "f", secret(runs))
        yield from asyncio.run(told(server, teacher))
        yield from asyncio.run(votes(server, teacher))
        yield from asyncio.run(connections(server))
        yield from asyncio.run(digits(server, teacher))


def secret(runs: str) -> str:
    command = [sys.executable, "-m", "mnist_model", "addresses", "0.0.0.0", "1"]
    text = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, env={"MNIST_RUNS": runs}
    ).stdout
    found = re.search(r"/teach/(\S+)", text)
    assert found
    return found[1]


def phones(server: Server, count: int) -> list[Phone]:
    return [Phone(server.url, f"{number:016x}") for number in range(count)]


@contextlib.asynccontextmanager
async def listening(those: list[Phone]) -> AsyncIterator[list[AsyncIterator]]:
    """Each phone's stream, once it has been told for the first time."""
    async with contextlib.AsyncExitStack() as stack:
        streams = [await stack.enter_async_context(each.listening()) for each in those]
        for each in streams:
            await anext(each)
        yield streams


async def told(server: Server, teacher: Phone) -> list[Line]:
    """From the teacher's Next to each phone."""
    seconds: list[list[float]] = []
    async with listening(phones(server, PHONES)) as streams:
        for step in range(2, 2 + STEPS):
            begun = time.perf_counter()
            status, _ = await teacher.ask("teach", act="go", lesson=LESSON, step=step)
            assert status == 200
            seconds.append([(await anext(each))[0] - begun for each in streams])
            await asyncio.sleep(1)
    median = 1000 * statistics.median(each for step in seconds for each in step)
    worst = 1000 * max(max(step) for step in seconds)
    name = f"from Next to each of {PHONES} phones"
    return [
        Line(f"{name}: median", f"{median:.0f} ms", "at most 150 ms", median <= 150),
        Line(f"{name}: the last", f"{worst:.0f} ms", "at most 1 s", worst <= 1000),
    ]


async def votes(server: Server, teacher: Phone) -> list[Line]:
    """A hundred within a second, each sent twice; until the teacher is told of all."""
    await teacher.ask("teach", act="go", lesson=LESSON, step=ASKING)
    await teacher.ask("teach", act="ask")
    question = f"{LESSON}/{ASKING}"

    async def vote(number: int, phone: Phone) -> int:
        await asyncio.sleep(number / PHONES)
        for _ in range(2):
            status, _ = await phone.ask("vote", question=question, round=1, answer=str(number % 3))
        return status

    async with listening([teacher]) as (stream,):
        statuses = await asyncio.gather(*(vote(*each) for each in enumerate(phones(server, PHONES))))
        begun, counted = time.perf_counter(), 0
        async for came, now in stream:
            counted = now["answered"].get("1", 0)
            if counted >= PHONES or came > begun + 5:
                break
    late = max(0.0, came - begun)
    lost = PHONES - statuses.count(200) + abs(PHONES - counted)
    return [
        Line(f"{PHONES} votes within a second: lost or doubled", f"{lost}", "none", lost == 0),
        Line("from the last to the teacher's count", f"{late:.2f} s", "at most 0.5 s", late <= 0.5),
    ]


async def connections(server: Server) -> list[Line]:
    async with listening(phones(server, OPEN)):
        megabytes = resident(server.process)
    return [Line(f"server with {OPEN} phones that listen", f"{megabytes:.0f} MB", "below 400 MB", megabytes < 400)]


async def digits(server: Server, teacher: Phone) -> list[Line]:
    """Thirty phones send ten digits each in a minute, while thirty sessions move digits on Shift."""
    await teacher.ask("teach", act="collect", on=True)

    async def send(phone: Phone) -> None:
        for number in range(DIGITS):
            await asyncio.sleep(SPAN / DIGITS / 2)
            digit = {"token": f"digit{number:05}", "label": number, "ink": INK, "strokes": [[[10, 10], [90, 200]]]}
            for _ in range(2):  # sent again, as where an answer is lost
                assert (await phone.ask("digit", **digit))[0] == 200

    await pupil(f"{server.url}/shift", 1)
    senders = asyncio.gather(*(send(each) for each in phones(server, SENDERS)))
    moves = await asyncio.gather(*(pupil(f"{server.url}/shift", MOVES) for _ in range(30)))
    await senders
    median = 1000 * statistics.median(seconds for each in moves for seconds in each)
    async with teacher.listening() as stream:
        _, now = await anext(stream)
    arrived = now["digits"]
    name = f"{SENDERS} phones send {DIGITS} digits each"
    return [
        Line(f"{name}: arrived", f"{arrived}", f"{SENDERS * DIGITS}", arrived == SENDERS * DIGITS),
        Line("meanwhile 30 sessions on Shift: median move", f"{median:.0f} ms", "below 60 ms", median < 60),
    ]
