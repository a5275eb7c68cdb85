"""What a browser may ask over its websocket.

Streamlit would also tell any visitor the state of the server's git clone, empty all caches, write files into the
app's folder (`install_skills`) and watch its sources; none of that is for a class, and there is no option for it.
A number that is none, which no widget sends, would end the session.
"""

import math
from collections.abc import Iterator

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetStates

RUN = "rerun_script"  # of a part of a page, as a moved slider causes it
LOOK = "look"  # a run of a part of a page that nobody has asked for: how a training goes
PAGE = "page"  # a run of a whole page, which takes several times as long; or a file that is made when it is asked for
UNREADABLE = "unreadable"  # no message of Streamlit's
ANSWERED = {"stop_script", "file_urls_request", "app_heartbeat"}
SHORT = 200  # bytes; the message that a run has ended is shorter


def kind(message: bytes | None) -> str | None:
    """What a message asks for, where a browser may; else None. Text has no bytes, and is none."""
    if message is None:
        return UNREADABLE
    try:
        asked = BackMsg.FromString(message)
    except DecodeError:
        return UNREADABLE
    which = asked.WhichOneof("type")
    if which == "backend_operation_request":
        request = asked.backend_operation_request
        return PAGE if request.HasField("deferred_file") else which if request.HasField("dataframe_chunk") else None
    if which == RUN:
        return _run(asked.rerun_script)
    return which if which in ANSWERED else None


def _run(asked: ClientState) -> str | None:
    if not all(map(math.isfinite, _numbers(asked.widget_states))):
        return None
    return LOOK if asked.is_auto_rerun and asked.fragment_id else RUN if asked.fragment_id else PAGE


def _numbers(states: WidgetStates) -> Iterator[float]:
    for widget in states.widgets:
        yield widget.double_value  # 0 where it has another kind of value
        yield from widget.double_array_value.data


def is_end_of_run(message: bytes | None) -> bool:
    """Whether a message to the browser says that a run has ended."""
    if message is None or len(message) > SHORT:
        return False
    return ForwardMsg.FromString(message).WhichOneof("type") == "script_finished"
