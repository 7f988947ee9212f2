"""Items of the output while they come: which is which, and what of them went out already."""

from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_object, text_of


class Item:
    """An item of the output. `text` characters and `calls` tool calls came before it; `said`: the parts of it that
    went out as they came; `open`: it is a call that began to go out."""

    __slots__ = ("calls", "open", "said", "text")

    def __init__(self, text: int, calls: int) -> None:
        self.text = text
        self.calls = calls
        self.open = False
        self.said: set[Any] = set()


def place_of(event: Json) -> Any:
    """By which events of one item know each other: its place in the output, or where there is none its id."""
    index = event.get("output_index")
    if isinstance(index, int):
        return index
    identity = as_object(event.get("item", {"id": event.get("item_id")})).get("id")
    return identity if isinstance(identity, str) else None


def part_of(event: Json) -> int:
    """Of a message, which part a piece belongs to."""
    index = event.get("content_index")
    return index if isinstance(index, int) else 0


def call_id(item: Json) -> str:
    return text_of(item, "call_id") or text_of(item, "id")
