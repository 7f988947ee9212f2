"""A stream where one whole answer was asked for: some servers know nothing else, and long answers come as streams so
that no connection idles."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from trunkline.errors import Failure
from trunkline.hub.chunks import ChunkStream
from trunkline.hub.completion import fold
from trunkline.ports import PING, Decoder, Follow
from trunkline.types import Call, Json, Target


class Folded:
    """A Decoder over the decoder of a wire's events: one completion, told when the stream says that it is done."""

    __slots__ = ("_chunks", "_ended", "_events", "_law", "done", "follow")

    def __init__(self, call: Call, target: Target, events: Decoder) -> None:
        self._events = events
        self._law = ChunkStream(call.id, call.created, target.model, call.body.get("n", 1))
        self._chunks: list[Json] = []
        self._ended = False
        self.done = False
        self.follow: Follow | None = None

    def feed(self, data: bytes) -> Iterator[Json]:
        if self.done:
            return
        self._take(self._events.feed(data))
        if not self._goes_on() and self._ended:
            yield from self._told()

    def close(self) -> Iterator[Json]:
        if self.done:
            return
        self._take(self._events.close())
        if not self._goes_on():
            yield from self._told()

    def _goes_on(self) -> bool:
        """In another exchange, whose events tell the same answer."""
        following = self._events.follow
        if following is not None:
            self.follow = replace(following, decoder=partial(self._resumed, following.decoder))
        return following is not None

    def _resumed(self, events: Callable[[str], Decoder], content_type: str) -> Decoder:
        self._events, self.follow = events(content_type), None
        return self

    def _told(self) -> Iterator[Json]:
        self.done = True
        if not (self._law.finished if self._ended else self._law.complete):
            raise Failure("invalid_response", "the answer ended before its finish reason")
        yield fold(self._chunks, self._law.raw_usage)

    def _take(self, chunks: Iterator[Json]) -> None:
        try:
            for chunk in chunks:
                if chunk is not PING:
                    self._chunks += self._law.conform(chunk)
            self._ended = self._events.done
        except Failure:
            if not self._law.complete:
                raise
            self._ended = True  # a complete answer cannot fail any more
