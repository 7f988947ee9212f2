"""The port's promises: a wait that is cancelled loses nothing, and a closed reply leaves nothing behind."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from tests.transport.demo.play import USER, outbound
from trunkline.errors import Failure
from trunkline.ports import Reply, Transport
from trunkline.transport.demo import DemoTransport

HOUR = 3600.0


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.sleepers: list[tuple[float, asyncio.Future[None]]] = []

    async def sleep(self, seconds: float) -> None:
        if seconds:
            woken = asyncio.get_running_loop().create_future()
            self.sleepers.append((seconds, woken))
            await woken

    def ring(self) -> None:
        _, woken = self.sleepers[-1]
        woken.set_result(None)


def run(test: Coroutine[Any, Any, None]) -> None:
    """Nothing may be left running when a test ends."""

    async def alone() -> None:
        await test
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(alone())


async def reply_of(model: str, clock: Clock) -> Reply:
    transport: Transport = DemoTransport(clock.sleep)
    return await transport.send(outbound({"model": model, "messages": [USER], "stream": True}))


async def give_up(reply: Reply) -> None:
    """Begin to read, and leave before anything comes."""
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reply.read(), 0.001)


def test_a_cancelled_wait_goes_on_and_does_not_begin_anew() -> None:
    async def test() -> None:
        clock = Clock()
        reply = await reply_of("slow", clock)
        assert b'"role"' in await reply.read()
        for _ in range(3):
            await give_up(reply)
        assert [seconds for seconds, _ in clock.sleepers] == [2.0]
        clock.ring()
        assert b'"content":"one"' in await reply.read()
        reply.abort()

    run(test())


def test_a_wait_that_ended_while_nobody_read() -> None:
    async def test() -> None:
        clock = Clock()
        reply = await reply_of("slow", clock)
        await reply.read()
        await give_up(reply)
        clock.ring()
        await asyncio.sleep(0)
        assert b'"content":"one"' in await asyncio.wait_for(reply.read(), 0.5)
        reply.release()

    run(test())


@pytest.mark.parametrize("model", ["stall", "slow", "drip-60000"])
@pytest.mark.parametrize("how", ["abort", "release"])
def test_closing_ends_a_read_that_waits(model: str, how: str) -> None:
    async def test() -> None:
        reply = await reply_of(model, Clock())
        pieces: list[bytes] = []

        async def read_all() -> None:
            while piece := await reply.read():
                pieces.append(piece)

        reading = asyncio.create_task(read_all())
        await asyncio.sleep(0.01)
        getattr(reply, how)()
        with pytest.raises(Failure, match="closed"):
            await reading
        with pytest.raises(Failure, match="closed"):
            await reply.read()
        assert len(pieces) == {"stall": 0, "slow": 1, "drip-60000": 2}[model]

    run(test())


def test_a_reply_can_be_closed_twice_and_at_its_end() -> None:
    async def test() -> None:
        reply = await reply_of("fast", Clock())
        while await reply.read():
            pass
        assert await reply.read() == b""
        reply.release()
        reply.abort()
        reply.release()

    run(test())


def test_headers_come_before_a_stall() -> None:
    async def test() -> None:
        reply = await reply_of("stall", Clock())
        assert reply.status == 200
        await give_up(reply)
        reply.abort()

    run(test())


def test_a_send_can_be_cancelled() -> None:
    async def test() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reply_of(f"late-{HOUR:.0f}000", Clock()), 0.001)

    run(test())


def test_full_speed_lets_others_run() -> None:
    """A reader that never has to wait must not keep the loop to itself."""

    async def test() -> None:
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                turns += 1
                await asyncio.sleep(0)

        task = asyncio.create_task(other())
        reply = await DemoTransport().send(outbound({"model": "fast", "messages": [USER], "stream": True}))
        while await reply.read():
            pass
        assert turns >= 5
        task.cancel()

    run(test())


def test_real_time_by_default() -> None:
    async def test() -> None:
        loop = asyncio.get_running_loop()
        start = loop.time()
        transport = DemoTransport()
        reply = await transport.send(outbound({"model": "slow-50+fast", "messages": [USER], "stream": True}))
        while await reply.read():
            pass
        assert loop.time() - start >= 0.05
        await transport.close()

    run(test())
