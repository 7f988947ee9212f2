"""Thinking as `reasoning_details` and back: plain text, which says who thought it.

https://docs.ollama.com/capabilities/thinking
"""

from trunkline.types import Json
from trunkline.wires.fields import as_objects, as_text
from trunkline.wires.loss import Losses
from trunkline.wires.reasoning import is_foreign

FORMAT = "ollama-v1"


def detail(text: str) -> Json:
    """The entry of a piece of thinking."""
    return {"type": "reasoning.text", "text": text, "format": FORMAT, "index": 0}


def thinking(message: Json, losses: Losses) -> str:
    """What goes back: entries that came from here, else the reasoning of a message without any. What another provider
    thought means nothing to this model."""
    entries = as_objects(message.get("reasoning_details"))
    if not entries:
        return as_text(message.get("reasoning_content") or message.get("reasoning"))
    if any(is_foreign(entry, FORMAT) for entry in entries):
        losses.add("messages", "trimmed")
    return "".join(as_text(entry.get("text")) for entry in entries if entry.get("format") == FORMAT)
