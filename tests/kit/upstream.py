"""A scripted upstream: raw TCP, so that it can misbehave at any byte and say when its peer hung up.

An answer is a list of steps, played once a whole request was read; after its last step the connection waits for the
next request, unless the step was Fin or Rst. Times are `time.monotonic()` seconds.
"""

import asyncio
import json
import socket
import struct
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal, cast

from tests.kit.ports import reserve_port
from tests.kit.thread import LoopThread


@dataclass(frozen=True, slots=True)
class Send:
    """These bytes, `piece` at a time where it is not 0."""

    data: bytes
    piece: int = 0


@dataclass(frozen=True, slots=True)
class Sleep:
    """Silence; the script ends early when the peer leaves meanwhile."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Fin:
    """An orderly close."""


@dataclass(frozen=True, slots=True)
class Rst:
    """A reset (SO_LINGER 0)."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Silence until the peer leaves."""


Step = Send | Sleep | Fin | Rst | Hold


@dataclass(frozen=True, slots=True)
class Request:
    """What the upstream was asked: the `nth` request (from 1) on connection number `connection` (from 0)."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    at: float
    connection: int
    nth: int

    @property
    def json(self) -> dict[str, Any]:
        return cast("dict[str, Any]", json.loads(self.body))

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


Answer = Sequence[Step] | Callable[[Request], Sequence[Step]]


class Connection(asyncio.Protocol):
    """One accepted connection. `left` is when the peer's FIN or RST came (`how`), None while it is there."""

    def __init__(self, upstream: "Upstream") -> None:
        self.upstream = upstream
        self.number = len(upstream.connections)
        self.opened = time.monotonic()
        self.left: float | None = None
        self.how: Literal["fin", "rst"] | None = None
        self.requests = 0
        self._buffer = bytearray()
        self._news = asyncio.Event()
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        upstream.connections.append(self)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._task = asyncio.get_running_loop().create_task(self._serve())
        if self.upstream.over:  # accepted just before the end
            self.end()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._news.set()

    def eof_received(self) -> None:
        self._leave("fin")

    def connection_lost(self, exc: Exception | None) -> None:
        if exc is not None:
            self._leave("rst")
        self._gone.set()
        self._news.set()

    def end(self) -> None:
        if self._task is not None:
            self._transport.abort()
            self._task.cancel()

    def _leave(self, how: Literal["fin", "rst"]) -> None:
        if self.left is None:
            self.left, self.how = time.monotonic(), how
        self._gone.set()
        self._news.set()

    async def _serve(self) -> None:
        while (request := await self._request()) is not None:
            for step in self.upstream.script(request):
                if not await self._play(step):
                    return

    async def _until(self, ready: Callable[[], bool]) -> bool:
        while not ready():
            if self._gone.is_set():
                return False
            self._news.clear()
            await self._news.wait()
        return True

    async def _request(self) -> Request | None:
        if not await self._until(lambda: b"\r\n\r\n" in self._buffer):
            return None
        head, _, _ = bytes(self._buffer).partition(b"\r\n\r\n")
        del self._buffer[: len(head) + 4]
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ", 2)
        pairs = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
        length = int(next((value for name, value in pairs if name.lower() == "content-length"), "0"))
        if not await self._until(lambda: len(self._buffer) >= length):
            return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        self.requests += 1
        return Request(method, path, pairs, body, time.monotonic(), self.number, self.requests)

    async def _play(self, step: Step) -> bool:
        """False where the connection is over."""
        match step:
            case Send(data, piece):
                await self._send(data, piece or len(data))
            case Sleep(seconds):
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._gone.wait(), seconds)
            case Hold():
                await self._gone.wait()
            case Fin():
                self._transport.close()
            case Rst():
                sock = self._transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._transport.abort()
        return not self._transport.is_closing()

    async def _send(self, data: bytes, piece: int) -> None:
        for start in range(0, len(data), piece):
            if self._transport.is_closing():
                return
            self._transport.write(data[start : start + piece])
            await asyncio.sleep(0)


class Upstream:
    """A listening socket on a port of its own. The n-th request gets the n-th answer, the last one again and again."""

    def __init__(self, thread: LoopThread, *answers: Answer) -> None:
        self.answers = answers
        self.requests: list[Request] = []
        self.connections: list[Connection] = []
        self._played = 0
        self._thread = thread
        self._reserve, self.port = reserve_port()
        self._filler: socket.socket | None = None
        self.over = False
        """It takes no more connections."""
        self._server = thread.run(self._listen())

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def play(self, *answers: Answer) -> None:
        """What it answers from now on; requests made before do not count."""
        self.answers = answers
        self._played = len(self.requests)

    def script(self, request: Request) -> Sequence[Step]:
        """Records the request and gives the steps that answer it."""
        self.requests.append(request)
        number = len(self.requests) - self._played
        answer = self.answers[min(number, len(self.answers)) - 1]
        return answer(request) if callable(answer) else answer

    def refuse(self) -> None:
        """Refuse connections from now on; the port stays ours, so that nobody else can come to listen on it."""
        self._thread.run(self._end())

    def clog(self) -> None:
        """Let connections hang from now on: the queue of those to accept is full, so a SYN goes unanswered."""
        self.refuse()
        self._reserve.listen(0)
        self._filler = socket.create_connection(("127.0.0.1", self.port))

    def close(self) -> None:
        self.refuse()
        self._reserve.close()
        if self._filler is not None:
            self._filler.close()

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: Connection(self), "127.0.0.1", self.port, reuse_address=True)

    async def _end(self) -> None:
        self.over = True
        self._server.close()
        for connection in self.connections:
            connection.end()
