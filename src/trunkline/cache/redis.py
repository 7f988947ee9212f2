"""Answers in Redis, shared by workers and machines; the only importer of redis.

Whatever happens to Redis, a call costs at most 50 ms, five of them open the breaker, and then nothing is asked until
a probe in the background comes back (faults rows 68-76). Needs the commands GETRANGE and SET, nothing newer than 6.2.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol, cast

from redis.asyncio.connection import Connection, SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import InvalidResponse, RedisError

from trunkline.cache.backlog import Backlog, Write
from trunkline.cache.breaker import FAILURES, Breaker
from trunkline.cache.entry import MAX_BYTES, storable

PREFIX = "trunkline:cache:"
CALL_SECONDS = 0.05  # for connecting, asking and reading together
POOL_SECONDS = 0.02
DRAIN_SECONDS = 0.25
POOL = 32

Command = tuple[str | bytes | int, ...]

# Both directions, as a full Redis or a replica still answers reads (faults row 73).
PROBE: tuple[Command, ...] = (
    ("SET", PREFIX + "probe", b"1", "PX", 1000),
    ("GETRANGE", PREFIX + "probe", 0, 0),
)

# One clock only, ours around the whole call: within it redis-py sets no timer, tries nothing twice and greets with
# no more than AUTH and SELECT.
SETTINGS: dict[str, Any] = {
    "protocol": 2,
    "retry": Retry(NoBackoff(), 0),
    "retry_on_timeout": False,
    "retry_on_error": [],
    "socket_timeout": None,
    "socket_connect_timeout": None,
    "health_check_interval": 0,
    "decode_responses": False,
    "driver_info": None,
}

# The words after a code may repeat what was sent, the password too; a code outside this list may be anything.
CODES = frozenset(
    {"BUSY", "CLUSTERDOWN", "ERR", "LOADING", "MASTERDOWN", "MISCONF", "MOVED", "NOAUTH", "NOPERM"}
    | {"OOM", "READONLY", "WRONGPASS", "WRONGTYPE"}
)


class _Busy(Exception):
    """Every connection is in use: our own load, no fault of Redis (faults row 76)."""


class _Connection(Protocol):
    """What we use of redis-py's connections."""

    @property
    def is_connected(self) -> bool: ...
    async def connect(self) -> None: ...
    async def can_read(self) -> bool: ...
    async def send_command(self, *args: Any) -> None: ...
    async def read_response(self) -> Any: ...
    async def disconnect(self, nowait: bool = False) -> None: ...


class _Pool:
    """A fixed number of connections, each opened when first needed and again after it was dropped."""

    def __init__(self, url: str) -> None:
        self._closed = False
        self._idle: asyncio.LifoQueue[_Connection] = asyncio.LifoQueue()
        for connection in _connections(url):
            self._idle.put_nowait(connection)

    async def exchange(self, command: Command) -> bytes:
        """One command and its reply, within 50 ms. Raises _Busy, TimeoutError, and whatever redis-py raises."""
        async with asyncio.timeout(CALL_SECONDS):
            connection = await self._take()
            clean = False
            try:
                reply = await _converse(connection, command)
                clean = not self._closed
                return reply
            finally:
                # Cancelled or failed halfway, the next thing to be read from it would be another caller's answer
                # (faults row 75).
                if not clean:
                    await connection.disconnect(nowait=True)
                self._idle.put_nowait(connection)

    async def close(self) -> None:
        """Idle connections go now, others when their call ends."""
        self._closed = True
        while not self._idle.empty():
            await self._idle.get_nowait().disconnect(nowait=True)

    async def _take(self) -> _Connection:
        try:
            async with asyncio.timeout(POOL_SECONDS):
                return await self._idle.get()
        except TimeoutError:
            raise _Busy from None


def _connections(url: str) -> list[_Connection]:
    try:
        options: dict[str, Any] = {**parse_url(url), **SETTINGS}
        kind = options.pop("connection_class", Connection)
        size = options.pop("max_connections", POOL)
        connections = [kind(**options) for _ in range(max(1, size))]
        if kind is SSLConnection:
            # Reading the trusted certificates takes a third of a call's time: once, and now.
            connections[0].ssl_context.get()
            for connection in connections:
                connection.ssl_context = connections[0].ssl_context
    except (ValueError, TypeError, OSError, RedisError) as error:
        # Not the error's own words, which may quote the password.
        reason = getattr(error, "strerror", None) or "expected redis://, rediss:// or unix:// and options of redis-py"
        raise ValueError(f"redis.url cannot be used: {reason}") from None
    return cast(list[_Connection], connections)


