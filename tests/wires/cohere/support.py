"""Requests written and replies read by the wire, as the tests' rows say them."""

from typing import Any

from tests.wires.support import Bench
from trunkline.types import Json

PLAIN, THINKS, SEES, OLD = (
    "command-a-03-2025",
    "command-a-plus-05-2026",
    "command-a-vision-07-2025",
    "command-r-08-2024",
)

BENCH = Bench("cohere", PLAIN, paths={"chat": "/v2/chat", "embeddings": "/v2/embed"})
target, write, refused, read, reader = BENCH.target, BENCH.write, BENCH.refused, BENCH.read, BENCH.reader


def turns(*messages: Json, model: str = PLAIN, **body: Any) -> list[Json]:
    """What a conversation comes to."""
    found: list[Json] = write({"messages": list(messages), **body}, model).request["messages"]
    return found


def said(kind: str, index: int | None = None, **message: Any) -> Json:
    """An event about the message."""
    place = {} if index is None else {"index": index}
    return {"type": kind, **place, "delta": {"message": message}}


START: Json = {
    **said("message-start", role="assistant", content=[], tool_plan="", tool_calls=[], citations=[]),
    "id": "uuid-1",
}


def text(piece: str, index: int = 0, **more: Any) -> Json:
    return {**said("content-delta", index, content={"text": piece}), **more}


def thought(piece: str, index: int = 0) -> Json:
    return said("content-delta", index, content={"thinking": piece})


def opens(kind: str, index: int = 0, already: str = "") -> Json:
    return said("content-start", index, content={"type": kind, kind: already})


def closes(index: int = 0) -> Json:
    return {"type": "content-end", "index": index}


def planned(piece: str) -> Json:
    return said("tool-plan-delta", tool_plan=piece)


def calls(name: str = "f", identity: str = "f_1", index: int = 0, arguments: Any = "") -> Json:
    function = {"name": name, "arguments": arguments}
    return said("tool-call-start", index, tool_calls={"id": identity, "type": "function", "function": function})


def argues(piece: Any, index: int = 0) -> Json:
    return said("tool-call-delta", index, tool_calls={"function": {"arguments": piece}})


def called(index: int = 0) -> Json:
    return {"type": "tool-call-end", "index": index}


def cites(citation: Json) -> Json:
    return said("citation-start", 0, citations=citation)


USAGE: Json = {
    "billed_units": {"input_tokens": 8.0, "output_tokens": 5.0},
    "tokens": {"input_tokens": 503.0, "output_tokens": 7.0},
    "cached_tokens": 448.0,
}


def ends(reason: str | None = "COMPLETE", usage: Json | None = USAGE, **more: Any) -> Json:
    return {"type": "message-end", "delta": {"finish_reason": reason, "usage": usage, **more}}
