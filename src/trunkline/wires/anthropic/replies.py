"""Replies in hub form, by what they are: an event stream or one JSON body, whichever was asked for."""

from collections.abc import Iterator

from trunkline.decoders import Whole
from trunkline.errors import Failure
from trunkline.hub.chunks import ChunkStream
from trunkline.hub.completion import conform_completion, fold, replay
from trunkline.hub.text import read_json
from trunkline.types import PING, Call, Decoder, Json, Target
from trunkline.wires.anthropic.failures import error_inside
from trunkline.wires.anthropic.stream import Events
from trunkline.wires.anthropic.tools import custom_names
from trunkline.wires.anthropic.whole import completion


def decoder(call: Call, target: Target, content_type: str) -> Decoder:
    """Raises Failure for a page meant for a browser."""
    content_type = content_type.lower()
    if content_type.startswith("text/html"):
        raise Failure("invalid_response", "the answer is an HTML page, not JSON: is this the API's base URL?")
    asked = {**target.params, **call.body, **target.force}
    custom = custom_names(asked.get("tools"))
    if content_type.startswith("text/event-stream") or (call.stream and not content_type):
        return Events(custom) if call.stream else Folded(call, target, Events(custom))
    return Body(call, target, custom)


class Folded:
    """A stream where one whole answer was asked for: long ones come as streams, so that no connection idles."""

    __slots__ = ("_chunks", "_events", "_law", "done")

    def __init__(self, call: Call, target: Target, events: Events) -> None:
        self._events = events
        self._law = ChunkStream(call.id, call.created, target.model)
        self._chunks: list[Json] = []
        self.done = False

    def feed(self, data: bytes) -> Iterator[Json]:
        self._take(self._events.feed(data))
        if self._events.done:
            yield from self._told()

    def close(self) -> Iterator[Json]:
        self._take(self._events.close())
        yield from self._told()

    def _told(self) -> Iterator[Json]:
        self.done = True
        if not self._law.complete:
            raise Failure("invalid_response", "the answer ended before its stop reason")
        yield fold(self._chunks, self._law.raw_usage)

    def _take(self, chunks: Iterator[Json]) -> None:
        try:
            for chunk in chunks:
                if chunk is not PING:
                    self._chunks += self._law.conform(chunk)
        except Failure:
            if not self._law.complete:
                raise
            self._events.done = True  # a complete answer cannot fail any more


class Body:
    """One JSON message, told as chunks where a stream was asked for."""

    __slots__ = ("_call", "_custom", "_target", "_whole", "done")

    def __init__(self, call: Call, target: Target, custom: frozenset[str]) -> None:
        self._call = call
        self._target = target
        self._custom = custom
        self._whole = Whole()
        self.done = False

    def feed(self, data: bytes) -> Iterator[Json]:
        self._whole.feed(data)
        yield from ()

    def close(self) -> Iterator[Json]:
        call = self._call
        told = completion(_parse(self._whole.body()), self._custom)
        told = conform_completion(told, call.id, call.created, self._target.model)
        if call.stream:
            yield from replay(told)
            yield {"usage": told.get("usage")}
        else:
            yield told


def _parse(data: bytes) -> Json:
    try:
        body = read_json(data)
    except ValueError:
        raise Failure("invalid_response", "the answer is not valid JSON") from None
    if not isinstance(body, dict):
        raise Failure("invalid_response", "the answer is not a JSON object")
    if body.get("error"):
        raise error_inside(body)
    return body
