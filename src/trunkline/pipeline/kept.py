"""Answers that were given before: found, shared while they come, and kept when they are whole."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from trunkline.cache.entry import Entry, jittered, pack, unpack
from trunkline.cache.key import cache_key
from trunkline.cache.port import Cache
from trunkline.errors import ApiError
from trunkline.hub.completion import fold, has_answer, replay
from trunkline.hub.usage import Usage, read_usage
from trunkline.observe.record import Exchange
from trunkline.pipeline.answer import Answer, Billed
from trunkline.pipeline.resolve import group_targets
from trunkline.pipeline.watch import Expired, Watch
from trunkline.ports import PING
from trunkline.types import NOTHING, CachePolicy, Call, Json, Route, Target

Fetch = Callable[[], Awaitable[Answer]]
Flight = asyncio.Future[Entry | None]
FlightId = tuple[str, bool]
"""The cache's key, and whether fallbacks are allowed: who wants none must not get one's answer."""


class Kept:
    """The cache of routes that ask for one. `wall` is Unix time, `rng` gives numbers in [0, 1)."""

    def __init__(self, cache: Cache, wall: Callable[[], float], rng: Callable[[], float]) -> None:
        self._cache = cache
        self._wall = wall
        self._rng = rng
        self._flights: dict[FlightId, Flight] = {}

    async def answer(self, call: Call, exchange: Exchange, watch: Watch, fetch: Fetch) -> Answer:
        """From the cache, from an identical request in flight, or fetched and kept. Raises what `fetch` raises."""
        policy = call.route.cache
        key = cache_key(call) if policy is not None and call.cache != "off" else None
        if policy is None or key is None:
            return await fetch()
        entry = None
        if call.cache == "on":
            entry = await self._find(key)
            if entry is not None and entry.fresh_until > self._wall():
                return _replayed(entry, call, exchange, "hit")
            shared = await self._join((key, call.fallback), call, watch)
            if shared is not None:
                return _replayed(shared, call, exchange, "coalesced")
        return await self._lead(key, policy, call, exchange, fetch, entry)

    async def _find(self, key: str) -> Entry | None:
        raw = await self._cache.get(key)
        return unpack(raw) if raw is not None else None

    async def _join(self, flight_id: FlightId, call: Call, watch: Watch) -> Entry | None:
        """The answer of an identical request, waited for; None where there is none, or it came to nothing.

        Of those who wait for one that fails, the first to wake leads and the others wait for it.
        """
        while (flight := self._flights.get(flight_id)) is not None:
            try:
                entry = await watch.wait(asyncio.shield(flight), call.deadline)
            except Expired:
                raise ApiError(
                    "deadline_exceeded", "An identical request did not finish before this one's deadline."
                ) from None
            if entry is not None:
                return entry
        return None

    async def _lead(
        self, key: str, policy: CachePolicy, call: Call, exchange: Exchange, fetch: Fetch, stale: Entry | None
    ) -> Answer:
        flight: Flight = asyncio.get_running_loop().create_future()
        flight_id = (key, call.fallback)
        self._flights[flight_id] = flight
        exchange.cache = "miss"
        try:
            answer = await fetch()
        except ApiError as error:
            self._land(flight_id, flight, None)
            if stale is not None and (error.status >= 500 or error.status == 429):
                return _replayed(stale, call, exchange, "stale")
            raise
        except BaseException:
            self._land(flight_id, flight, None)
            raise

        def whole(completion: Json | None) -> None:
            entry = self._entry(completion, policy, exchange)
            self._land(flight_id, flight, entry)
            if entry is not None and not exchange.fell_back and _worth_keeping(entry.answer):
                self._store(key, entry, policy)

        return Keeping(answer, call, whole)

    def _store(self, key: str, entry: Entry, policy: CachePolicy) -> None:
        try:
            packed = pack(entry.answer, entry.fresh_until, entry.provider, entry.model)
        except TypeError:
            return  # nested deeper than JSON can be written
        self._cache.set(key, packed, entry.fresh_until - self._wall() + policy.stale_if_error)

    def _entry(self, completion: Json | None, policy: CachePolicy, exchange: Exchange) -> Entry | None:
        target = exchange.target
        if completion is None or target is None:
            return None
        fresh_until = self._wall() + jittered(policy.ttl, self._rng())
        return Entry(completion, fresh_until, target.provider.name, target.model)

    def _land(self, flight_id: FlightId, flight: Flight, entry: Entry | None) -> None:
        if self._flights.get(flight_id) is flight:
            del self._flights[flight_id]
        if not flight.done():
            flight.set_result(entry)


class Keeping:
    """A fetched answer that is gathered while it passes; `whole` is told at the end: all of it, or None."""

    __slots__ = ("_answer", "_call", "_chunks", "_whole", "head", "reply_headers")

    def __init__(self, answer: Answer, call: Call, whole: Callable[[Json | None], None]) -> None:
        self._answer = answer
        self._call = call
        self._whole = whole
        self._chunks = list(answer.head)
        self.head = answer.head
        self.reply_headers: Mapping[str, str] = answer.reply_headers

    async def more(self) -> list[Json]:
        batch = await self._answer.more()
        self._chunks += [chunk for chunk in batch if chunk is not PING]
        return batch

    def usage(self) -> Usage | None:
        return self._answer.usage()

    def billed(self) -> Billed | None:
        return self._answer.billed()

    def usage_chunk(self) -> Json | None:
        return self._answer.usage_chunk()

    def close(self, *, complete: bool) -> None:
        self._answer.close(complete=complete)
        if not complete:
            self._whole(None)
        elif not self._call.stream:
            self._whole(self._chunks[0])
        else:
            usage = self._answer.usage_chunk()
            self._whole(fold(self._chunks, usage["usage"] if usage else None))


class Replayed:
    """An answer given before, told again in the form that is asked for now."""

    __slots__ = ("_completion", "head", "reply_headers")

    def __init__(self, completion: Json, call: Call) -> None:
        self._completion = completion
        self.head = replay(completion) if call.stream else [completion]
        self.reply_headers: Mapping[str, str] = NOTHING

    async def more(self) -> list[Json]:
        return []

    def usage(self) -> Usage | None:
        return read_usage(self._completion.get("usage"))

    def billed(self) -> Billed | None:
        return None

    def usage_chunk(self) -> Json | None:
        usage = self._completion.get("usage")
        return {**self.head[0], "choices": [], "usage": usage} if usage else None

    def close(self, *, complete: bool) -> None:
        """Nothing is open."""


def _replayed(entry: Entry, call: Call, exchange: Exchange, result: str) -> Answer:
    exchange.cache = result  # type: ignore[assignment]  # a CacheResult, each caller names one
    exchange.target = _target(call.route, entry) or exchange.target
    return Replayed(entry.answer, call)


def _target(route: Route, entry: Entry) -> Target | None:
    """Who served it then, as the route knows it now."""
    wanted = f"{entry.provider}/{entry.model}"
    return next((target for target in group_targets(route.group) if target.id == wanted), None)


def _worth_keeping(answer: Json) -> bool:
    """A finish reason without content is a complete answer, and not one to give again."""
    return "choices" not in answer or has_answer(answer)
