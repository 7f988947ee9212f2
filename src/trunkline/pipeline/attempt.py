"""One try of one target: its first content, and then the rest."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from trunkline.errors import Failure
from trunkline.hub.chunks import ChunkStream, has_content
from trunkline.hub.usage import Usage, read_usage
from trunkline.pipeline.answer import Billed
from trunkline.pipeline.plan import Step
from trunkline.pipeline.watch import Expired, Watch
from trunkline.types import NOTHING, PING, Call, Encoded, Json, Outbound, Progress, Reply, Transport, Wire
from trunkline.wires.auth import SCHEMES
from trunkline.wires.limits import openai_limits

SILENCE = 15.0  # seconds after which the client of a stream is told that we still wait
TAIL = 2.0  # how long to wait for usage and [DONE] once every choice has finished
ERROR_BODY = 64 * 1024
SHOULD_RETRY = {"true": True, "false": False}  # what OpenAI and Anthropic tell their own SDKs
USER_AGENT = "trunkline"


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
        "_now",
        "_reply",
        "_watch",
        "head",
        "law",
        "progress",
        "reply_headers",
        "started",
        "step",
    )

    def __init__(
        self, call: Call, step: Step, watch: Watch, now: Callable[[], float], first_token: float = 60.0
    ) -> None:
        self._first_token = first_token
        self._call = call
        self._watch = watch
        self._now = now
        self._reply: Reply | None = None
        self._decoder: Any = None
        self._failure: Failure | None = None
        self._ended = False
        self._alive = self.started = now()
        self.step = step
        self.law = ChunkStream(call.id, call.created, step.target.model, call.body.get("n", 1))
        self.head: list[Json] = []
        self.progress = Progress()
        self.reply_headers: Mapping[str, str] = NOTHING

    async def open(self, transport: Transport, wire: Wire, encoded: Encoded, wall: float, *, fresh: bool) -> None:
        """Returns with the first content in `head`. Raises Failure; nothing has reached the client then."""
        target, call = self.step.target, self._call
        limits = target.timeouts
        outbound = Outbound(
            target.provider.base_url + encoded.path, self._headers(encoded), encoded.content, limits.connect, fresh
        )
        content_by = self._first_content_by()
        answer_by = content_by if call.stream else min(content_by, self.started + (limits.answer or limits.total))
        self._reply = reply = await self._wait(transport.send(outbound, self.progress), answer_by)
        self.reply_headers = openai_limits(reply.headers, wall)
        if reply.status >= 400:
            failure = wire.error(reply.status, reply.headers, await self._error_body(reply, answer_by), wall)
            failure.again = SHOULD_RETRY.get(reply.headers.get("x-should-retry", ""))
            raise failure
        if not 200 <= reply.status < 300:
            raise Failure("invalid_response", f"HTTP status {reply.status}; redirects are never followed")
        self._decoder = wire.decoder(call, target, reply.headers.get("content-type", ""))
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
        if self._reply is not None:
            self._reply.release()
            self._reply = None

    def abort(self) -> None:
        if self._reply is not None:
            self._reply.abort()
            self._reply = None

    def _headers(self, encoded: Encoded) -> dict[str, str]:
        """Built from nothing: what a client sent goes upstream only by the allow-list that filled `forwarded`."""
        provider = self.step.target.provider
        return {
            "content-type": "application/json",
            "accept": "text/event-stream" if self._call.stream else "application/json",
            "accept-encoding": "identity",
            "user-agent": USER_AGENT,
            **self._call.forwarded,
            **SCHEMES[provider.auth](self.step.key),
            **encoded.headers,
            **provider.headers,
        }

    def _first_content_by(self) -> float:
        call = self._call
        if not call.stream:
            return call.deadline
        bound = min(call.deadline, self.started + self._first_token)
        return min(bound, call.first_bound) if call.first_bound is not None else bound

    async def _wait(self, awaitable: Any, until: float) -> Any:
        try:
            return await self._watch.wait(awaitable, until)
        except Expired:
            raise self._too_late(until) from None

    def _too_late(self, until: float) -> Failure:
        if until >= self._call.deadline:
            return Failure("timeout", "the request's deadline has passed", in_stream="deadline_exceeded")
        came_to = {"connecting": "no connection", "connected": "the request was not taken", "sent": "no answer"}
        what = came_to.get(self.progress.phase, "no content")
        words = f"{what} within {until - self.started:.3g} s"
        return Failure("timeout", words, in_stream="upstream_stream_stalled")

    async def _error_body(self, reply: Reply, until: float) -> bytes:
        """As much of it as a message needs; an error that breaks off is still that error."""
        body = b""
        try:
            while len(body) < ERROR_BODY:
                piece = await self._wait(reply.read(), until)
                if not piece:
                    self.finish()
                    break
                body += piece
        except Failure:
            pass
        return body[:ERROR_BODY]

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
        if not all(event is PING for event in batch) or not batch:
            self._alive = self._now()  # comments alone must not keep a stream alive for ever
        self._ended = self._decoder.done or not data
        # Who says [DONE] may have taken `n` for 1; who just ends has broken off.
        whole = self.law.finished if self._decoder.done else self.law.complete
        if self._ended and self._call.stream and self._failure is None and not whole:
            self._fail_after(batch, _broken_off())
        return batch

    async def _read(self, content_by: float | None) -> bytes:
        assert self._reply is not None
        idle_by = self._alive + (TAIL if self.law.complete else self.step.target.timeouts.idle)
        until = min(idle_by, self._call.deadline if content_by is None else content_by)
        if content_by is not None:
            data: bytes = await self._wait(self._reply.read(), until)
            return data
        try:
            return await self._watch.wait(self._reply.read(), min(until, self._now() + SILENCE))
        except Expired:
            if self._now() < until:
                raise
            raise self._stalled(until) from None

    def _stalled(self, until: float) -> Failure:
        if until >= self._call.deadline:
            return self._too_late(until)
        idle = self.step.target.timeouts.idle
        return Failure("timeout", f"nothing came for {idle:g} s", in_stream="upstream_stream_stalled")

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
