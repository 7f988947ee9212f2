"""Thinking blocks as `reasoning_details` and back: with tools they must return unmodified and in their place.

So must whatever else OpenAI's message has no word for, such as the calls of Anthropic's own tools and their results.
https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_objects, as_text
from trunkline.wires.reasoning import placed, position

FORMAT = "anthropic-claude-v1"  # OpenRouter's name for it, so that entries from there fit too
BLOCK = "message.block"


def detail(block: Json, index: int, text: int, calls: int) -> Json:
    """The entry of a thinking block, or of one without a counterpart; `text` characters and `calls` tool calls came
    before it, which OpenAI's message does not keep."""
    return {**_entry(block), "format": FORMAT, "index": index, **position(text, calls)}


def _entry(block: Json) -> Json:
    if block.get("type") == "redacted_thinking":
        return {"type": "reasoning.encrypted", "data": as_text(block.get("data"))}
    if block.get("type") != "thinking":
        return {"type": BLOCK, "block": block}
    signature = {"signature": block["signature"]} if as_text(block.get("signature")) else {}
    return {"type": "reasoning.text", "text": as_text(block.get("thinking")), **signature}


def blocks(details: Any) -> list[tuple[int, int, Json]]:
    """(text, calls, block) of each entry that came from here. One without a signature cannot go back, and none is
    ever made up; entries of other providers are nothing to Claude."""
    own = (entry for entry in as_objects(details) if entry.get("format") == FORMAT)
    return [(*placed(entry), block) for entry in own if (block := _block(entry))]


def _block(entry: Json) -> Json | None:
    if entry.get("type") == "reasoning.encrypted" and isinstance(entry.get("data"), str):
        return {"type": "redacted_thinking", "data": entry["data"]}
    block = entry.get("block")
    if entry.get("type") == BLOCK and isinstance(block, dict) and isinstance(block.get("type"), str):
        return block
    if entry.get("type") == "reasoning.text" and as_text(entry.get("signature")):
        return {"type": "thinking", "thinking": as_text(entry.get("text")), "signature": entry["signature"]}
    return None
