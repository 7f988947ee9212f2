"""Thinking and tool plans as `reasoning_details` and back.

https://docs.cohere.com/docs/reasoning and https://docs.cohere.com/v2/docs/tool-use-overview: both stand in the
assistant's message, as blocks of its content and as `tool_plan`, and belong to the next turn's history.
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_objects, as_text
from trunkline.wires.reasoning import is_foreign

FORMAT = "cohere-v2"
PLAN = "tool_plan"


def thought(text: str, index: Any) -> Json:
    """The entry of a thinking block, or of a piece of it."""
    return {"type": "reasoning.text", "text": text, "format": FORMAT, "index": index}


def plan(text: str) -> Json:
    """The entry of a tool plan, or of a piece of it."""
    return {"type": "reasoning.text", "text": text, "format": FORMAT, "index": PLAN, "part": PLAN}


def recalled(message: Json) -> tuple[str, list[str], bool]:
    """What an assistant's message brings back: its tool plan, its thoughts, and whether there was reasoning of another
    vendor, which is nothing to Cohere.

    A plan without an entry of its own is whatever a client kept of it, which is often the text alone.
    """
    entries = as_objects(message.get("reasoning_details"))
    ours = [entry for entry in entries if entry.get("format") == FORMAT and isinstance(entry.get("text"), str)]
    told = "".join(entry["text"] for entry in ours if entry.get("part") == PLAN)
    thoughts = [entry["text"] for entry in ours if entry.get("part") != PLAN and entry["text"]]
    if not entries and message.get("tool_calls"):
        told = as_text(message.get("reasoning_content")) or as_text(message.get("reasoning"))
    return told, thoughts, any(is_foreign(entry, FORMAT) for entry in entries)
