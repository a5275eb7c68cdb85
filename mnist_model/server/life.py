"""What a server's life brings: more open files and one heap at its beginning, memory given back, an end that comes."""

import asyncio
import contextlib
import faulthandler
import gc
import signal
import webbrowser
from collections.abc import AsyncIterator

import streamlit as st
import uvicorn
from starlette.concurrency import run_in_threadpool

from mnist_model import heap
from mnist_model.server.files import raise_limit
from mnist_model.server.fragments import wait_for_pages
from mnist_model.server.later import Later
from mnist_model.server.memory import forget_closed_windows, give_back

PAUSE = 10.0  # seconds between two times that memory is given back
STALLED = 20.0  # seconds without it after which the server writes down why
GRACE = 5.0  # seconds that browsers have to read what they were sent, once the server is told to stop


@contextlib.asynccontextmanager
async def life(later: Later) -> AsyncIterator[None]:
    """Around the time in which an app is served."""
    raise_limit()
    heap.keep_one_heap()
    wait_for_pages()
    stop_on_signals()
    importing, tidying = asyncio.create_task(import_rest(later)), asyncio.create_task(tidy())
    if not st.get_option("server.headless"):
        webbrowser.open(f"http://localhost:{st.get_option('server.port')}")
    yield
    for each in (importing, tidying):
        each.cancel()
    faulthandler.cancel_dump_traceback_later()


async def import_rest(later: Later) -> None:
    """Have it there before anybody asks."""
    await later.made()
    gc.freeze()  # what was imported is not looked through each time that memory is given back


async def tidy() -> None:
    """Now and then, beside the runs: what nobody needs any more."""
    while True:
        faulthandler.dump_traceback_later(STALLED)  # where all threads are, where this loop does not come back
        await asyncio.sleep(PAUSE)
        forget_closed_windows()
        await run_in_threadpool(give_back)  # whose threads that have nothing to do end, too


def stop_on_signals() -> None:
    """SIGINT and SIGTERM end the server as its last line does, with what else has to end before (atexit).

    Uvicorn raises a signal again that it has caught, and waits for ever for browsers that do not read.
    """
    server = getattr(signal.getsignal(signal.SIGTERM), "__self__", None)
    if not isinstance(server, uvicorn.Server):  # served in another way
        return
    loop = asyncio.get_running_loop()

    def stop(*_: object) -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        loop.call_soon_threadsafe(loop.call_later, GRACE, setattr, server, "force_exit", True)

    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, stop)
