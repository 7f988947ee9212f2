"""Thinking blocks as `reasoning_details` and back: with tools they must return unmodified and in their place.

So must whatever else OpenAI's message has no word for, such as the calls of Anthropic's own tools and their results.
https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks
"""

from typing import Any

from trunkline.types import Json

FORMAT = "anthropic-claude-v1"  # OpenRouter's name for it, so that entries from there fit too
BLOCK = "message.block"


def detail(block: Json, index: int, text: int, calls: int) -> Json:
    """The entry of a thinking block, or of one without a counterpart; `text` characters and `calls` tool calls came
    before it, which OpenAI's message does not keep."""
    place = {"position": {"text": text, "calls": calls}} if text or calls else {}
    return {**_entry(block), "format": FORMAT, "index": index, **place}


def _entry(block: Json) -> Json:
    if block.get("type") == "redacted_thinking":
        return {"type": "reasoning.encrypted", "data": _text(block, "data")}
    if block.get("type") != "thinking":
        return {"type": BLOCK, "block": block}
    signature = {"signature": block["signature"]} if _text(block, "signature") else {}
    return {"type": "reasoning.text", "text": _text(block, "thinking"), **signature}


def blocks(details: Any) -> list[tuple[int, int, Json]]:
    """(text, calls, block) of each entry that came from here. One without a signature cannot go back, and none is
    ever made up; entries of other providers are nothing to Claude."""
    found = []
    for entry in details if isinstance(details, list) else ():
        if isinstance(entry, dict) and entry.get("format") == FORMAT:
            block = _block(entry)
            if block:
                place = entry.get("position")
                place = place if isinstance(place, dict) else {}
                found.append((_count(place.get("text")), _count(place.get("calls")), block))
    return found


def _block(entry: Json) -> Json | None:
    if entry.get("type") == "reasoning.encrypted" and isinstance(entry.get("data"), str):
        return {"type": "redacted_thinking", "data": entry["data"]}
    block = entry.get("block")
    if entry.get("type") == BLOCK and isinstance(block, dict) and isinstance(block.get("type"), str):
        return block
    if entry.get("type") == "reasoning.text" and _text(entry, "signature"):
        return {"type": "thinking", "thinking": _text(entry, "text"), "signature": entry["signature"]}
    return None


def _text(said: Json, name: str) -> str:
    value = said.get(name)
    return value if isinstance(value, str) else ""


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0
