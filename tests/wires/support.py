"""Calls, targets, and what a decoder makes of bytes."""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

import orjson

from trunkline.errors import Failure
from trunkline.hub.chunks import ChunkStream
from trunkline.ports import PING
from trunkline.types import Call, Group, Json, Kind, Provider, Route, Target
from trunkline.wires import WIRES

SSE = "text/event-stream; charset=utf-8"
JSON = "application/json"
DONE = b"data: [DONE]\n\n"

NOW = 1_763_700_000.0  # Fri, 21 Nov 2025 04:40:00 GMT
WIRE = WIRES["openai"]
PROVIDER = Provider(name="up", wire="openai", base_url="http://up/v1", auth="bearer", keys=("sk-up",))


def target(**provider: Any) -> Target:
    return Target(provider=Provider(**{**_fields(PROVIDER), **provider}), model="up-1")


def _fields(provider: Provider) -> Json:
    return {name: getattr(provider, name) for name in Provider.__dataclass_fields__}


def call(kind: Kind = "chat", *, stream: bool = False, body: Json | None = None) -> Call:
    route = Route(name="r", group=Group(name="r"))
    return Call(
        id="req-0123456789ab",
        kind=kind,
        created=42,
        stream=stream,
        body=body or {},
        route=route,
        route_name="r",
        key=None,
        deadline=1e9,
    )


class Outcome(NamedTuple):
    """What a decoder gave, pings as "ping", and what ended it: class, words, and code where the provider named one."""

    events: list[Any]
    failed: tuple[str, str, str | None] | None = None
    done: bool = False


def read(what: Call, content_type: str, pieces: list[bytes]) -> Outcome:
    """Fed until it is done, else closed, as an attempt does it; with the events that came before a failure."""
    events: list[Any] = []
    decoder = WIRE.decoder(what, what.body, target(), content_type)

    def take(batch: Iterator[Json]) -> None:
        for event in batch:  # one by one: a failure comes after the events before it
            events.append("ping" if event is PING else deepcopy(event))  # noqa: PERF401 - extend would keep none of them

    try:
        for piece in pieces:
            take(decoder.feed(piece))
            if decoder.done:
                return Outcome(events, None, decoder.done)
        take(decoder.close())
    except Failure as failure:
        return Outcome(events, (failure.kind, failure.words, failure.code), decoder.done)
    return Outcome(events, None, decoder.done)


def reader(what: Call, content_type: str) -> Callable[[list[bytes]], Outcome]:
    """`read`, as a function of the pieces alone."""
    return lambda pieces: read(what, content_type, pieces)


def sse(*chunks: Any) -> bytes:
    """Events; bytes are data as they are."""
    return b"".join(b"data: " + (one if isinstance(one, bytes) else orjson.dumps(one)) + b"\n\n" for one in chunks)


def failure(status: int, body: Any, headers: Mapping[str, str] | None = None) -> Failure:
    """What an error reply says; bytes are the body as it is."""
    return WIRE.error(status, headers or {}, body if isinstance(body, bytes) else orjson.dumps(body), NOW)


def openai(code: Any = None, kind: Any = "invalid_request_error", message: str = "m", param: Any = None) -> Json:
    """An error in OpenAI's form."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def as_client(events: list[Any]) -> list[Json]:
    """A decoder's events as the pipeline lets them out."""
    law = ChunkStream("req-0123456789ab", 42, "up-1")
    return [told for event in events if event != "ping" for told in law.conform(deepcopy(event))]
