"""`reasoning_details` as a message brings them back: whose they are, and where in the answer they stood."""

from typing import Any

from trunkline.hub.usage import count
from trunkline.types import Json
from trunkline.wires.fields import as_object

CARRIED = ("text", "summary", "data", "signature", "block")  # what an entry may hold, whoever wrote it


def is_foreign(entry: Json, form: str) -> bool:
    """It is of another vendor than the one of this format, and says something: nothing to him."""
    return entry.get("format") != form and any(entry.get(name) for name in CARRIED)


def position(text: int, calls: int) -> Json:
    """Of an entry before which stood `text` characters and `calls` tool calls, which OpenAI's message does not keep."""
    return {"position": {"text": text, "calls": calls}} if text or calls else {}


def placed(entry: Any) -> tuple[int, int]:
    """(text, calls) of its position."""
    place = as_object(as_object(entry).get("position"))
    return count(place.get("text")), count(place.get("calls"))
