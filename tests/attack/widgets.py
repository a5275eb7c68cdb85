"""Every widget and component of a page, sent what no browser would send."""

import asyncio
import random
from collections.abc import Iterator

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.attack.greed import rerun
from tests.bench.session import connected

PATIENCE = 30  # seconds
JSON = [
    "",
    "{",
    "[]",
    "null",
    '{"value": null}',
    '{"offset": {"dx": "a"}}',
    '{"offset": 7}',
    '{"x": {"y": [1e999]}}',
    "7",
]
VALUES = {
    "trigger_value": [True],
    "bool_value": [True],
    "double_value": [float("nan"), float("inf"), -1e308],
    "int_value": [-(2**63), 2**63 - 1],
    "string_value": ["", "../../etc/passwd", "<script>alert(1)</script>", "\0", "9" * 5000],
    "string_trigger_value": [{"data": "../../../etc/passwd"}],
    "json_value": JSON,
    "json_trigger_value": JSON,
    "double_array_value": [{"data": []}, {"data": [float("nan")]}, {"data": [1e308, -1e308, 5]}],
    "int_array_value": [{"data": []}, {"data": [-1]}, {"data": [10**9] * 50}],
    "string_array_value": [{"data": []}, {"data": ["../../x"]}, {"data": ["a"] * 500}],
    "bytes_value": [b"", b"\xff" * 1000],
}


def forged(widget: str) -> Iterator[bytes]:
    """Runs in which a widget says what it cannot."""
    for kind, values in VALUES.items():
        for value in values:
            message = BackMsg.FromString(rerun())
            message.rerun_script.widget_states.widgets.append(WidgetState(id=widget, **{kind: value}))
            yield message.SerializeToString()


async def answer(connection: websockets.ClientConnection, message: bytes) -> tuple[set[str], list[str]]:
    """The widgets that a run shows, and what exceptions it shows."""
    await connection.send(message)
    widgets, exceptions = set(), []
    while True:
        said = ForwardMsg.FromString(await asyncio.wait_for(connection.recv(), PATIENCE))
        element = said.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            exceptions.append(f"{element.exception.type}: {element.exception.message}")
        elif kind and getattr(getattr(element, kind), "id", ""):
            widgets.add(getattr(element, kind).id)
        is_end = said.WhichOneof("type") == "script_finished"
        if is_end and said.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
            return widgets, exceptions


async def forge(url: str, page: str, most: int) -> dict[str, list[str]]:
    """Send a page's widgets some of what they cannot say, each to a session that then has to work; what went wrong."""
    wrong: dict[str, list[str]] = {}
    async with connected(url) as connection:
        widgets, _ = await answer(connection, rerun(page))
        lies = [(widget, message) for widget in sorted(widgets) for message in forged(widget)]
        for widget, message in random.Random(0).sample(lies, min(most, len(lies))):
            asked = BackMsg.FromString(message)
            asked.rerun_script.page_name = page
            _, exceptions = await answer(connection, asked.SerializeToString())
            if exceptions:
                state = asked.rerun_script.widget_states.widgets[0]
                wrong[f"{widget.split('-')[-1]} {str(state).split(chr(10), 1)[1][:80]}"] = exceptions
        shown, exceptions = await answer(connection, rerun(page))
        if not shown or exceptions:
            wrong["afterwards"] = exceptions
    return wrong
