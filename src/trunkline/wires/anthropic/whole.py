"""A whole message as a completion."""

from typing import Any

from trunkline.errors import Failure
from trunkline.types import Json
from trunkline.wires import tell
from trunkline.wires.anthropic import reasoning
from trunkline.wires.anthropic.answers import THINKING, annotations, finish_reason, paused, refusal, usage
from trunkline.wires.fields import dumps, text_of
from trunkline.wires.tools import tool_call


def completion(message: Json, custom: frozenset[str]) -> Json:
    """`custom`: names of the tools whose calls are free text. Raises Failure where there is no answer in it."""
    blocks = message.get("content")
    if not isinstance(blocks, list):
        raise Failure("invalid_response", "the answer has no content")
    said = _said(blocks, custom)
    why = refusal(message.get("stop_details"))
    if why and message.get("stop_reason") == "refusal":
        said["refusal"] = why
    finish = finish_reason(message.get("stop_reason"), called="tool_calls" in said)
    told = tell.completion(said, finish, usage(message.get("usage")))
    told["choices"][0] |= paused(message.get("stop_reason"))
    return {"id": message.get("id"), "model": message.get("model"), **told}


def _said(blocks: list[Any], custom: frozenset[str]) -> Json:
    """Blocks of Anthropic's own tools are kept aside: a client could not answer such a call."""
    text, thinking = "", ""
    calls: list[Json] = []
    details: list[Json] = []
    notes: list[Json] = []
    for block in blocks:
        kind = block.get("type") if isinstance(block, dict) else None
        if kind == "text":
            piece = text_of(block, "text")
            notes += annotations(block.get("citations"), len(text), len(text) + len(piece))
            text += piece
        elif kind in THINKING:
            thinking += text_of(block, "thinking") if kind == "thinking" else ""
            details.append(reasoning.detail(block, len(details), len(text), len(calls)))
        elif kind == "tool_use":
            calls.append(tool_call(text_of(block, "id"), text_of(block, "name"), dumps(block.get("input")), custom))
        elif isinstance(kind, str):
            details.append(reasoning.detail(block, len(details), len(text), len(calls)))
    return tell.message(
        text, reasoning_content=thinking, reasoning_details=details, annotations=notes, tool_calls=calls
    )
