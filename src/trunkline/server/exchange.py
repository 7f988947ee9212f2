"""One request over HTTP: from its first byte to its last, for unary and stream alike."""

import asyncio
import traceback
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from trunkline.catalog import cost_text
from trunkline.errors import ApiError, Failure
from trunkline.hub.sse import DONE, error_frame, frames, tail_comment
from trunkline.observe.record import Exchange
from trunkline.pipeline.answer import Answer
from trunkline.pipeline.outcome import in_stream
from trunkline.pipeline.resolve import resolve
from trunkline.pipeline.watch import Watch
from trunkline.server.answers import error_body, new_id
from trunkline.server.auth import authorise
from trunkline.server.headers import answer_headers, error_headers, request_id
from trunkline.server.intake import ClientGone, Receive, make_call, read_body, read_request
from trunkline.server.protocol import ON_DISCONNECT
from trunkline.server.state import Gateway
from trunkline.types import Call, Json, Kind

SSE_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
]
GONE = "client_gone"


class Completions:
    """The ASGI endpoint of one kind of request."""

    def __init__(self, kind: Kind) -> None:
        self.kind: Kind = kind

    async def __call__(self, scope: Any, receive: Receive, send: Any) -> None:
        await Visit(scope["state"]["gateway"], self.kind, scope, receive, send).serve()


