"""OpenAI's own wire, and that of every server that copies it.

The hub is this format, so a request passes with the row's renames and drops, and an answer with its shape mended.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from trunkline.decoders import ServerSentEvent, ServerSentEvents, Whole
from trunkline.errors import Failure
from trunkline.hub.chunks import ChunkStream
from trunkline.hub.completion import conform_completion, fold, replay
from trunkline.hub.embeddings import conform_embeddings
from trunkline.hub.text import read_json
from trunkline.types import PING, Call, Decoder, Encoded, Json, Target
from trunkline.wires.failures import read_failure

PATHS = {"chat": "/chat/completions", "embeddings": "/embeddings"}


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """The request as this provider takes it; `body` is not changed."""
    provider = target.provider
    dropped = tuple(sorted(provider.drop & body.keys()))
    sent = {provider.rename.get(key, key): value for key, value in body.items() if key not in provider.drop}
    sent["model"] = target.model
    if call.stream and "stream_options" not in provider.drop:
        # Always asked for, shown only to a client that asked: a stream without usage cannot be accounted for.
        sent["stream_options"] = {**provider.stream_options, **body.get("stream_options", {}), "include_usage": True}
    if call.kind == "embeddings" and "encoding_format" in sent and not provider.base64_embeddings:
        sent["encoding_format"] = "float"
    return Encoded(PATHS[call.kind], orjson.dumps(sent), dropped=dropped)


def decoder(call: Call, target: Target, content_type: str) -> Decoder:
    """By what the reply is, not by what was asked: some servers answer a stream request with one JSON body."""
    content_type = content_type.lower()
    if content_type.startswith("text/html"):
        raise Failure("invalid_response", "the answer is an HTML page, not JSON: is this the API's base URL?")
    if call.kind == "chat" and (content_type.startswith("text/event-stream") or (call.stream and not content_type)):
        return Events() if call.stream else Folded(call, target)
    return Body(call, target)


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says. A page meant for a browser says nothing but its status."""
    if headers.get("content-type", "").startswith("text/html") or body.lstrip()[:1] == b"<":
        failure = read_failure(status, headers, f"HTTP status {status} with an HTML page", now)
        failure.kind = "invalid_response" if failure.kind == "server_error" else failure.kind
        return failure
    return read_failure(status, headers, _read_or_text(body), now)


def _read_or_text(body: bytes) -> Any:
    try:
        return read_json(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _parse(data: bytes, what: str) -> Json:
    try:
        parsed = read_json(data)
    except ValueError:
        raise Failure("invalid_response", f"{what} is not valid JSON") from None
    # Google's compatible API puts its error object into a list.
    first = parsed[0] if isinstance(parsed, list) and parsed else parsed
    if not isinstance(first, dict) or (first is not parsed and not first.get("error")):
        raise Failure("invalid_response", f"{what} is not a JSON object")
    if first.get("error"):
        raise read_failure(None, {}, first, 0.0)
    return first


class Events:
    """A stream: each event is a chunk, an error, or a sign of life."""

    __slots__ = ("_events", "done")

    def __init__(self) -> None:
        self._events = ServerSentEvents()
        self.done = False

    def feed(self, data: bytes) -> Iterator[Json]:
        return self._chunks(self._events.feed(data))

    def close(self) -> Iterator[Json]:
        return self._chunks(self._events.close())

    def _chunks(self, events: Iterator[ServerSentEvent]) -> Iterator[Json]:
        for event, data in events:
            if self.done:
                return  # nothing after [DONE] counts (faults row 47)
            if data is None:
                yield PING
            elif data.strip() == b"[DONE]":
                self.done = True
            elif event == "error":
                raise read_failure(None, {}, _read_or_text(data), 0.0)
            else:
                yield _parse(data, "an event of the stream")


class Folded:
    """A stream where one whole answer was asked for."""

    __slots__ = ("_chunks", "_events", "_law", "_over", "done")

    def __init__(self, call: Call, target: Target) -> None:
        self._events = Events()
        self._law = ChunkStream(call.id, call.created, target.model)
        self._chunks: list[Json] = []
        self._over = False
        self.done = False

    def feed(self, data: bytes) -> Iterator[Json]:
        self._take(self._events.feed(data))
        yield from ()

    def close(self) -> Iterator[Json]:
        self._take(self._events.close())
        if not self._law.complete:
            raise Failure("invalid_response", "the answer ended before its finish reason")
        yield fold(self._chunks, self._law.raw_usage)

    def _take(self, chunks: Iterator[Json]) -> None:
        try:
            for chunk in chunks:
                if chunk is not PING and not self._over:
                    self._chunks += self._law.conform(chunk)
        except Failure:
            if not self._law.complete:
                raise
            self._over = True  # a complete answer cannot fail any more


class Body:
    """One JSON answer, told as chunks where a stream was asked for."""

    __slots__ = ("_call", "_target", "_whole", "done")

    def __init__(self, call: Call, target: Target) -> None:
        self._call = call
        self._target = target
        self._whole = Whole()
        self.done = False

    def feed(self, data: bytes) -> Iterator[Json]:
        self._whole.feed(data)
        yield from ()

    def close(self) -> Iterator[Json]:
        call, model = self._call, self._target.model
        body = _parse(self._whole.body(), "the answer")
        if call.kind == "embeddings":
            yield conform_embeddings(body, call.body.get("encoding_format"), model)
            return
        completion = conform_completion(body, call.id, call.created, model)
        if call.stream:
            yield from replay(completion)
            yield {"usage": completion.get("usage")}
        else:
            yield completion
