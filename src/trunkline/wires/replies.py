"""Replies in hub form, by what they are: a stream of events or one body, whichever was asked for."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

from trunkline.decoders import Event, Whole
from trunkline.errors import Failure
from trunkline.hub.completion import conform_completion, replay
from trunkline.hub.embeddings import conform_embeddings
from trunkline.hub.text import read_json
from trunkline.ports import PING, Decoder, Follow
from trunkline.types import Call, Json, Target
from trunkline.wires.folded import Folded

Read = Callable[[bytes], Json]
"""A whole body as a completion, or as embeddings, of OpenAI's shape. Raises Failure."""

Told = Callable[[bytes], tuple[Iterable[Json], Follow | None]]


class Framing(Protocol):
    """One of `trunkline.decoders`."""

    def feed(self, data: bytes) -> Iterator[Event]: ...

    def close(self) -> Iterator[Event]: ...


class Reader(Protocol):
    """What the events of a stream come to: the part of a wire's decoder that is its own."""

    done: bool
    """The provider said that nothing more follows."""

    def take(self, name: str, data: bytes, /) -> Iterator[Json]:
        """The chunks of one event. Raises Failure."""
        ...

    def end(self) -> Iterator[Json]:
        """The chunks that were held until the body ended."""
        ...


class Streamed:
    """A Decoder: bytes to events by `framing`, events to chunks by `reader`."""

    __slots__ = ("_framing", "_reader", "follow")

    def __init__(self, framing: Framing, reader: Reader) -> None:
        self._framing = framing
        self._reader = reader
        self.follow: Follow | None = None

    @property
    def done(self) -> bool:
        return self._reader.done

    def feed(self, data: bytes) -> Iterator[Json]:
        return self._chunks(self._framing.feed(data))

    def close(self) -> Iterator[Json]:
        yield from self._chunks(self._framing.close())
        if not self._reader.done:
            yield from self._reader.end()

    def _chunks(self, events: Iterator[Event]) -> Iterator[Json]:
        reader = self._reader
        while not reader.done:  # nothing after the end counts (faults row 47), not even whether it can be read
            told = next(events, None)
            if told is None:
                return
            name, data = told
            if data is None:
                yield PING
            elif data.strip() == b"[DONE]":  # OpenAI's ending, which others adopted
                reader.done = True
            else:
                yield from reader.take(name, data)


class Body:
    """A Decoder of one body.

    told   the events that it comes to, and the exchange with which the call goes on, if any; raises Failure
    final  where it does not go on the provider said so
    """

    __slots__ = ("_final", "_told", "_whole", "done", "follow")

    def __init__(self, told: Told, *, final: bool = False) -> None:
        self._told = told
        self._final = final
        self._whole = Whole()
        self.done = False
        self.follow: Follow | None = None

    def feed(self, data: bytes) -> Iterator[Json]:
        self._whole.feed(data)
        yield from ()

    def close(self) -> Iterator[Json]:
        events, self.follow = self._told(self._whole.body())
        yield from events
        self.done = self._final and self.follow is None


def decoder_of(
    call: Call,
    target: Target,
    content_type: str,
    *,
    events: Callable[[], Decoder],
    read: Read,
    streams: str = "text/event-stream",
) -> Decoder:
    """By what the reply is, not by what was asked: some servers answer a request for a stream with one body, and long
    answers come as streams so that no connection idles.

    `streams`: the content type of the wire's streams. Raises Failure for a page meant for a browser.
    """
    content_type = content_type.lower()
    if content_type.startswith("text/html"):
        raise Failure("invalid_response", "the answer is an HTML page, not JSON: is this the API's base URL?")
    if call.kind == "chat" and (content_type.startswith(streams) or (call.stream and not content_type)):
        return events() if call.stream else Folded(call, target, events())
    return Body(lambda data: (_told(call, target, read(data)), None))


def _told(call: Call, target: Target, said: Json) -> list[Json]:
    """As chunks where a stream was asked for."""
    if call.kind == "embeddings":
        return [conform_embeddings(said, call.body, target.model)]
    completion = conform_completion(said, call.id, call.created, target.model)
    return [*replay(completion), {"usage": completion.get("usage")}] if call.stream else [completion]


def parse(data: bytes, what: str) -> Any:
    """The JSON of a body or an event. Raises Failure(invalid_response)."""
    try:
        return read_json(data)
    except ValueError:
        raise Failure("invalid_response", f"{what} is not valid JSON") from None


def parse_object(data: bytes, what: str) -> Json:
    """The same, where nothing but an object makes sense."""
    parsed = parse(data, what)
    if not isinstance(parsed, dict):
        raise Failure("invalid_response", f"{what} is not a JSON object")
    return parsed
