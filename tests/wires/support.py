"""Calls, targets, what a wire makes of a request, and what a decoder makes of bytes."""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import orjson

from trunkline.errors import ApiError, Failure
from trunkline.hub.chunks import ChunkStream
from trunkline.narrowing import Narrowing, Takes
from trunkline.ports import PING, Decoder, Encoded, Follow, Wire
from trunkline.types import Call, Group, Json, Kind, Provider, Route, Target
from trunkline.wires import WIRES

SSE = "text/event-stream; charset=utf-8"
JSON = "application/json"
DONE = b"data: [DONE]\n\n"
HI: Json = {"role": "user", "content": "hi"}

NOW = 1_763_700_000.0  # Fri, 21 Nov 2025 04:40:00 GMT
WIRE = WIRES["openai"]
PROVIDER = Provider(name="up", wire="openai", base_url="http://up/v1", auth="bearer", keys=("sk-up",))


def target(**provider: Any) -> Target:
    """Fields of a Provider, or of the Narrowing that is all it knows of parameters."""
    taken = {name: provider.pop(name) for name in Narrowing.__dataclass_fields__ if name in provider}
    takes = {"takes": Takes(Narrowing(**taken))} if taken else {}
    return Target(provider=Provider(**{**_fields(PROVIDER), **takes, **provider}), model="up-1")


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


class Told(NamedTuple):
    """What a decoder gave, and where it wants the call to go on."""

    outcome: Outcome
    follow: Follow | None


def follow_through(decoder: Callable[[], Decoder], pieces: list[bytes]) -> Told:
    """Fed until it is done or wants to go on, else closed, as an attempt does it; with the events that came before a
    failure."""
    events: list[Any] = []

    def take(batch: Iterator[Json]) -> None:
        for event in batch:  # one by one: a failure comes after the events before it
            events.append("ping" if event is PING else _sent(event))  # noqa: PERF401 - extend would keep none of them

    made = None
    try:
        made = decoder()
        for piece in pieces:
            take(made.feed(piece))
            if made.done or made.follow:
                return Told(Outcome(events, None, made.done), made.follow)
        take(made.close())
    except Failure as failure:
        return Told(Outcome(events, (failure.kind, failure.words, failure.code), bool(made and made.done)), None)
    return Told(Outcome(events, None, made.done), made.follow)


def _sent(event: Json) -> Any:
    """As it is now, which can be sent."""
    return orjson.loads(orjson.dumps(event))


def way(follow: Follow | None) -> Json | None:
    """Where a call goes on, as rows say it."""
    if follow is None:
        return None
    leave = follow.leave
    return {
        "request": f"{follow.request.method} {follow.request.path}",
        "after": round(follow.after, 3),
        "leave": leave and f"{leave.method} {leave.path}",
        "otherwise": follow.otherwise and f"{follow.otherwise.request.method} {follow.otherwise.request.path}",
    }


def encode(wire: Wire, target: Target, body: Json, *, stream: bool = False, kind: Kind = "chat") -> Encoded:
    """What a request comes to, said "hi" where it says nothing. The wire must leave its input as it was."""
    body = {"messages": [HI], **body} if kind == "chat" else body
    before = deepcopy(body)
    encoded = wire.encode(call(kind, stream=stream, body=body), body, target)
    assert body == before
    assert encoded.method == "POST"
    return encoded


class Written(NamedTuple):
    request: Json
    dropped: tuple[str, ...]
    path: str
    headers: Json


@dataclass(frozen=True)
class Bench:
    """A wire as its rows use it.

    model    the one asked where a row names none
    stream   whether a stream is asked for where a row does not say
    paths    where each kind of call goes: a pattern
    headers  whether requests have headers of their own
    """

    wire: str
    model: str
    stream: bool = True
    paths: Mapping[Kind, str] = field(default_factory=dict)
    headers: bool = False
    provider: Provider = PROVIDER

    def target(self, model: str | None = None, **fields: Any) -> Target:
        return Target(provider=self.provider, model=model or self.model, **fields)

    def write(
        self, body: Json, model: str | None = None, *, stream: bool | None = None, kind: Kind = "chat"
    ) -> Written:
        """What a request comes to."""
        stream = self.stream if stream is None else stream
        encoded = encode(WIRES[self.wire], self.target(model), body, stream=stream, kind=kind)
        assert re.fullmatch(self.paths.get(kind, ".*"), encoded.path)
        assert self.headers or not encoded.headers
        return Written(orjson.loads(encoded.content), encoded.dropped, encoded.path, dict(encoded.headers))

    def refused(
        self, body: Json, model: str | None = None, *, stream: bool | None = None, kind: Kind = "chat"
    ) -> tuple[str, str | None] | None:
        """Code and parameter of the error, None where it passes."""
        try:
            self.write(body, model, stream=stream, kind=kind)
        except ApiError as error:
            return error.code, error.param
        return None

    def decoder(self, what: Call, content_type: str, model: str | None = None) -> Decoder:
        """Who reads the reply to a call."""
        return WIRES[self.wire].decoder(what, what.body, self.target(model), content_type)

    def read(self, what: Call, content_type: str, pieces: list[bytes], model: str | None = None) -> Outcome:
        return follow_through(partial(self.decoder, what, content_type, model), pieces).outcome

    def reader(self, what: Call, content_type: str, model: str | None = None) -> Callable[[list[bytes]], Outcome]:
        """`read`, as a function of the pieces alone."""
        return lambda pieces: self.read(what, content_type, pieces, model)


OPENAI = Bench("openai", "up-1")
read, reader = OPENAI.read, OPENAI.reader


def sse(*events: Any, end: bytes = b"\n") -> bytes:
    """Events, named by their type where they have one; bytes are data as they are."""
    return b"".join(_named(event, end) + b"data: " + _data(event) + end * 2 for event in events)


def _named(event: Any, end: bytes) -> bytes:
    name = event.get("type") if isinstance(event, dict) else None
    return b"event: " + name.encode() + end if isinstance(name, str) else b""


def _data(event: Any) -> bytes:
    return event if isinstance(event, bytes) else orjson.dumps(event)


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
