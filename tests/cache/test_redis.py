"""RedisCache when Redis is well: what it sends, what it waits for, what it leaves behind."""

import asyncio
import ssl
import time
from typing import Any

import pytest

from tests.cache.support import Changes, RawServer, Server, Shim, opened, redis_cache, settled, timed, until
from trunkline.cache.entry import MAX_BYTES, unpack

SECRET = "hunter2"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:6379",
        f"http://:{SECRET}@localhost",
        f"redis://:{SECRET}/x@localhost:6379",
        f"redis://:{SECRET}#x@localhost:6379",
        f"redis://:{SECRET}@localhost/?db=first",
        f"redis://:{SECRET}@localhost/?nonsense=1",
        f"rediss://:{SECRET}@localhost/?ssl_ca_certs=/nowhere/{SECRET}",
    ],
)
def test_a_wrong_url_is_refused_at_once_and_not_quoted(url: str) -> None:
    with pytest.raises(ValueError, match=r"^redis\.url cannot be used: ") as caught:
        redis_cache(url)
    assert SECRET not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert caught.value.__suppress_context__


def test_nothing_of_the_url_is_in_its_repr() -> None:
    assert SECRET not in repr(redis_cache(f"redis://:{SECRET}@localhost:6379"))


def test_the_trusted_certificates_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    real = ssl.create_default_context

    def counted(*args: Any, **kwargs: Any) -> ssl.SSLContext:
        made.append(args)
        return real(*args, **kwargs)

    monkeypatch.setattr(ssl, "create_default_context", counted)
    redis_cache("rediss://localhost:6379")
    assert len(made) == 1


def test_it_says_no_more_than_it_must() -> None:
    """No handshake, one command a call; whatever the URL wishes for."""

    async def scenario() -> None:
        async with RawServer(lambda command: b"+OK\r\n" if command[0] == b"SET" else b"$1\r\nv\r\n") as raw:
            url = (
                f"{raw.url}/0?protocol=3&health_check_interval=1&retry_on_timeout=yes&retry_on_error=x&socket_timeout=9"
            )
            async with opened(redis_cache(url)) as cache:
                assert await cache.get("k") == b"v"
                cache.set("k", b"w", 1.5)
                await settled(cache)
            (connection,) = raw.commands[:1]
            assert connection[0] == [b"GETRANGE", b"trunkline:cache:k", b"0", str(MAX_BYTES).encode()]
            assert [b"SET", b"trunkline:cache:k", b"w", b"PX", b"1500"] in [c for all_ in raw.commands for c in all_]
            assert {c[0] for all_ in raw.commands for c in all_} == {b"GETRANGE", b"SET"}

    asyncio.run(scenario())


def test_every_key_is_below_one_prefix_and_has_an_end(server: Server) -> None:
    async def scenario() -> None:
        async with opened(redis_cache(server.url)) as cache:
            await cache.check()
            cache.set("k", b"v", 60)
            await settled(cache)

    asyncio.run(scenario())
    keys = server.command("KEYS", "*")
    assert {b"trunkline:cache:k", b"trunkline:cache:probe"} < set(keys)
    assert all(key.startswith(b"trunkline:cache:") for key in keys)
    assert all(0 < server.command("PTTL", key) <= 60_000 for key in keys)


def test_what_others_wrote_is_handed_on_to_be_judged(server: Server) -> None:
    """A poisoned value is `unpack`'s to refuse; a huge one is not even read whole (faults row 107)."""
    server.command("SET", "trunkline:cache:junk", b"\x80\x04junk")
    server.command("SETRANGE", "trunkline:cache:huge", 50 * 1024 * 1024, "x")

    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(server.url, changes)) as cache:
            raw = await cache.get("junk")
            assert raw == b"\x80\x04junk"
            assert unpack(raw) is None
            huge, seconds = await timed(cache.get("huge"))
            assert huge is None
            assert seconds < 0.2
            assert changes == []

    asyncio.run(scenario())


def test_an_emptied_redis_only_misses(server: Server) -> None:
    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(server.url, changes)) as cache:
            cache.set("k", b"v", 60)
            await settled(cache)
            server.command("FLUSHALL")
            assert await cache.get("k") is None
            cache.set("k", b"w", 60)
            await settled(cache)
            assert await cache.get("k") == b"w"
            assert changes == []

    asyncio.run(scenario())


def test_restarted_between_calls_it_costs_no_miss(own_server: Server) -> None:
    """Connections that the server closed meanwhile are opened anew before they are used."""

    async def scenario() -> None:
        changes = Changes()
        async with opened(redis_cache(own_server.url, changes)) as cache:
            cache.set("k", b"v", 60)
            await settled(cache)
            await asyncio.gather(*(cache.get("k") for _ in range(8)))
            own_server.command("CLIENT", "KILL", "TYPE", "normal")
            await asyncio.sleep(0.05)
            assert await asyncio.gather(*(cache.get("k") for _ in range(8))) == [b"v"] * 8
            assert changes == []

    asyncio.run(scenario())


def test_an_exhausted_pool_is_a_miss_and_no_failure(server: Server) -> None:
    """Faults row 76: 20 ms of waiting, and the breaker hears nothing of it."""

    async def scenario() -> None:
        changes = Changes()
        async with (
            Shim(server.port, 0.03) as shim,
            opened(redis_cache(f"{shim.url}?max_connections=2", changes)) as cache,
        ):
            server.command("SET", "trunkline:cache:k", "v")
            rounds = [await asyncio.gather(*(timed(cache.get("k")) for _ in range(12))) for _ in range(4)]
            waits = sorted(seconds for round_ in rounds for value, seconds in round_ if value is None)
            assert max([value for value, _ in round_].count(b"v") for round_ in rounds) == 2
            assert 0.015 < waits[len(waits) // 2] < 0.03
            assert changes == []

    asyncio.run(scenario())


def test_set_never_waits_and_drops_what_is_too_much(own_server: Server) -> None:
    async def scenario() -> None:
        async with opened(redis_cache(own_server.url)) as cache:
            await settled(cache)
            own_server.freeze()
            began = time.monotonic()
            for number in range(600):
                cache.set(str(number), b"v" * 1000, 60)
            assert time.monotonic() - began < 0.2
            own_server.thaw()
            await until(lambda: own_server.command("DBSIZE") >= 250, within=5)
        assert own_server.command("DBSIZE") <= 258

    asyncio.run(scenario())


def test_closing_gives_waiting_writes_a_moment(server: Server) -> None:
    async def scenario() -> None:
        cache = redis_cache(server.url)
        for number in range(100):
            cache.set(str(number), b"v", 60)
        await cache.close()
        cache.set("late", b"v", 60)
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(scenario())
    assert server.command("DBSIZE") == 100


def test_a_call_under_way_while_it_closes_leaves_nothing_open(server: Server) -> None:
    async def scenario() -> None:
        async with Shim(server.port, 0.03) as shim:
            cache = redis_cache(shim.url)
            call = asyncio.create_task(cache.get("k"))
            await asyncio.sleep(0.01)
            await cache.close()
            assert await call is None

    asyncio.run(scenario())
    assert len(server.command("CLIENT", "LIST").splitlines()) == 1, "only the one that asks"
