"""Pages that are pressed while they load: a fragment is asked for before its page has run."""

import asyncio
import random
from collections.abc import Iterable

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.session import connected

PAGES, TRIES, AT_ONCE = ("data", "shift", "train"), 100, 10
ROOTS = 4  # blocks that a browser has before anything is sent
SILENCE = 0.7  # seconds after which nothing more is expected


async def press_early(url: str) -> str:
    """Each page opened many times, ten at once; how many would stay blank."""
    blank = 0
    for page in PAGES:
        fragments = sorted({each.delta.fragment_id for each in await visit(url, page, [])} - {""})
        for _ in range(TRIES // AT_ONCE):
            visits = await asyncio.gather(*(visit(url, page, fragments) for _ in range(AT_ONCE)))
            blank += sum(map(is_blank, visits))
    return f"{TRIES * len(PAGES)} pages pressed while they load, {blank} of them blank"


async def visit(url: str, page: str, fragments: list[str]) -> list[ForwardMsg]:
    """Open a page, press a few times at once; all that is answered."""
    async with connected(url) as connection:
        await connection.send(asking(page))
        for _ in range(random.randint(1, 4) if fragments else 0):
            await asyncio.sleep(random.uniform(0, 0.15))
            await connection.send(asking(page, random.choice(fragments)))
        return [each async for each in answers(connection)]


def asking(page: str, fragment: str = "") -> bytes:
    message = BackMsg()
    message.rerun_script.page_name, message.rerun_script.fragment_id = page, fragment
    return message.SerializeToString()


async def answers(connection: websockets.ClientConnection):
    """Messages until it is silent for a while after a run has ended."""
    has_ended = False
    while True:
        try:
            message = ForwardMsg.FromString(await asyncio.wait_for(connection.recv(), SILENCE if has_ended else 60))
        except TimeoutError:
            return
        has_ended |= message.WhichOneof("type") == "script_finished"
        yield message


def is_blank(messages: Iterable[ForwardMsg]) -> bool:
    """Whether one of them is for a place that a browser does not have: it then shows nothing."""
    tree: dict = {root: {} for root in range(ROOTS)}
    for each in messages:
        if each.WhichOneof("type") not in ("delta", "ref_hash"):
            continue
        node = tree
        for place in each.metadata.delta_path:
            if place > len(node):
                return True
            node = node.setdefault(place, {})
    return False
