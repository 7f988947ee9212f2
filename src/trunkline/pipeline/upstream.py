"""One target as the other end of a call: requests out, replies or what they say of failure back, in bounded time."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from trunkline.errors import Failure
from trunkline.pipeline.plan import Step
from trunkline.pipeline.watch import Expired, Watch
from trunkline.ports import Encoded, Outbound, Progress, Reply, Signer, Transport, Wire
from trunkline.types import NOTHING, Call
from trunkline.wires.auth import SCHEMES
from trunkline.wires.limits import openai_limits

T = TypeVar("T")

ERROR_BODY = 64 * 1024
SHOULD_RETRY = {"true": True, "false": False}  # what OpenAI and Anthropic tell their own SDKs
USER_AGENT = "trunkline"
FAREWELL = 5.0  # seconds for telling a provider that nobody waits any more


class Way(NamedTuple):
    """How to reach a target.

    signer  who shows the key, where that takes more than a header of its own; None for the schemes of `wires.auth`
    apart   runs what nobody waits for
    wall    Unix time, seconds
    """

    transport: Transport
    wire: Wire
    signer: Signer | None
    apart: Callable[[Coroutine[Any, Any, None]], None]
    wall: Callable[[], float]


class Upstream:
    """`finish` or `abort` must be called, whatever happened."""

    __slots__ = ("_call", "_reply", "_watch", "_way", "farewell", "headers", "progress", "started", "step")

    def __init__(self, call: Call, step: Step, way: Way, watch: Watch, started: float) -> None:
        self._call = call
        self._watch = watch
        self._way = way
        self._reply: Reply | None = None
        self.farewell: Encoded | None = None
        """What to send should `abort` be called."""
        self.step = step
        self.started = started
        self.progress = Progress()
        self.headers: Mapping[str, str] = NOTHING
        """Of the first reply, rate limits in OpenAI's form."""

    @property
    def wire(self) -> Wire:
        return self._way.wire

    async def send(self, encoded: Encoded, until: float, *, fresh: bool = False) -> str:
        """Returns the content type of a good reply, its body still to be read. Raises Failure."""
        way = self._way
        self.finish()
        outbound = self._outbound(encoded, fresh=fresh)
        if way.signer is not None:
            outbound = await self.wait(self._signed(outbound), until)
        self._reply = reply = await self.wait(way.transport.send(outbound, self.progress), until)
        if not self.headers:
            self.headers = openai_limits(reply.headers, way.wall())
        if reply.status >= 400:
            failure = way.wire.error(reply.status, reply.headers, await self._error_body(reply, until), way.wall())
            failure.again = SHOULD_RETRY.get(reply.headers.get("x-should-retry", ""))
            raise failure
        if not 200 <= reply.status < 300:
            raise Failure("invalid_response", f"HTTP status {reply.status}; redirects are never followed")
        return reply.headers.get("content-type", "")

    async def read(self) -> bytes:
        """The next bytes of the body, b"" at its end. A wait may be cancelled and called again without loss."""
        assert self._reply is not None
        return await self._reply.read()

    def finish(self) -> None:
        """The reply was read: its connection may serve again."""
        if self._reply is not None:
            self._reply.release()
            self._reply = None

    def abort(self) -> None:
        if self._reply is not None:
            self._reply.abort()
            self._reply = None
        if self.farewell is not None:
            self._way.apart(self._say(self.farewell))
            self.farewell = None

    async def wait(self, awaitable: Awaitable[T], until: float) -> T:
        """Raises Failure once the clock says `until`."""
        try:
            return await self._watch.wait(awaitable, until)
        except Expired:
            raise self.too_late(until) from None

    def too_late(self, until: float) -> Failure:
        if until >= self._call.deadline:
            return Failure("timeout", "the request's deadline has passed", in_stream="deadline_exceeded")
        came_to = {"connecting": "no connection", "connected": "the request was not taken", "sent": "no answer"}
        what = came_to.get(self.progress.phase, "no content")
        words = f"{what} within {until - self.started:.3g} s"
        return Failure("timeout", words, in_stream="upstream_stream_stalled")

    def _outbound(self, encoded: Encoded, *, fresh: bool = False) -> Outbound:
        target = self.step.target
        path = encoded.path
        url = path if "://" in path else target.provider.base_url + path
        connect = target.timeouts.connect
        return Outbound(url, self._headers(encoded), encoded.content, connect, fresh, encoded.method)

    async def _signed(self, outbound: Outbound) -> Outbound:
        signer, step = self._way.signer, self.step
        if signer is None:
            return outbound
        shown = await signer(outbound, step.target.provider, step.key)
        return replace(outbound, headers={**outbound.headers, **shown})

    def _headers(self, encoded: Encoded) -> dict[str, str]:
        """Built from nothing: what a client sent goes upstream only by the allow-list that filled `forwarded`."""
        provider = self.step.target.provider
        scheme = SCHEMES.get(provider.auth)
        return {
            "content-type": "application/json",
            "accept": "text/event-stream" if self._call.stream else "application/json",
            "accept-encoding": "identity",
            "user-agent": USER_AGENT,
            **self._call.forwarded,
            **(scheme(self.step.key) if scheme else {}),
            **encoded.headers,
            **provider.headers,
        }

    async def _say(self, encoded: Encoded) -> None:
        """To whom nobody listens any more; what comes of it is nobody's business either."""
        try:
            async with asyncio.timeout(FAREWELL):
                outbound = await self._signed(self._outbound(encoded))
                (await self._way.transport.send(outbound)).release()
        except (Failure, TimeoutError):
            pass

    async def _error_body(self, reply: Reply, until: float) -> bytes:
        """As much of it as a message needs; an error that breaks off is still that error."""
        body = b""
        try:
            while len(body) < ERROR_BODY:
                piece = await self.wait(reply.read(), until)
                if not piece:
                    self.finish()
                    break
                body += piece
        except Failure:
            pass
        return body[:ERROR_BODY]
