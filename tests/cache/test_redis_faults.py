"""A Redis that is slow, down, full or in no mood costs little and never an answer (faults rows 68-73)."""

import asyncio
import contextlib
import socket

import pytest
import redis

from tests.cache.support import Changes, Server, Shim, opened, redis_cache, settled, timed, until
from trunkline.cache.redis import RedisCache

SECRET = "hunter2"


async def five_misses(cache: RedisCache, most: float = 0.25) -> list[float]:
    """Five calls that find nothing, each within `most` seconds: 50 ms and what a busy machine adds."""
    results = [await timed(cache.get("k")) for _ in range(5)]
    assert [value for value, _ in results] == [None] * 5
    assert max(seconds for _, seconds in results) < most
    return sorted(seconds for _, seconds in results)


async def costs_nothing(cache: RedisCache) -> None:
    _, seconds = await timed(asyncio.gather(*(cache.get("k") for _ in range(500))))
    assert seconds < 0.1


async def stored(cache: RedisCache) -> None:
    cache.set("k", b"v", 60)
    await settled(cache)


def test_frozen_and_thawed(own_server: Server) -> None:
    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(own_server.url, changes)) as cache:
            await stored(cache)
            own_server.freeze()
            seconds = await five_misses(cache)
            assert seconds[2] < 0.07
            assert changes == [(False, "no answer within 50 ms")]
            assert not cache.up
            await costs_nothing(cache)
            own_server.thaw()
            await until(lambda: cache.up, within=2.0)
            assert await cache.get("k") == b"v"
            assert changes[1:] == [(True, "")]

    asyncio.run(scenario())


def test_killed_and_started_again(own_server: Server) -> None:
    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(own_server.url, changes)) as cache:
            await stored(cache)
            own_server.kill()
            await five_misses(cache)
            assert [up for up, _ in changes] == [False]
            assert "onnect" in changes[0][1]
            await costs_nothing(cache)
            own_server.start()
            await until(lambda: cache.up, within=2.0)
            assert await cache.get("k") is None
            await stored(cache)
            assert await cache.get("k") == b"v"
            assert changes[1:] == [(True, "")]

    asyncio.run(scenario())


def test_down_at_start_is_known_at_once() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))

        async def scenario() -> None:
            changes = Changes()
            url = f"redis://:{SECRET}@127.0.0.1:{unused.getsockname()[1]}"
            async with opened(redis_cache(url, changes)) as cache:
                _, seconds = await timed(cache.check())
                assert seconds < 0.3
                assert not cache.up
                await five_misses(cache, most=0.05)
                cache.set("k", b"v", 60)
                assert len(changes) == 1
                assert SECRET not in changes[0][1]

        asyncio.run(scenario())


@pytest.mark.parametrize("url", ["redis://no-such-host.invalid", "unix:///nowhere/redis.sock"])
def test_nobody_there(url: str) -> None:
    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(url, changes)) as cache:
            await five_misses(cache)
            assert [up for up, _ in changes] == [False]

    asyncio.run(scenario())


def test_paused_for_a_while(own_server: Server) -> None:
    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(own_server.url, changes)) as cache:
            await stored(cache)
            own_server.command("CLIENT", "PAUSE", 400, "ALL")
            await five_misses(cache)
            await until(lambda: cache.up, within=2.0)
            assert await cache.get("k") == b"v"
            assert [up for up, _ in changes] == [False, True]

    asyncio.run(scenario())


def test_slow(server: Server) -> None:
    """Row 71: too late is a miss, nothing piles up, and the probe is not fooled."""

    async def scenario() -> None:
        changes = Changes()
        async with (
            Shim(server.port, 0.12) as shim,
            opened(redis_cache(shim.url, changes)) as cache,
        ):
            await five_misses(cache)
            await costs_nothing(cache)
            await asyncio.sleep(1.3)
            assert changes == [(False, "no answer within 50 ms")]

    asyncio.run(scenario())


