"""One phone of a class without a browser: it listens, votes and sends digits by HTTP."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

INK = [0] * 600 + [255] * 184


class Phone:
    """A browser by its name; the teacher's with the secret."""

    def __init__(self, url: str, name: str, secret: str = "") -> None:
        self.address, self.name = urlsplit(url), name
        self._cookie = f"nudge={name}; nudge_teacher={secret}"

    async def ask(self, path: str, /, **sent: Any) -> tuple[int, dict[str, Any]]:
        """The status and what was answered, on a connection of its own, as a phone after a pause has it."""
        body = json.dumps(sent).encode()
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
        reader, writer = await self._begun(f"POST /api/{path}", kind, body)
        answer = await reader.read()
        writer.close()
        head, _, said = answer.partition(b"\r\n\r\n")
        return int(head.split()[1]), json.loads(said)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[AsyncIterator[tuple[float, dict[str, Any]]]]:
        """What is told, each with the time at which it came."""
        reader, writer = await self._begun("GET /api/events", "")
        try:
            yield self._told(reader)
        finally:
            writer.close()

    async def _told(self, reader: asyncio.StreamReader) -> AsyncIterator[tuple[float, dict[str, Any]]]:
        while line := await reader.readline():
            if line.startswith(b"data: "):
                yield time.perf_counter(), json.loads(line.removeprefix(b"data: "))

    async def _begun(
        self, what: str, more: str, body: bytes = b""
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection(self.address.hostname, self.address.port)
        head = f"{what} HTTP/1.1\r\nHost: {self.address.netloc}\r\nCookie: {self._cookie}\r\n{more}\r\n"
        writer.write(head.encode() + body)
        return reader, writer
