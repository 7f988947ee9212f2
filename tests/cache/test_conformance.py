"""One suite, both caches: whoever holds a Cache need not know which."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from tests.cache.support import Server, opened, redis_cache, settled
from trunkline.cache.entry import MAX_BYTES
from trunkline.cache.memory import MemoryCache
from trunkline.cache.port import Cache

Scenario = Callable[[Cache], Awaitable[None]]
Run = Callable[[Scenario], None]


@pytest.fixture(params=["memory", "redis"])
def run(request: pytest.FixtureRequest) -> Run:
    """Runs a scenario on a new, empty cache and closes it."""
    server: Server | None = request.getfixturevalue("server") if request.param == "redis" else None

    def make() -> Cache:
        return redis_cache(server.url) if server else MemoryCache(time.monotonic)

    async def whole(scenario: Scenario) -> None:
        async with opened(make()) as cache:
            await scenario(cache)

    return lambda scenario: asyncio.run(whole(scenario))


def test_what_was_never_set_is_missing(run: Run) -> None:
    async def scenario(cache: Cache) -> None:
        assert await cache.get("a") is None

    run(scenario)


@pytest.mark.parametrize(
    "value",
    [b"x", b"\x00\xff\r\n$-1\r\n+OK\r\n", bytes(range(256)) * 400, b"v" * (1 << 20)],
    ids=["one byte", "looks like protocol", "all bytes", "a mebibyte"],
)
def test_what_was_set_is_found(run: Run, value: bytes) -> None:
    async def scenario(cache: Cache) -> None:
        cache.set("a", value, 60)
        await settled(cache)
        assert await cache.get("a") == value

    run(scenario)


@pytest.mark.parametrize("key", ["", "a b", "x\r\nFLUSHALL\r\n", "*", "é", "k" * 10_000])
def test_any_key_is_only_a_name(run: Run, key: str) -> None:
    async def scenario(cache: Cache) -> None:
        cache.set("other", b"other", 60)
        cache.set(key, b"mine", 60)
        await settled(cache)
        assert (await cache.get(key), await cache.get("other")) == (b"mine", b"other")

    run(scenario)


def test_the_last_value_counts(run: Run) -> None:
    async def scenario(cache: Cache) -> None:
        for value in (b"first", b"second", b"third"):
            cache.set("a", value, 60)
        await settled(cache)
        assert await cache.get("a") == b"third"

    run(scenario)


def test_its_time_ends(run: Run) -> None:
    async def scenario(cache: Cache) -> None:
        cache.set("short", b"1", 0.15)
        cache.set("long", b"2", 60)
        await settled(cache)
        assert await cache.get("short") == b"1"
        await asyncio.sleep(0.2)
        assert (await cache.get("short"), await cache.get("long")) == (None, b"2")

    run(scenario)


def test_a_new_value_has_its_own_time(run: Run) -> None:
    async def scenario(cache: Cache) -> None:
        cache.set("a", b"1", 0.1)
        cache.set("a", b"2", 60)
        await settled(cache)
        await asyncio.sleep(0.15)
        assert await cache.get("a") == b"2"

    run(scenario)


@pytest.mark.parametrize(
    ("value", "ttl"),
    [(b"x", 0.0), (b"x", -1.0), (b"", 60.0), (bytes(MAX_BYTES + 1), 60.0)],
    ids=["no time", "time past", "empty", "large"],
)
def test_what_is_not_storable_is_not_kept(run: Run, value: bytes, ttl: float) -> None:
    async def scenario(cache: Cache) -> None:
        cache.set("a", value, ttl)
        await settled(cache)
        assert await cache.get("a") is None

    run(scenario)


def test_many_at_once_each_get_their_own(run: Run) -> None:
    async def scenario(cache: Cache) -> None:
        names = [str(number) for number in range(24)]
        for name in names:
            cache.set(name, name.encode(), 60)
        await settled(cache)
        assert await asyncio.gather(*map(cache.get, names)) == [name.encode() for name in names]

    run(scenario)


def test_closing_twice_and_asking_afterwards_do_no_harm(run: Run) -> None:
    async def scenario(cache: Cache) -> None:
        cache.set("a", b"1", 60)
        await cache.close()
        await cache.close()
        assert await cache.get("a") is None

    run(scenario)
