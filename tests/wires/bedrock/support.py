"""Requests written and replies read by the wire, as the tests' rows say them."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import orjson

from tests.wires.bedrock.frames import event
from tests.wires.support import PROVIDER, Outcome, call
from trunkline.errors import ApiError, Failure
from trunkline.ports import PING
from trunkline.types import Call, Json, Target
from trunkline.wires import bedrock

FRAMES = "application/vnd.amazon.eventstream"

CLAUDE, NEWEST = "us.anthropic.claude-sonnet-4-6", "anthropic.claude-opus-5-5"
PREFILLED = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"  # takes a last message of the assistant
BUDGET, OLD = "us.anthropic.claude-3-7-sonnet-20250219-v1:0", "anthropic.claude-3-haiku-20240307-v1:0"
NOVA, NOVA_2 = "us.amazon.nova-lite-v1:0", "us.amazon.nova-2-lite-v1:0"
LLAMA, GPT_OSS, MISTRAL = (
    "us.meta.llama3-3-70b-instruct-v1:0",
    "openai.gpt-oss-120b-1:0",
    "mistral.mistral-large-2407-v1:0",
)
TITAN, MINE = "amazon.titan-text-express-v1", "arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/x"

HI: Json = {"role": "user", "content": "hi"}
SAID_HI: Json = {"role": "user", "content": [{"text": "hi"}]}
PNG = "data:image/png;base64,iVBORw0KGgo="
PDF = "data:application/pdf;base64,JVBERi0="
F: Json = {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}


def target(model: str = CLAUDE) -> Target:
    return Target(provider=PROVIDER, model=model)


class Written(NamedTuple):
    request: Json
    dropped: tuple[str, ...]
    path: str
    headers: Json


def write(body: Json, model: str = CLAUDE, *, stream: bool = True) -> Written:
    """What a request comes to. The wire must leave its input as it was."""
    body = {"messages": [HI], **body}
    before = deepcopy(body)
    encoded = bedrock.encode(call(stream=stream, body=body), body, target(model))
    assert body == before
    return Written(orjson.loads(encoded.content), encoded.dropped, encoded.path, dict(encoded.headers))


def asked(body: Json, model: str = CLAUDE) -> Json:
    """The request beside its messages."""
    return {name: value for name, value in write(body, model).request.items() if name != "messages"}


def turns(*messages: Json, model: str = PREFILLED) -> list[Json]:
    """What a conversation comes to."""
    found: list[Json] = write({"messages": list(messages)}, model).request["messages"]
    return found


def refused(body: Json, model: str = CLAUDE) -> tuple[str, str | None] | None:
    """Code and parameter of the error, None where it passes."""
    try:
        write(body, model)
    except ApiError as error:
        return error.code, error.param
    return None


def read(what: Call, content_type: str, pieces: list[bytes], model: str = CLAUDE) -> Outcome:
    """Fed until it is done, else closed, as an attempt does it; with the events that came before a failure."""
    events: list[Any] = []

    def take(batch: Iterator[Json]) -> None:
        for told in batch:  # one by one: a failure comes after the events before it
            events.append("ping" if told is PING else deepcopy(told))  # noqa: PERF401 - extend would keep none of them

    decoder = None
    try:
        decoder = bedrock.decoder(what, what.body, target(model), content_type)
        for piece in pieces:
            take(decoder.feed(piece))
            if decoder.done:
                return Outcome(events, None, decoder.done)
        take(decoder.close())
    except Failure as failure:
        return Outcome(events, (failure.kind, failure.words, failure.code), bool(decoder and decoder.done))
    return Outcome(events, None, decoder.done)


def reader(what: Call, content_type: str, model: str = CLAUDE) -> Callable[[list[bytes]], Outcome]:
    return lambda pieces: read(what, content_type, pieces, model)


def frames(*events: tuple[str, Any]) -> bytes:
    return b"".join(event(name, payload) for name, payload in events)


START = ("messageStart", {"role": "assistant"})


def text(words: str, index: int = 0) -> tuple[str, Json]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"text": words}}


def opened(index: int, identity: str = "t1", name: str = "f", **more: Any) -> tuple[str, Json]:
    use = {"toolUseId": identity, "name": name, **more}
    return "contentBlockStart", {"contentBlockIndex": index, "start": {"toolUse": use}}


def argued(index: int, piece: str) -> tuple[str, Json]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"toolUse": {"input": piece}}}


def thought(index: int, **content: str) -> tuple[str, Json]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"reasoningContent": content}}


def cited(index: int, **citation: Any) -> tuple[str, Json]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"citation": citation}}


def closed(index: int) -> tuple[str, Json]:
    return "contentBlockStop", {"contentBlockIndex": index}


def ended(reason: str = "end_turn", **more: Any) -> tuple[str, Json]:
    return "messageStop", {"stopReason": reason, **more}


def counted(**usage: Any) -> tuple[str, Json]:
    told = {"usage": {"inputTokens": 3, "outputTokens": 4, "totalTokens": 7, **usage}, "metrics": {"latencyMs": 1}}
    return "metadata", told