async def _converse(connection: _Connection, command: Command) -> bytes:
    if connection.is_connected and await connection.can_read():
        # Closed by the server, or holding words that nobody asked for.
        await connection.disconnect(nowait=True)
    await connection.connect()
    await connection.send_command(*command)
    reply = await connection.read_response()
    if not isinstance(reply, bytes):
        raise InvalidResponse("a reply of another kind than the command's")
    return reply


class RedisCache:
    """A Cache in the Redis at `url`. `clock` in seconds, never going back; `rng` gives values from [0, 1).

    `on_change(up, cause)` is called whenever `up` changes; `cause` says in a few words, and without the server's,
    why it is down, and is empty when it is up again. Raises ValueError for a URL that is none.
    """

    def __init__(
        self,
        url: str,
        clock: Callable[[], float],
        rng: Callable[[], float],
        on_change: Callable[[bool, str], None],
    ) -> None:
        self._pool = _Pool(url)
        self._clock = clock
        self._rng = rng
        self._on_change = on_change
        self._breaker = Breaker()
        self._backlog = Backlog()
        self._worker: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def up(self) -> bool:
        """Whether Redis is being asked at all."""
        return self._breaker.closed

    async def check(self) -> None:
        """Ask now, so that a Redis which is down is known of before the first request (faults row 68)."""
        for _ in range(FAILURES):
            if await self._ask(*PROBE) is not None:
                return

    async def get(self, key: str) -> bytes | None:
        if self._closed or not self.up:
            return None
        # Not GET: of a value that someone else made huge no more than this crosses the wire.
        value = await self._ask(("GETRANGE", PREFIX + key, 0, MAX_BYTES))
        return value if value and len(value) <= MAX_BYTES else None

    def set(self, key: str, value: bytes, ttl: float) -> None:
        """Returns at once; the value is written soon after, or dropped when too many wait."""
        if self.up and not self._closed and storable(value, ttl) and self._backlog.add(Write(key, value, ttl)):
            self._wake()

    async def close(self) -> None:
        """Gives waiting writes a quarter of a second, then lets go of everything."""
        if self._worker is not None:
            await asyncio.wait({self._worker}, timeout=DRAIN_SECONDS if self.up else 0)
            self._worker.cancel()
            await asyncio.wait({self._worker})
        self._closed = True
        await self._pool.close()

    async def _ask(self, *commands: Command) -> bytes | None:
        """The last reply, or None where anything went wrong; the breaker hears of it."""
        reply: bytes | None = None
        try:
            for command in commands:
                reply = await self._pool.exchange(command)
        except _Busy:
            return None
        except Exception as error:  # garbage breaks the parser in every way there is: ValueError, RecursionError ...
            self._record(_cause(error))
            return None
        self._record(None)
        return reply

    def _record(self, cause: str | None) -> None:
        was_up = self.up
        self._breaker = self._breaker.recorded(cause is None, self._clock(), self._rng())
        if not self.up:
            self._wake()
        if self.up != was_up:
            self._on_change(self.up, cause or "")

    def _wake(self) -> None:
        if not self._closed and (self._worker is None or self._worker.done()):
            self._worker = asyncio.create_task(self._work())

    async def _work(self) -> None:
        """Writes while Redis is up, probes while it is down, ends when there is neither to do."""
        while self._backlog or not self.up:
            if self.up:
                write = self._backlog.take()
                await self._ask(("SET", PREFIX + write.key, write.value, "PX", max(1, int(write.ttl * 1000))))
            else:
                await asyncio.sleep(self._breaker.until - self._clock())
                await self._ask(*PROBE)


def _cause(error: Exception) -> str:
    """Why a call failed, in words of our own."""
    if isinstance(error, TimeoutError):
        return f"no answer within {CALL_SECONDS * 1000:.0f} ms"
    if isinstance(error, RedisError):
        code = error.status_code or str(error).partition(" ")[0]
        if code in CODES:
            return f"Redis answered {code}"
    reason = error.__cause__ or error.__context__
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return "the connection broke" if isinstance(error, Disconnected) else "the reply was not Redis's protocol"
