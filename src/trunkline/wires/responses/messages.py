"""The conversation: OpenAI's messages as input items.

Instructions stay messages, each where it stood: JSON mode looks for the word "json" in the input alone, and not every
server takes `instructions`.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_objects, as_text, each
from trunkline.wires.loss import Losses, invalid
from trunkline.wires.responses import reasoning
from trunkline.wires.responses.parts import content_of, written
from trunkline.wires.responses.reasoning import Mark
from trunkline.wires.turns import unknown

SPEAKERS = frozenset({"system", "developer", "user"})
LONGEST_ID = 64  # "string too long. Expected a string with maximum length 64"


def converse(messages: list[Json], issuer: str, losses: Losses) -> list[Json]:
    """Raises ApiError for content without a counterpart. `issuer`: whose reasoning may go back."""
    free = frozenset(str(call.get("id")) for message in messages for call in _calls(message) if _is_free(call))
    return [
        item for message, where in each(messages, "messages") for item in _items(message, where, free, issuer, losses)
    ]


def _items(message: Json, where: str, free: frozenset[str], issuer: str, losses: Losses) -> Iterator[Json]:
    role = message["role"]
    if message.get("name") and role != "tool":
        losses.add("messages", "trimmed")
    if role in SPEAKERS:
        if message.get("content") is not None:
            content = content_of(message["content"], f"{where}.content", losses)
            yield {"type": "message", "role": role, "content": content}
    elif role == "assistant":
        yield from _assistant(message, where, issuer, losses)
    elif role == "tool":
        identity = message.get("tool_call_id")
        kind = "custom_tool_call_output" if str(identity) in free else "function_call_output"
        output = content_of(message.get("content"), f"{where}.content", losses)
        yield {"type": kind, "call_id": call_id(identity), "output": output}
    else:
        raise unknown(role, where)


def _assistant(message: Json, where: str, issuer: str, losses: Losses) -> Iterator[Json]:
    text = written(message.get("content"), f"{where}.content") or as_text(message.get("refusal"))
    if message.get("audio") or message.get("images"):
        losses.add("messages", "trimmed")
    calls = [_call(call, at) for call, at in each(_calls(message), f"{where}.tool_calls")]
    marks, foreign = reasoning.marks(message.get("reasoning_details"), issuer)
    if foreign:
        losses.add("messages", "reasoning_left_out")
    return _laid_out(text, calls, marks)


def _laid_out(text: str, calls: list[Json], marks: list[Mark]) -> Iterator[Json]:
    """Reasoning where it stood: between two tool calls, between two texts, or before everything.

    OpenAI's own with nothing after it, as where an answer was cut off, is refused ("was provided without its required
    following item"); other vendors' models may end with it: https://github.com/continuedev/continue/issues/8933
    """
    told, made = 0, 0
    phase: str | None = None
    for mark in [*marks, Mark(len(text), len(calls))]:
        piece = text[told : mark.text]
        if piece:
            said: Json = {"type": "message", "role": "assistant", "content": piece}
            yield {**said, "phase": phase} if phase else said
        yield from calls[made : mark.calls]
        told, made, phase = max(told, mark.text), max(made, mark.calls), mark.phase or phase
        if mark.item and (told < len(text) or made < len(calls) or "format" in mark.item):
            yield mark.item


def _calls(message: Json) -> list[Json]:
    return as_objects(message.get("tool_calls"))


def _is_free(call: Json) -> bool:
    return isinstance(call.get("custom"), dict)


def _call(call: Json, where: str) -> Json:
    inner = call["custom"] if _is_free(call) else call.get("function")
    if not isinstance(inner, dict) or not isinstance(inner.get("name"), str):
        raise invalid(where, "a tool call needs a `function` with a `name`")
    common = {"call_id": call_id(call.get("id")), "name": inner["name"]}
    if _is_free(call):
        return {"type": "custom_tool_call", **common, "input": as_text(inner.get("input"))}
    return {"type": "function_call", **common, "arguments": as_text(inner.get("arguments")) or "{}"}


def call_id(given: Any) -> str:
    """The id, or for one that is too long a shorter one that is the same wherever this id stands."""
    text = as_text(given)
    if len(text) <= LONGEST_ID:
        return text
    return f"call_{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}"
