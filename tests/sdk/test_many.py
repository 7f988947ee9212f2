"""Many at once, each its own."""

import asyncio
import time

from openai import AsyncOpenAI

from tests.kit.server import Server
from tests.sdk.talk import options

STREAMS = 50
WORDS = 20


def test_many_streams_at_once(gateway: Server) -> None:
    """At 30 tokens a second a stream of 20 takes two thirds of a second; so do 50 of them."""

    async def one(client: AsyncOpenAI, number: int) -> tuple[str, set[str]]:
        content = " ".join(f"{number}.{word}" for word in range(WORDS))
        stream = await client.chat.completions.create(
            model="demo/echo", messages=[{"role": "user", "content": content}], stream=True
        )
        chunks = [chunk async for chunk in stream]
        said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
        assert said == content
        assert chunks[-1].choices[0].finish_reason == "stop"
        return said, {chunk.id for chunk in chunks}

    async def main() -> list[tuple[str, set[str]]]:
        async with AsyncOpenAI(**options(gateway)) as client:
            return await asyncio.gather(*(one(client, number) for number in range(STREAMS)))

    started = time.monotonic()
    answers = asyncio.run(main())
    assert time.monotonic() - started < 10 * WORDS / 30
    assert len({said for said, _ in answers}) == STREAMS
    assert all(len(ids) == 1 for _, ids in answers)
    assert len(set[str]().union(*(ids for _, ids in answers))) == STREAMS
