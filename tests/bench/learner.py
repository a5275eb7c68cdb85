"""One person who presses Train, without a browser: opens the page, presses, and looks again as often as it asks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.session import connected

BUTTON = "Train"


@contextlib.asynccontextmanager
async def training(server: str) -> AsyncIterator[None]:
    """Press Train and stay on the page, as a browser would, for as long as the block runs."""
    async with connected(server) as connection:
        pressed = asyncio.Event()
        task = asyncio.create_task(stay(connection, pressed))
        try:
            await asyncio.wait_for(pressed.wait(), 60)
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def stay(connection: websockets.ClientConnection, pressed: asyncio.Event) -> None:
    """Answer what the page asks: its first run, the button once it is there, then every rerun it wants."""
    async with asyncio.TaskGroup() as looks:
        await follow(connection, pressed, looks)


async def follow(connection: websockets.ClientConnection, pressed: asyncio.Event, looks: asyncio.TaskGroup) -> None:
    await connection.send(rerun().SerializeToString())
    looking: dict[str, asyncio.Task] = {}
    button = ""
    async for data in connection:
        answer = ForwardMsg()
        answer.ParseFromString(data)
        kind = answer.WhichOneof("type")
        element = answer.delta.new_element
        if element.WhichOneof("type") == "exception":
            raise RuntimeError(f"the page shows an exception: {element.exception.message}")
        if element.WhichOneof("type") == "button" and element.button.label == BUTTON:
            button = element.button.id
        if kind == "script_finished" and button and not pressed.is_set():
            message = rerun()
            message.rerun_script.widget_states.widgets.add(id=button).trigger_value = True
            await connection.send(message.SerializeToString())
            pressed.set()
        if kind == "new_session" and not answer.metadata.run.fragment_ids:  # the whole page is run anew
            for task in looking.values():
                task.cancel()
            looking.clear()
        if kind == "auto_rerun":
            looking[answer.auto_rerun.fragment_id] = looks.create_task(look(connection, answer.auto_rerun))


async def look(connection: websockets.ClientConnection, wanted) -> None:
    while True:
        await asyncio.sleep(wanted.interval)
        message = rerun()
        message.rerun_script.fragment_id = wanted.fragment_id
        message.rerun_script.is_auto_rerun = True
        await connection.send(message.SerializeToString())


def rerun() -> BackMsg:
    message = BackMsg()
    message.rerun_script.page_name = "train"
    return message
