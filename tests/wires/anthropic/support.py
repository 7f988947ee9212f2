"""Requests written and replies read by the wire, as the tests' rows say them."""

from typing import Any

from tests.wires.support import HI, Bench
from trunkline.types import Json

ADAPTIVE, BUDGET, NEWEST, OLDEST = "claude-opus-4-6", "claude-sonnet-4-5", "claude-opus-5-5", "claude-3-5-haiku-latest"
SAID_HI: Json = {"role": "user", "content": [{"type": "text", "text": "hi"}]}

BENCH = Bench("anthropic", ADAPTIVE, paths={"chat": "/v1/messages"}, headers=True)
target, write, refused, read, reader = BENCH.target, BENCH.write, BENCH.refused, BENCH.read, BENCH.reader


def turns(*messages: Json, model: str = ADAPTIVE) -> list[Json]:
    """What a conversation comes to. One that ends with the assistant is gone on with, as newer models want it."""
    ends = messages[-1]["role"] == "assistant"
    found: list[Json] = write({"messages": [*messages, *([HI] if ends else [])]}, model).request["messages"]
    return found[:-1] if ends else found


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
