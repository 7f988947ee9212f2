"""One try of one target: its first content, and then the rest."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from trunkline.errors import Failure
from trunkline.hub.chunks import ChunkStream, has_content
from trunkline.hub.usage import Usage, read_usage
from trunkline.pipeline.answer import Billed
from trunkline.pipeline.upstream import Upstream
from trunkline.pipeline.watch import Expired, Watch
from trunkline.ports import PING, Encoded, Follow
from trunkline.types import Call, Json

SILENCE = 15.0  # seconds after which the client of a stream is told that we still wait
TAIL = 2.0  # how long to wait for usage and [DONE] once every choice has finished


class Attempt:
    """`head`: the events up to the first content, ready once `open` returned. Unary answers are one event.

    Waits are bounded by `watch`; `finish` or `abort` must be called, whatever happened.
    """

    __slots__ = (
        "_alive",
        "_call",
        "_decoder",
        "_ended",
        "_failure",
        "_first_token",
        "_grew",
        "_now",
        "_watch",
        "head",
        "law",
        "upstream",
    )

    def __init__(
        self, call: Call, upstream: Upstream, watch: Watch, now: Callable[[], float], first_token: float = 60.0
    ) -> None:
        self._first_token = first_token
        self._call = call
        self._watch = watch
        self._now = now
        self._decoder: Any = None
        self._failure: Failure | None = None
        self._ended = False
        self._alive = self._grew = upstream.started
        self.upstream = upstream
        self.law = ChunkStream(call.id, call.created, upstream.step.target.model, call.body.get("n", 1))
        self.head: list[Json] = []

    async def open(self, body: Json, encoded: Encoded, *, fresh: bool) -> None:
        """Returns with the first content in `head`. Raises Failure; nothing has reached the client then.

        `encoded` is what the wire made of `body`.
        """
        upstream, call = self.upstream, self._call
        target = upstream.step.target
        limits = target.timeouts
        content_by = self._first_content_by()
        answer_by = content_by if call.stream else min(content_by, upstream.started + (limits.answer or limits.total))
        content_type = await upstream.send(encoded, answer_by, fresh=fresh)
        self._decoder = upstream.wire.decoder(call, body, target, content_type)
        committed = False
        while not committed:
            batch = await self._batch(content_by)
            if self._ended and not batch and self._failure is None:
                raise Failure("invalid_response", "the answer is empty")
            self.head += [event for event in batch if event is not PING]
            committed = any(self._is_content(event) for event in self.head)

    async def more(self) -> list[Json]:
        """The next events, [] at the end; [PING] where the client should hear that we still wait. Raises Failure."""
        while self._failure is not None or not self._ended:
            try:
                batch = await self._batch(None)
            except Expired:
                return [PING]
            if batch:
                return batch
        return []

    def usage(self) -> Usage | None:
        """What the provider counted, None where it said nothing."""
        if self._call.stream:
            return self.law.usage
        return read_usage(self.head[0].get("usage")) if self.head else None

    def billed(self) -> Billed:
        if self._call.stream:
            return Billed(self.law.model, self.law.raw_usage)
        whole = self.head[0] if self.head else {}
        return Billed(whole.get("model"), whole.get("usage"))

    def finish(self) -> None:
        """The answer is complete: its connection may serve again."""
        self.upstream.finish()

    def abort(self) -> None:
        self.upstream.abort()

    def _first_content_by(self) -> float:
        call = self._call
        if not call.stream:
            return call.deadline
        bound = min(call.deadline, self.upstream.started + self._first_token)
        return min(bound, call.first_bound) if call.first_bound is not None else bound

    async def _batch(self, content_by: float | None) -> list[Json]:
        """The events of the next read. Raises what stopped the stream only after the events before it were given."""
        if self._failure is not None:
            raise self._failure
        try:
            data = await self._read(content_by)
        except Failure as failure:
            # A complete answer stays one, however its connection ends (faults row 45).
            if not self.law.complete:
                raise failure
            data = b""
        batch = self._take(self._decoder.feed(data) if data else self._decoder.close())
        self._alive = self._now()
        if not all(event is PING for event in batch) or not batch:
            self._grew = self._alive
        follow = self._decoder.follow
        if follow is not None:
            await self._go_on(follow, content_by)
            return batch
        self._ended = self._decoder.done or not data
        # Who says [DONE] may have taken `n` for 1; who just ends has broken off.
        whole = self.law.finished if self._decoder.done else self.law.complete
        if self._ended and self._call.stream and self._failure is None and not whole:
            self._fail_after(batch, _broken_off())
        return batch

    async def _go_on(self, follow: Follow, content_by: float | None) -> None:
        """With the next exchange of the same call."""
        upstream = self.upstream
        until = self._call.deadline if content_by is None else content_by
        upstream.farewell = follow.leave
        if follow.after:
            await upstream.wait(asyncio.sleep(follow.after), until)
        try:
            content_type = await upstream.send(follow.request, until)
        except Failure as failure:
            if follow.otherwise is None or failure.kind == "timeout":
                raise
            await self._go_on(follow.otherwise, content_by)
        else:
            self._decoder = follow.decoder(content_type)

    async def _read(self, content_by: float | None) -> bytes:
        upstream = self.upstream
        until = self._silent_until(content_by)
        if content_by is not None:
            return await upstream.wait(upstream.read(), until)
        try:
            return await self._watch.wait(upstream.read(), min(until, self._now() + SILENCE))
        except Expired:
            if self._now() < until:
                raise
            raise self._stalled(until) from None

    def _silent_until(self, content_by: float | None) -> float:
        """Pings are signs of life, yet alone they hold a stream no longer than its first content may take."""
        idle = self.upstream.step.target.timeouts.idle
        silent = self._alive + (TAIL if self.law.complete else idle)
        held = self._grew + max(idle, self._first_token)
        return min(silent, held, self._call.deadline if content_by is None else content_by)

    def _stalled(self, until: float) -> Failure:
        if until >= self._call.deadline:
            return self.upstream.too_late(until)
        since = self._now() - self._grew
        return Failure("timeout", f"nothing came for {since:.3g} s", in_stream="upstream_stream_stalled")

    def _take(self, events: Iterable[Json]) -> list[Json]:
        batch: list[Json] = []
        try:
            for event in events:
                batch += self._conform(event)
        except Failure as failure:
            self._fail_after(batch, failure)
        return batch

    def _fail_after(self, batch: list[Json], failure: Failure) -> None:
        """Raised now, or with the next read where events came before it. A complete answer cannot fail any more."""
        if self.law.complete:
            return
        if not batch:
            raise failure
        self._failure = failure

    def _conform(self, event: Json) -> list[Json]:
        return [event] if event is PING or not self._call.stream else self.law.conform(event)

    def _is_content(self, event: Json) -> bool:
        return not self._call.stream or has_content(event)


def _broken_off() -> Failure:
    return Failure("connection", "the stream ended before its finish reason", in_stream="upstream_stream_interrupted")
