"""One browser session without a browser: opens a page and moves its slider, in Streamlit's websocket protocol."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

SLIDER = "dx"
PATIENCE = 60  # seconds to wait for a message
Move = Callable[[], Awaitable[float]]


def connected(url: str) -> websockets.connect:
    """A connection to the server of a page, as a browser makes it."""
    address = urlsplit(url)
    return websockets.connect(
        f"ws://{address.netloc}/_stcore/stream",
        subprotocols=["streamlit"],
        origin=f"http://{address.netloc}",
        max_size=None,
        open_timeout=PATIENCE,
    )


@contextlib.asynccontextmanager
async def opened(url: str, whole_page: bool = True) -> AsyncIterator[Move]:
    """Open a page; yields a function that moves its slider somewhere and returns how many seconds the answer took.

    A browser reruns only the fragment a slider is in; `whole_page` makes every move rerun all of the page.
    """
    async with connected(url) as connection:
        first = BackMsg()
        first.rerun_script.page_name = urlsplit(url).path.strip("/")
        delta = await run_script(connection, first)
        if delta is None:
            raise RuntimeError(f"{url} has no slider {SLIDER!r}")
        slider, fragment = delta.new_element.slider, "" if whole_page else delta.fragment_id

        async def move() -> float:
            message = BackMsg()
            message.rerun_script.page_name = first.rerun_script.page_name
            message.rerun_script.fragment_id = fragment
            value = random.randint(int(slider.min), int(slider.max))
            message.rerun_script.widget_states.widgets.add(id=slider.id).double_array_value.data.append(value)
            begun = time.perf_counter()
            await run_script(connection, message)
            return time.perf_counter() - begun

        yield move


async def run_script(connection: websockets.ClientConnection, message: BackMsg) -> Delta | None:
    """Send a message, wait for the end of the script run it causes, and return the slider if the run sent it."""
    await connection.send(message.SerializeToString())
    slider = None
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await asyncio.wait_for(connection.recv(), PATIENCE))
        element = answer.delta.new_element
        if element.WhichOneof("type") == "exception":
            raise RuntimeError(f"the page shows an exception: {element.exception.message}")
        if element.WhichOneof("type") == "slider" and element.slider.label == SLIDER:
            slider = answer.delta
        if answer.WhichOneof("type") == "script_finished":
            if answer.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                raise RuntimeError("the page does not compile")
            if answer.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return slider
