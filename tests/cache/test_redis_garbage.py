"""Words that are not Redis's: the connection goes, the call misses, nothing is raised or told (faults row 74)."""

import asyncio

import pytest

from tests.cache.support import Changes, RawServer, opened, redis_cache, timed

SECRET = "hunter2"
PROTOCOL = "the reply was not Redis's protocol"
TIMEOUT = "no answer within 50 ms"
BROKE = "the connection broke"

GARBAGE: dict[str, tuple[bytes | None, str]] = {
    "silence": (None, TIMEOUT),
    "half a bulk": (b"$5\r\nhel", TIMEOUT),
    "half a length": (b"$5", TIMEOUT),
    "half an array": (b"*2\r\n$1\r\na\r\n", TIMEOUT),
    "a bulk without end": (b"$99999999999\r\nx", TIMEOUT),
    "HTTP": (b"HTTP/1.1 400 Bad Request\r\n\r\n", PROTOCOL),
    "TLS": (b"\x15\x03\x01\x00\x02\x02\x50\r\n", PROTOCOL),
    "zeros": (bytes(64) + b"\r\n", PROTOCOL),
    "an empty line": (b"\r\n", PROTOCOL),
    "a number": (b":1\r\n", PROTOCOL),
    "no number": (b":one\r\n", PROTOCOL),
    "nil": (b"$-1\r\n", PROTOCOL),
    "a length in words": (b"$five\r\nhello\r\n", PROTOCOL),
    "an array": (b"*1\r\n$1\r\na\r\n", PROTOCOL),
    "arrays without end": (b"*1\r\n" * 5000, PROTOCOL),
    "a line without end": (b"+" + b"x" * 200_000, PROTOCOL),
    "RESP3": (b"%1\r\n+a\r\n+b\r\n", PROTOCOL),
    "a broken MOVED": (b"-MOVED nowhere\r\n", PROTOCOL),
    "LOADING": (b"-LOADING Redis is loading the dataset in memory\r\n", "Redis answered LOADING"),
    "MISCONF": (b"-MISCONF Errors writing to the AOF file\r\n", "Redis answered MISCONF"),
    "too many clients": (b"-ERR max number of clients reached\r\n", "Redis answered ERR"),
    "the password, quoted": (
        f"-ERR unknown command 'AUTH', with args beginning with: '{SECRET}'\r\n".encode(),
        "Redis answered ERR",
    ),
    "the password as a code": (f"-{SECRET.upper()} {SECRET}\r\n".encode(), PROTOCOL),
    "bytes that are no text": (b"-\xff\xfe\r\n", PROTOCOL),
}


@pytest.mark.parametrize(("reply", "cause"), GARBAGE.values(), ids=GARBAGE)
def test_garbage(reply: bytes | None, cause: str) -> None:
    async def scenario() -> None:
        changes = Changes()
        async with RawServer(lambda _: reply) as raw, opened(redis_cache(raw.url, changes)) as cache:
            results = [await timed(cache.get("k")) for _ in range(6)]
            assert [value for value, _ in results] == [None] * 6
            assert max(seconds for _, seconds in results) < 0.25
            assert changes == [(False, cause)]
            assert [len(served) for served in raw.commands] == [1] * 5, "a connection was used after garbage"

    asyncio.run(scenario())


@pytest.mark.parametrize("reply", [b"", b"$5\r\nhel", b"$5\r\nhello", b"+OK"], ids=repr)
def test_hung_up_halfway(reply: bytes) -> None:
    async def scenario() -> None:
        changes = Changes()
        async with RawServer(lambda _: reply, hang_up=True) as raw, opened(redis_cache(raw.url, changes)) as cache:
            assert [await cache.get("k") for _ in range(5)] == [None] * 5
            assert changes == [(False, BROKE)]

    asyncio.run(scenario())


def test_a_password_that_the_server_quotes_is_not_told() -> None:
    async def scenario() -> None:
        changes = Changes()
        quote = f"-ERR {SECRET} is not a password I like\r\n".encode()
        async with RawServer(lambda _: quote) as raw:
            url = raw.url.replace("redis://", f"redis://:{SECRET}@")
            async with opened(redis_cache(url, changes)) as cache:
                await cache.check()
                assert [c[0] for served in raw.commands for c in served] == [b"AUTH"] * 5
                assert changes == [(False, "Redis answered ERR")]

    asyncio.run(scenario())


def test_a_reply_that_nobody_asked_for_is_nobodys() -> None:
    """Each command is answered twice; the surplus must not become the next caller's answer."""

    def twice(command: list[bytes]) -> bytes:
        return b"".join(b"$%d\r\n%b\r\n" % (len(command[1]), command[1]) for _ in range(2))

    async def scenario() -> None:
        changes = Changes()
        async with RawServer(twice) as raw, opened(redis_cache(raw.url, changes)) as cache:
            for number in range(20):
                assert await cache.get(str(number)) == f"trunkline:cache:{number}".encode()
            assert changes == []

    asyncio.run(scenario())


def test_while_it_is_open_one_probe_asks_and_no_caller() -> None:
    async def scenario() -> None:
        changes = Changes()
        async with (
            RawServer(lambda _: b"-LOADING Redis is loading\r\n") as raw,
            opened(redis_cache(raw.url, changes)) as cache,
        ):
            deadline = asyncio.get_running_loop().time() + 1.4
            while asyncio.get_running_loop().time() < deadline:
                assert await asyncio.gather(*(cache.get("k") for _ in range(10))) == [None] * 10
                cache.set("k", b"v", 60)
                await asyncio.sleep(0.01)
            asked = [command[0] for served in raw.commands for command in served]
            assert asked.count(b"GETRANGE") <= 10, "only calls that began before it opened"
            assert len(asked) - asked.count(b"GETRANGE") == 1, "one probe in the first second and a half"
            assert changes == [(False, "Redis answered LOADING")]

    asyncio.run(scenario())
