"""Requests written and replies read by the wire, as the tests' rows say them."""

from functools import partial
from typing import Any

import orjson

from tests.wires import support
from tests.wires.support import HI, JSON, SSE, Bench, Written, as_client, call
from trunkline.hub.completion import fold
from trunkline.types import Json
from trunkline.wires.asks import asked as asked_of
from trunkline.wires.gemini.dialect import Dialect
from trunkline.wires.gemini.request import write_request

OLD, BUDGET, LEVEL, NEWEST = "gemini-2.0-flash", "gemini-2.5-flash", "gemini-3-flash-preview", "gemini-3.8-flash"
SAID_HI: Json = {"role": "user", "parts": [{"text": "hi"}]}

BENCH = Bench("gemini", BUDGET, stream=False)
target, write, refused, read, reader = BENCH.target, BENCH.write, BENCH.refused, BENCH.read, BENCH.reader
sse = partial(support.sse, end=b"\r\n")  # as Google writes it


def written_for(dialect: Dialect, body: Json, model: str = LEVEL) -> Written:
    """The same at another of Google's places."""
    asks, losses = asked_of({"messages": [HI], **body}, target(model))
    request = write_request(call(body=body), asks, model, losses, dialect)
    return Written(orjson.loads(orjson.dumps(request)), losses.names, "", {})


def contents(*messages: Json, model: str = BUDGET) -> list[Json]:
    """What a conversation comes to."""
    found: list[Json] = write({"messages": list(messages)}, model).request["contents"]
    return found


def config(body: Json, model: str = BUDGET, *, stream: bool = False) -> Json:
    found: Json = write(body, model, stream=stream).request.get("generationConfig", {})
    return found


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
    return as_client(outcome.events)


def folded(*responses: Json, body: Json | None = None) -> Json:
    """The message that the chunks of a stream add up to."""
    found: Json = fold(streamed(*responses, body=body), None)["choices"][0]["message"]
    return found


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