class Visit:
    """A request while it is served. `interrupt` ends it from outside: its client left, or the server drains."""

    def __init__(self, gateway: Gateway, kind: Kind, scope: Any, receive: Receive, send: Any) -> None:
        self._gateway = gateway
        self._headers = dict(scope["headers"])
        self._receive = receive
        self._send = send
        self._interrupted: str | None = None
        self._begun = False
        self._ended = False
        self._task = asyncio.current_task()
        scope[ON_DISCONNECT] = partial(self.interrupt, GONE)
        self.exchange = Exchange(request_id(self._headers) or new_id(), kind, gateway.now())

    def interrupt(self, reason: str) -> None:
        if not self._ended and self._interrupted is None and self._task is not None:
            self._interrupted = reason
            self._task.cancel()

    async def serve(self) -> None:
        gateway, exchange = self._gateway, self.exchange
        if len(gateway.ongoing) >= gateway.config.server.max_in_flight:
            gateway.shed_requests += 1
            await self._refuse(ApiError("overloaded", "Too many requests at once; try again shortly.", retry_after=1))
            gateway.served(exchange)
            return
        gateway.ongoing.add(self)
        try:
            await self._serve()
        except ApiError as error:
            await self._refuse(error)
        except ClientGone:
            self._left()
        except asyncio.CancelledError:
            await self._cancelled()
        except Exception as bug:
            await self._broken(bug)
        finally:
            gateway.ongoing.discard(self)
            gateway.served(exchange)

    async def _serve(self) -> None:
        gateway, exchange = self._gateway, self.exchange
        key = authorise(gateway, self._headers)
        exchange.key = key.name if key else "none"
        if gateway.draining:
            raise ApiError("draining", "The server is shutting down; try again.", retry_after=1)
        raw = await read_body(self._receive, self._headers, gateway.config.server.max_body)
        body = read_request(raw, exchange.kind)
        exchange.stream = exchange.kind == "chat" and body.get("stream") is True
        resolved = resolve(gateway.config, gateway.pipeline.catalog, body.get("model"), key)
        exchange.route = resolved.name
        call = make_call(
            exchange.id,
            exchange.kind,
            body,
            self._headers,
            resolved,
            key,
            arrived=exchange.arrived,
            wall=gateway.wall(),
        )
        assert self._task is not None
        watch = Watch(asyncio.get_running_loop(), self._task, gateway.now)
        try:
            answer = await gateway.pipeline.answer(call, exchange, watch)
            self._committed(watch)
            await self._stream(call, answer) if call.stream else await self._unary(answer)
        finally:
            exchange.waited = watch.waited
            watch.close()

    def _committed(self, watch: Watch) -> None:
        exchange, elapsed = self.exchange, self._gateway.now() - self.exchange.arrived
        exchange.waited = watch.waited
        exchange.first_token = elapsed
        exchange.overhead = max(elapsed - watch.waited, 0.0)

    async def _unary(self, answer: Answer) -> None:
        self._gateway.pipeline.settle(self.exchange, answer)
        answer.close(complete=True)
        body = orjson.dumps(answer.head[0])
        elapsed = self._gateway.now() - self.exchange.arrived
        headers = answer_headers(self.exchange, elapsed, answer.reply_headers)
        headers.append((b"x-trunkline-cost-usd", cost_text(self.exchange.cost).encode()))
        await self._whole(200, body, headers)

    async def _stream(self, call: Call, answer: Answer) -> None:
        exchange, gateway = self.exchange, self._gateway
        complete = False
        gateway.streams += 1
        try:
            await self._begin(
                200, SSE_HEADERS + answer_headers(exchange, exchange.first_token or 0.0, answer.reply_headers)
            )
            batch = answer.head
            while batch:
                await self._piece(frames(batch, call.wants_usage))
                batch = await answer.more()
            complete = True
            gateway.pipeline.settle(exchange, answer)
            last = answer.usage_chunk() if call.wants_usage else None
            await self._end((frames([self._priced(last)], True) if last else b"") + self._tail() + DONE)
        except Failure as failure:
            assert exchange.target is not None
            gateway.pipeline.settle(exchange, answer)
            error = in_stream(failure, exchange.target, call.route_name, gateway.pipeline.redactor)
            exchange.error_class = failure.kind
            await self._end(self._tail() + error_frame(error_body(error, self.exchange.id)))
        finally:
            gateway.streams -= 1
            answer.close(complete=complete)

    def _priced(self, chunk: Json) -> Json:
        """The usage chunk with what it cost, where that is known."""
        cost = _number(self.exchange.cost)
        return chunk if cost is None else {**chunk, "usage": {**chunk["usage"], "cost_usd": cost}}

    def _tail(self) -> bytes:
        """What is known only at the end."""
        exchange = self.exchange
        exchange.duration = self._gateway.now() - exchange.arrived
        usage = exchange.usage
        tries = [
            {"target": attempt.target.id, "result": attempt.result, "ms": round(attempt.seconds * 1000, 1)}
            for attempt in exchange.tries
        ]
        return tail_comment(
            {
                "request_id": exchange.id,
                "attempts": tries,
                "first_token_ms": round((exchange.first_token or 0.0) * 1000, 1),
                "duration_ms": round(exchange.duration * 1000, 1),
                "overhead_ms": round(exchange.overhead * 1000, 2),
                "input_tokens": usage.input if usage else None,
                "output_tokens": usage.output if usage else None,
                "cost_usd": _number(exchange.cost),
            }
        )

    async def _cancelled(self) -> None:
        """By `interrupt`, which is an ordinary end; or by the server's own hard stop, which is not ours to catch."""
        if self._interrupted is None or self._task is None:
            raise
        self._task.uncancel()
        if self._interrupted == GONE:
            self._left()
            return
        error = ApiError("draining", "The server is shutting down.", retry_after=1)
        if self._begun:
            self.exchange.error_class = error.code
            await self._end(self._tail() + error_frame(error_body(error, self.exchange.id)))
        else:
            await self._refuse(error)

    async def _broken(self, bug: Exception) -> None:
        """A mistake of ours: the log says where, the client only which request it was."""
        at = [f"{Path(place.filename).name}:{place.lineno}" for place in traceback.extract_tb(bug.__traceback__)[-6:]]
        self._gateway.event("bug", level="error", request_id=self.exchange.id, error=type(bug).__name__, at=at)
        error = ApiError("internal_error", "Something went wrong in the proxy; its log has this request's id.")
        if not self._begun:
            await self._refuse(error)
        elif not self._ended:
            self.exchange.error_class = error.code
            await self._end(self._tail() + error_frame(error_body(error, self.exchange.id)))

    def _left(self) -> None:
        self.exchange.status, self.exchange.error_class = 499, GONE
        self._ended = True

    async def _refuse(self, error: ApiError) -> None:
        exchange = self.exchange
        exchange.error_class = error.error_class
        elapsed = self._gateway.now() - exchange.arrived
        headers = [*answer_headers(exchange, elapsed, {}), *error_headers(error)]
        if error.status in (408, 413, 415, 503):
            headers.append((b"connection", b"close"))  # the rest of the body, if any, is not read
        await self._whole(error.status, orjson.dumps(error_body(error, self.exchange.id)), headers)

    async def _whole(self, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
        length = str(len(body)).encode()
        await self._begin(status, [(b"content-type", b"application/json"), (b"content-length", length), *headers])
        await self._end(body)

    async def _begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self._begun = True
        self.exchange.status = status
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def _piece(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def _end(self, data: bytes) -> None:
        self._ended = True  # what comes now from the watcher is the end of the response, not a client that left
        await self._send({"type": "http.response.body", "body": data, "more_body": False})


def _number(cost: Decimal | None) -> float | None:
    return None if cost is None else float(cost)
