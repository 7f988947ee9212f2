"""Requests written and replies read by the wire, as the tests' rows say them."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import orjson

from tests.wires.support import PROVIDER, Outcome, call
from trunkline.errors import ApiError, Failure
from trunkline.ports import PING
from trunkline.types import Call, Json, Target
from trunkline.wires import anthropic

ADAPTIVE, BUDGET, NEWEST, OLDEST = "claude-opus-4-6", "claude-sonnet-4-5", "claude-opus-5-5", "claude-3-5-haiku-latest"
HI: Json = {"role": "user", "content": "hi"}
SAID_HI: Json = {"role": "user", "content": [{"type": "text", "text": "hi"}]}


def target(model: str = ADAPTIVE) -> Target:
    return Target(provider=PROVIDER, model=model)


class Written(NamedTuple):
    request: Json
    dropped: tuple[str, ...]
    headers: Json


def write(body: Json, model: str = ADAPTIVE, *, stream: bool = True) -> Written:
    """What a request comes to. The wire must leave its input as it was."""
    body = {"messages": [HI], **body}
    before = deepcopy(body)
    encoded = anthropic.encode(call(stream=stream, body=body), body, target(model))
    assert body == before
    assert encoded.path == "/v1/messages"
    return Written(orjson.loads(encoded.content), encoded.dropped, dict(encoded.headers))


def turns(*messages: Json, model: str = ADAPTIVE) -> list[Json]:
    """What a conversation comes to. One that ends with the assistant is gone on with, as newer models want it."""
    ends = messages[-1]["role"] == "assistant"
    found: list[Json] = write({"messages": [*messages, *([HI] if ends else [])]}, model).request["messages"]
    return found[:-1] if ends else found


def refused(body: Json, model: str = ADAPTIVE) -> tuple[str, str | None] | None:
    """Code and parameter of the error, None where it passes."""
    try:
        write(body, model)
    except ApiError as error:
        return error.code, error.param
    return None


def read(what: Call, content_type: str, pieces: list[bytes]) -> Outcome:
    """Fed until it is done, else closed, as an attempt does it; with the events that came before a failure."""
    events: list[Any] = []

    def take(batch: Iterator[Json]) -> None:
        for event in batch:  # one by one: a failure comes after the events before it
            events.append("ping" if event is PING else deepcopy(event))  # noqa: PERF401 - extend would keep none of them

    decoder = None
    try:
        decoder = anthropic.decoder(what, what.body, target(), content_type)
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


def sse(*events: Json) -> bytes:
    """Events as Anthropic writes them; bytes are data as they are."""
    return b"".join(b"event: %b\ndata: %b\n\n" % (event["type"].encode(), orjson.dumps(event)) for event in events)


def message_start(**usage: Any) -> Json:
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": []}
    return {"type": "message_start", "message": {**message, "stop_reason": None, "usage": usage}}


def start(index: int, block: Json) -> Json:
    return {"type": "content_block_start", "index": index, "content_block": block}


def delta(index: int, **delta: Any) -> Json:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def stop(index: int) -> Json:
    return {"type": "content_block_stop", "index": index}


def message_delta(stop_reason: str | None, usage: Json | None = None, **rest: Any) -> Json:
    return {"type": "message_delta", "delta": {"stop_reason": stop_reason, **rest}, "usage": usage or {}}


def kept(block: Json, index: int = 0, **place: Any) -> Json:
    """The entry of a block that OpenAI has no word for."""
    return {"type": "message.block", "block": block, "format": "anthropic-claude-v1", "index": index, **place}


MESSAGE_STOP: Json = {"type": "message_stop"}
TEXT: Json = {"type": "text", "text": ""}


def tool_use(identity: str = "toolu_1", name: str = "f", **input_: Any) -> Json:
    return {"type": "tool_use", "id": identity, "name": name, "input": input_}
