"""A cancelled call must never leave its answer to the next one (faults row 75; CVE-2023-28858, CVE-2023-28859)."""

import asyncio
import random
from collections.abc import Callable

import pytest
import uvloop

from tests.cache.support import Server, Shim, opened, redis_cache, until
from trunkline.cache.redis import POOL, RedisCache

KEYS = 200
READERS = POOL // 2
HITS, CANCELLED = 1500, 1000
"""So many of each, however long a busy machine takes."""


def value(key: str) -> bytes:
    """Says whose it is; some are longer than one read of the socket."""
    return f"<{key}>".encode() * (1 + 4000 * (int(key) % 10 == 0))


class Storm:
    """Readers of which every second one loses patience, at any moment between asking and the answer."""

    def __init__(self, cache: RedisCache, seed: int) -> None:
        self._cache = cache
        self._rng = random.Random(seed)
        self.hits = 0
        self.cancelled = 0
        self.wrong: list[tuple[str, bytes]] = []

    async def read_until_enough(self) -> None:
        while self.hits < HITS or self.cancelled < CANCELLED:
            key = str(self._rng.randrange(KEYS))
            call = asyncio.create_task(self._cache.get(key))
            if self._rng.random() < 0.5:
                await asyncio.sleep(self._rng.random() * 0.014)
                call.cancel()
            try:
                self._judge(key, await call)
            except asyncio.CancelledError:
                self.cancelled += 1

    def _judge(self, key: str, got: bytes | None) -> None:
        self.hits += got == value(key)
        if got not in (value(key), None):
            self.wrong.append((key, got or b""))


async def every_connection_serves(cache: RedisCache) -> None:
    """As many calls at once as there are connections; each keeps one for longer than a call waits for one."""
    for _ in range(30):
        await until(lambda: cache.up, within=5)
        if None not in await asyncio.gather(*(cache.get(str(n)) for n in range(READERS))):
            return
    raise AssertionError("a connection was lost to the storm")


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def test_a_storm_of_cancelled_reads(server: Server, loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    server.command("MSET", *(part for n in range(KEYS) for part in (f"trunkline:cache:{n}", value(str(n)))))

    async def scenario() -> None:
        async with (
            Shim(server.port, 0.01) as shim,
            opened(redis_cache(f"{shim.url}?max_connections={READERS}")) as cache,
        ):
            storm = Storm(cache, seed=75)
            await asyncio.gather(*(storm.read_until_enough() for _ in range(READERS)))
            assert storm.wrong == []
            shim.delay = 0.03
            await every_connection_serves(cache)

    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(scenario())
