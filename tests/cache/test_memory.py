"""What goes first when there is no room, and what the writes of a Redis may hold up."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.cache.backlog import Backlog, Write
from trunkline.cache.memory import MemoryCache

KIB = 1024


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_least_recently_used_goes_first() -> None:
    async def scenario() -> None:
        cache = MemoryCache(Clock(), max_bytes=35 * KIB)
        for key in "abc":
            cache.set(key, bytes(10 * KIB), 60)
        assert await cache.get("a") is not None
        cache.set("d", bytes(10 * KIB), 60)
        assert [key for key in "abcd" if await cache.get(key)] == ["a", "c", "d"]

    asyncio.run(scenario())


def test_one_large_value_may_push_out_many() -> None:
    async def scenario() -> None:
        cache = MemoryCache(Clock(), max_bytes=64 * KIB)
        for number in range(20):
            cache.set(f"small-{number}", bytes(KIB), 60)
        cache.set("large", bytes(60 * KIB), 60)
        kept = [number for number in range(20) if await cache.get(f"small-{number}")]
        assert await cache.get("large") is not None
        assert kept in ([18, 19], [17, 18, 19])

    asyncio.run(scenario())


def test_what_is_larger_than_the_cache_leaves_the_rest_alone() -> None:
    async def scenario() -> None:
        cache = MemoryCache(Clock(), max_bytes=10 * KIB)
        cache.set("a", b"1", 60)
        cache.set("b", bytes(11 * KIB), 60)
        assert (await cache.get("a"), await cache.get("b")) == (b"1", None)

    asyncio.run(scenario())


def test_replacing_a_value_gives_back_its_room() -> None:
    async def scenario() -> None:
        cache = MemoryCache(Clock(), max_bytes=25 * KIB)
        cache.set("kept", b"1", 60)
        for _ in range(10):
            cache.set("a", bytes(20 * KIB), 60)
        assert await cache.get("kept") == b"1"

    asyncio.run(scenario())


@pytest.mark.parametrize(("passed", "found"), [(0.0, True), (9.999, True), (10.0, False), (1e9, False)])
def test_its_time_ends_exactly(passed: float, found: bool) -> None:
    async def scenario() -> None:
        clock = Clock()
        cache = MemoryCache(clock)
        cache.set("a", b"1", 10.0)
        clock.now += passed
        assert (await cache.get("a") is not None) is found

    asyncio.run(scenario())


def test_what_has_expired_gives_back_its_room() -> None:
    async def scenario() -> None:
        clock = Clock()
        cache = MemoryCache(clock, max_bytes=25 * KIB)
        cache.set("kept", b"1", 60)
        cache.set("a", bytes(20 * KIB), 1)
        clock.now += 2
        assert await cache.get("a") is None
        cache.set("b", bytes(20 * KIB), 60)
        assert await cache.get("kept") == b"1"

    asyncio.run(scenario())


@given(
    st.lists(
        st.tuples(st.sampled_from("abcdefgh"), st.integers(1, 3000), st.sampled_from(["set", "get", "wait"])),
        max_size=60,
    )
)
def test_it_never_holds_more_than_it_may_and_never_tells_another_keys_value(steps: list[tuple[str, int, str]]) -> None:
    async def scenario() -> None:
        clock = Clock()
        cache = MemoryCache(clock, max_bytes=8 * KIB)
        said: dict[str, bytes] = {}
        for key, size, step in steps:
            if step == "set":
                said[key] = key.encode() * size
                cache.set(key, said[key], 5)
            elif step == "wait":
                clock.now += 1
            else:
                assert await cache.get(key) in (said.get(key), None)
        held = [value for key in "abcdefgh" if (value := await cache.get(key))]
        assert sum(map(len, held)) <= 8 * KIB

    asyncio.run(scenario())


def test_the_backlog_is_first_in_first_out_and_takes_only_so_many() -> None:
    backlog = Backlog(most=3, most_bytes=100)
    taken = [backlog.add(Write(str(number), b"x", 1.0)) for number in range(5)]
    assert taken == [True, True, True, False, False]
    assert [backlog.take().key for _ in range(len(backlog))] == ["0", "1", "2"]
    assert backlog.add(Write("again", b"x", 1.0))


def test_the_backlog_takes_only_so_many_bytes() -> None:
    backlog = Backlog(most=10, most_bytes=10)
    assert [backlog.add(Write("k", bytes(size), 1.0)) for size in (6, 5, 4, 1)] == [True, False, True, False]
    backlog.take()
    assert backlog.add(Write("k", bytes(6), 1.0))