def test_full_until_there_is_room(own_server: Server) -> None:
    """Row 73: reads would still be answered, and yet it is down until a write goes through."""

    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(own_server.url, changes)) as cache:
            await stored(cache)
            own_server.command("CONFIG", "SET", "maxmemory", "1")
            for number in range(8):
                cache.set(f"more-{number}", b"v", 60)
            await until(lambda: not cache.up, within=1.0)
            await costs_nothing(cache)
            await asyncio.sleep(1.3)
            assert changes == [(False, "Redis answered OOM")]
            own_server.command("CONFIG", "SET", "maxmemory", "0")
            await until(lambda: cache.up, within=3.0)
            assert await cache.get("k") == b"v"

    asyncio.run(scenario())


READ_ONLY_USER = ["ACL", "SETUSER", "reader", "on", f">{SECRET}", "~*", "+getrange"]

REFUSALS: dict[str, tuple[list[list[str]], str, str]] = {
    "READONLY": ([["REPLICAOF", "127.0.0.1", "1"]], "set", "redis://{host}"),
    "MASTERDOWN": (
        [["CONFIG", "SET", "replica-serve-stale-data", "no"], ["REPLICAOF", "127.0.0.1", "1"]],
        "get",
        "redis://{host}",
    ),
    "WRONGTYPE": ([["LPUSH", "trunkline:cache:k", "x"]], "get", "redis://{host}"),
    "NOPERM": ([READ_ONLY_USER], "set", f"redis://reader:{SECRET}@{{host}}"),
    "WRONGPASS": ([READ_ONLY_USER], "get", f"redis://reader:not-{SECRET}@{{host}}"),
    "NOAUTH": ([["ACL", "SETUSER", "default", f">{SECRET}"]], "get", "redis://{host}"),
    "ERR": ([], "get", "redis://{host}/9999"),
}


@pytest.mark.parametrize("code", REFUSALS)
def test_refused(own_server: Server, code: str) -> None:
    """Row 73: each is a miss with its cause told, and nothing secret in it."""
    orders, call, url = REFUSALS[code]
    for order in orders:
        own_server.command(*order)

    async def scenario() -> None:
        changes = Changes()
        address = f"127.0.0.1:{own_server.port}"
        async with opened(redis_cache(url.format(host=address), changes)) as cache:
            if call == "get":
                await five_misses(cache)
            for number in range(8):
                cache.set(str(number), b"v", 60)
            await until(lambda: not cache.up, within=1.0)
            assert changes == [(False, f"Redis answered {code}")]

    asyncio.run(scenario())


def test_the_right_password_and_database(own_server: Server) -> None:
    own_server.command("CONFIG", "SET", "requirepass", SECRET)

    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(f"redis://:{SECRET}@127.0.0.1:{own_server.port}/3", changes)) as cache:
            await stored(cache)
            assert await cache.get("k") == b"v"
            assert changes == []

    asyncio.run(scenario())
    assert list(own_server.command("INFO", "keyspace", password=SECRET)) == ["db3"]


def test_busy_with_a_script(own_server: Server) -> None:
    own_server.command("CONFIG", "SET", "busy-reply-threshold", "1")

    def loop_forever(port: int) -> None:
        with redis.Redis(port=port) as client, contextlib.suppress(redis.ResponseError):
            client.eval("while true do end", 0)

    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(own_server.url, changes)) as cache:
            await stored(cache)
            script = asyncio.create_task(asyncio.to_thread(loop_forever, own_server.port))
            await asyncio.sleep(0.1)
            await five_misses(cache)
            assert changes == [(False, "Redis answered BUSY")]
            own_server.command("SCRIPT", "KILL")
            await script
            await until(lambda: cache.up, within=2.0)
            assert await cache.get("k") == b"v"

    asyncio.run(scenario())


def test_closing_does_not_wait_for_a_frozen_one(own_server: Server) -> None:
    async def scenario() -> None:
        cache = redis_cache(own_server.url)
        await settled(cache)
        own_server.freeze()
        for number in range(3):
            cache.set(str(number), b"v", 60)
        _, seconds = await timed(cache.close())
        assert seconds < 0.35
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(scenario())
    own_server.thaw()
