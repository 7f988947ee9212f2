"""Plays a script: the only part of `demo` that waits."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from itertools import repeat

from trunkline.errors import Failure
from trunkline.transport.demo.script import Script
from trunkline.transport.demo.steps import Cut, Stall, Step, Wait

Sleep = Callable[[float], Awaitable[None]]


class DemoReply:
    """A script behind the transport port, from its headers on."""

    __slots__ = ("_closed", "_pause", "_sleep", "_steps", "headers", "status")

    def __init__(self, script: Script, sleep: Sleep) -> None:
        self.status = script.status
        self.headers: Mapping[str, str] = script.headers
        self._steps: Iterator[Step] = iter(script.body)
        self._sleep = sleep
        self._pause: asyncio.Future[None] | None = None
        self._closed = False

    async def read(self) -> bytes:
        """The next piece of the body, b"" at its end. Raises Failure."""
        while True:
            if self._pause is not None:
                # A reader that is cancelled leaves the pause running: it must not begin anew at the next read.
                await asyncio.wait((self._pause,))
                self._pause = None
            if self._closed:
                raise Failure("connection", "the reply was closed")
            step = next(self._steps, b"")
            if isinstance(step, bytes):
                return step
            await self._play(step)

    async def _play(self, step: Wait | Stall | Cut) -> None:
        match step:
            case Cut():
                self._steps = repeat(step)
                raise Failure(
                    "connection",
                    "the connection was cut in the middle of the answer",
                    in_stream="upstream_stream_interrupted",
                )
            case Stall():
                self._pause = asyncio.get_running_loop().create_future()
            case Wait(0.0):
                await self._sleep(0.0)  # full speed still lets others run between two tokens
            case Wait(seconds):
                self._pause = asyncio.ensure_future(self._sleep(seconds))

    def release(self) -> None:
        self.abort()

    def abort(self) -> None:
        """Nothing is left behind: a read that waits, and any later one, raises Failure."""
        self._closed = True
        self._steps = iter(())
        if self._pause is not None:
            self._pause.cancel()
