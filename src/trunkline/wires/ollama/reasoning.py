"""Thinking as `reasoning_details` and back: plain text, which says who thought it.

https://docs.ollama.com/capabilities/thinking
"""

from trunkline.types import Json
from trunkline.wires.loss import Losses

FORMAT = "ollama-v1"
CARRIED = ("text", "summary", "data", "signature", "block")  # what an entry of another provider may hold


def detail(text: str) -> Json:
    """The entry of a piece of thinking."""
    return {"type": "reasoning.text", "text": text, "format": FORMAT, "index": 0}


def thinking(message: Json, losses: Losses) -> str:
    """What goes back: entries that came from here, else the reasoning of a message without any. What another provider
    thought means nothing to this model."""
    given = message.get("reasoning_details")
    entries = [entry for entry in given if isinstance(entry, dict)] if isinstance(given, list) else []
    if not entries:
        said = message.get("reasoning_content") or message.get("reasoning")
        return said if isinstance(said, str) else ""
    if any(entry.get("format") != FORMAT and any(entry.get(name) for name in CARRIED) for entry in entries):
        losses.add("messages", "trimmed")
    texts = (entry.get("text") for entry in entries if entry.get("format") == FORMAT)
    return "".join(text for text in texts if isinstance(text, str))
