"""A caller that loses interest: the provider must not go on working for it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from tests.kit.lanes import Lane
from tests.kit.replies import ROLE, chunk, open_sse
from tests.kit.server import eventually
from tests.kit.upstream import Hold
from tests.sdk.talk import options

HI: Any = [{"role": "user", "content": "hi"}]
AT_MOST = 0.25  # seconds


def leaves_in_time(lane: Lane, left: float) -> None:
    (connection,) = lane.a.connections
    assert eventually(lambda: connection.left is not None, 2)
    assert connection.left is not None
    assert connection.left - left < AT_MOST


def test_closing_a_stream(lane: Lane) -> None:
    lane.a.play(open_sse(ROLE, chunk("a"), Hold()))
    with OpenAI(**options(lane.server)) as client:
        stream = client.chat.completions.create(model=f"patient-{lane.number}", messages=HI, stream=True)
        texts = [next(stream).choices[0].delta.content for _ in range(2)]
        stream.close()
        left = time.monotonic()
    assert texts == ["", "a"]
    leaves_in_time(lane, left)


def test_leaving_the_helper(lane: Lane) -> None:
    lane.a.play(open_sse(ROLE, chunk("a"), Hold()))
    with OpenAI(**options(lane.server)) as client:
        with client.chat.completions.stream(model=f"patient-{lane.number}", messages=HI) as stream:
            for event in stream:
                if event.type == "content.delta":
                    break
        left = time.monotonic()
    leaves_in_time(lane, left)


def test_the_sdk_s_own_timeout(lane: Lane) -> None:
    """In a stream that has begun, where the SDK's clock is the only one that runs."""
    lane.a.play(open_sse(ROLE, chunk("a"), Hold()))
    with OpenAI(**options(lane.server, timeout=0.5)) as client:
        stream = client.chat.completions.create(model=f"patient-{lane.number}", messages=HI, stream=True)
        with stream, pytest.raises(Exception, match=r"timed out"):
            list(stream)
        left = time.monotonic()
    leaves_in_time(lane, left)


async def stream_and_break(client: AsyncOpenAI, model: str) -> None:
    async with await client.chat.completions.create(model=model, messages=HI, stream=True) as stream:
        async for piece in stream:
            if piece.choices[0].delta.content:
                break


async def cancel_a_stream(client: AsyncOpenAI, model: str) -> None:
    async def read() -> None:
        async for piece in await client.chat.completions.create(model=model, messages=HI, stream=True):
            if piece.choices[0].delta.content:
                begun.set()

    begun = asyncio.Event()
    task = asyncio.create_task(read())
    await asyncio.wait_for(begun.wait(), 5)
    await cancelled(task)


async def cancelled(task: "asyncio.Task[Any]") -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("leave", [stream_and_break, cancel_a_stream])
def test_leaving_an_async_stream(lane: Lane, leave: Callable[[AsyncOpenAI, str], Awaitable[None]]) -> None:
    async def main() -> float:
        async with AsyncOpenAI(**options(lane.server)) as client:
            await leave(client, f"patient-{lane.number}")
            return time.monotonic()

    lane.a.play(open_sse(ROLE, chunk("a"), Hold()))
    leaves_in_time(lane, asyncio.run(main()))


def test_cancelling_before_the_first_byte(lane: Lane, stream: bool) -> None:
    async def main() -> float:
        async with AsyncOpenAI(**options(lane.server)) as client:
            asked = client.chat.completions.create(model=f"patient-{lane.number}", messages=HI, stream=stream)
            task = asyncio.create_task(asked)
            while not lane.a.requests:
                await asyncio.sleep(0.005)
            await cancelled(task)
            return time.monotonic()

    lane.a.play([Hold()])
    leaves_in_time(lane, asyncio.run(main()))


def test_the_next_request_is_served(lane: Lane) -> None:
    """Leaving costs the target nothing: it is as healthy as before."""
    with OpenAI(**options(lane.server)) as client:
        for _ in range(3):
            lane.a.play(open_sse(ROLE, chunk("a"), Hold()))
            with client.chat.completions.create(model=f"a-{lane.number}", messages=HI, stream=True) as stream:
                next(stream)
        lane.a.play([Hold()])
        with pytest.raises(openai.InternalServerError):
            client.chat.completions.create(model=f"a-{lane.number}", messages=HI)
    assert lane.state("a") == 0
