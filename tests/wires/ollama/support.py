"""Requests written and replies read by the wire, as the tests' rows say them."""

from typing import Any

import orjson

from tests.wires.support import Bench
from trunkline.types import Json

NDJSON = "application/x-ndjson"
LEVELS, SWITCH, NEVER, UNKNOWN = "gpt-oss:20b", "qwen3:4b", "llama3.2", "newest:1b"

BENCH = Bench("ollama", UNKNOWN, paths={"chat": "/api/chat", "embeddings": "/api/embed"})
target, write, refused, read, reader = BENCH.target, BENCH.write, BENCH.refused, BENCH.read, BENCH.reader


def told(*messages: Json) -> list[Json]:
    """What a conversation comes to."""
    found: list[Json] = write({"messages": list(messages)}).request["messages"]
    return found


def lines(*objects: Any) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in objects)


def line(content: str = "", **message: Any) -> Json:
    """One line of a stream; `message` are further members of its message."""
    return {"model": "m", "message": {"role": "assistant", "content": content, **message}, "done": False}


def end(reason: str | None = "stop", **rest: Any) -> Json:
    why = {} if reason is None else {"done_reason": reason}
    return {"model": "m", "message": {"role": "assistant", "content": ""}, "done": True, **why, **rest}


def tool_call(name: str = "f", identity: str | None = None, **arguments: Any) -> Json:
    said = {"function": {"index": 0, "name": name, "arguments": arguments}}
    return {"id": identity, **said} if identity else said
