"""Requests written and replies read by the wire, as the tests' rows say them."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import orjson

from tests.wires.support import JSON, PROVIDER, SSE, Outcome, call
from trunkline.errors import ApiError, Failure
from trunkline.hub.chunks import ChunkStream
from trunkline.hub.completion import fold
from trunkline.ports import PING
from trunkline.types import Call, Json, Kind, Target
from trunkline.wires import gemini
from trunkline.wires.gemini.dialect import Dialect
from trunkline.wires.gemini.request import narrowed, write_request

OLD, BUDGET, LEVEL, NEWEST = "gemini-2.0-flash", "gemini-2.5-flash", "gemini-3-flash-preview", "gemini-3.8-flash"
HI: Json = {"role": "user", "content": "hi"}
SAID_HI: Json = {"role": "user", "parts": [{"text": "hi"}]}


def target(model: str = BUDGET) -> Target:
    return Target(provider=PROVIDER, model=model)


class Written(NamedTuple):
    request: Json
    dropped: tuple[str, ...]
    path: str


def write(body: Json, model: str = BUDGET, *, stream: bool = False, kind: Kind = "chat") -> Written:
    """What a request comes to. The wire must leave its input as it was."""
    body = {"messages": [HI], **body} if kind == "chat" else body
    before = deepcopy(body)
    encoded = gemini.encode(call(kind, stream=stream, body=body), body, target(model))
    assert body == before
    assert encoded.headers == {}
    return Written(orjson.loads(encoded.content), encoded.dropped, encoded.path)


def written_for(dialect: Dialect, body: Json, model: str = LEVEL) -> Written:
    """The same at another of Google's places."""
    asks, losses = narrowed({"messages": [HI], **body}, target(model))
    request = write_request(call(body=body), asks, model, losses, dialect)
    return Written(orjson.loads(orjson.dumps(request)), losses.names, "")


def contents(*messages: Json, model: str = BUDGET) -> list[Json]:
    """What a conversation comes to."""
    found: list[Json] = write({"messages": list(messages)}, model).request["contents"]
    return found


def config(body: Json, model: str = BUDGET, *, stream: bool = False) -> Json:
    found: Json = write(body, model, stream=stream).request.get("generationConfig", {})
    return found


def refused(body: Json, model: str = BUDGET, *, stream: bool = False, kind: Kind = "chat") -> Any:
    """Code and parameter of the error, None where it passes."""
    try:
        write(body, model, stream=stream, kind=kind)
    except ApiError as error:
        return error.code, error.param
    return None


def read(what: Call, content_type: str, pieces: list[bytes], model: str = BUDGET) -> Outcome:
    """Fed until it is done, else closed, as an attempt does it; with the events that came before a failure."""
    events: list[Any] = []

    def take(batch: Iterator[Json]) -> None:
        for event in batch:  # one by one: a failure comes after the events before it
            events.append("ping" if event is PING else deepcopy(event))  # noqa: PERF401 - extend would keep none of them

    decoder = None
    try:
        decoder = gemini.decoder(what, what.body, target(model), content_type)
        for piece in pieces:
            take(decoder.feed(piece))
            if decoder.done:
                return Outcome(events, None, decoder.done)
        take(decoder.close())
    except Failure as failure:
        return Outcome(events, (failure.kind, failure.words, failure.code), bool(decoder and decoder.done))
    return Outcome(events, None, decoder.done)


def reader(what: Call, content_type: str) -> Callable[[list[bytes]], Outcome]:
    return lambda pieces: read(what, content_type, pieces)


def whole(answer: Json, body: Json | None = None) -> Json:
    """The completion that a whole answer comes to."""
    outcome = read(call(body=body), JSON, [orjson.dumps(answer)])
    assert outcome.failed is None, outcome.failed
    (completion,) = outcome.events
    return dict(completion)


def message(answer: Json, body: Json | None = None) -> Json:
    found: Json = whole(answer, body)["choices"][0]["message"]
    return found


def failed(answer: Json) -> Any:
    """Class, words and code of the failure that a whole answer is."""
    return read(call(), JSON, [orjson.dumps(answer)]).failed


def streamed(*responses: Json, body: Json | None = None) -> list[Json]:
    """The chunks that a stream comes to, as the client gets them."""
    outcome = read(call(stream=True, body=body), SSE, [sse(*responses)])
    assert outcome.failed is None, outcome.failed
    law = ChunkStream("req-0123456789ab", 42, "up-1")
    return [told for event in outcome.events for told in law.conform(event)]


def folded(*responses: Json, body: Json | None = None) -> Json:
    """The message that the chunks of a stream add up to."""
    found: Json = fold(streamed(*responses, body=body), None)["choices"][0]["message"]
    return found


def sse(*responses: Any) -> bytes:
    """Events as Google writes them, with CRLF."""
    return b"".join(b"data: %b\r\n\r\n" % orjson.dumps(response) for response in responses)


def said(*parts: Json, finish: str | None = "STOP", **candidate: Any) -> Json:
    """A response of these parts."""
    ended = {"finishReason": finish} if finish else {}
    content = {"content": {"role": "model", "parts": list(parts)}}
    return {"candidates": [{"index": 0, **content, **ended, **candidate}], "responseId": "R1", "modelVersion": "g-1"}


def function_call(name: str = "f", identity: str | None = None, signature: str | None = None, **args: Any) -> Json:
    """The part of a call."""
    told = {**({"id": identity} if identity else {}), "name": name, **({"args": args} if args else {})}
    return {"functionCall": told, **({"thoughtSignature": signature} if signature else {})}


def tool_call(identity: str = "1", name: str = "f", arguments: str = "{}", signature: str | None = None) -> Json:
    """OpenAI's form of it."""
    extra = {"extra_content": {"google": {"thought_signature": signature}}} if signature else {}
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}, **extra}


def assistant(*calls: Json, content: str | None = None, **more: Any) -> Json:
    return {"role": "assistant", "content": content, **({"tool_calls": list(calls)} if calls else {}), **more}


def result(identity: str = "1", content: Any = "r", **more: Any) -> Json:
    return {"role": "tool", "tool_call_id": identity, "content": content, **more}


def function(name: str = "f", **more: Any) -> Json:
    """A tool of the client's."""
    return {"type": "function", "function": {"name": name, **more}}
