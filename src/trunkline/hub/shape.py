"""What must be of one type for a client to read it at all: checked where an answer comes in, so that whatever a
provider sends is either an answer or a Failure."""

from typing import Any

import orjson

from trunkline.errors import Failure
from trunkline.types import Json

Kinds = dict[str, type]

# Of a message and of a stream's delta; null stands for absence everywhere.
SAID: Kinds = {
    "content": str,
    "reasoning_content": str,
    "refusal": str,
    "audio": dict,
    "function_call": dict,
    "annotations": list,
}
CHOICE: Kinds = {"logprobs": dict}

LATEST = 2**53  # Unix seconds that every JSON reader can hold


def require(fields: Json, kinds: Kinds) -> None:
    """Raises Failure(invalid_response) where a field is of another type."""
    for name, value in fields.items():
        kind = kinds.get(name)
        if kind is not None and value is not None and not isinstance(value, kind):
            raise Failure("invalid_response", f"`{name}` of the answer is {_a(value)}, not {_a(kind())}")


def _a(value: Any) -> str:
    names = {str: "a string", dict: "an object", list: "an array", bool: "a boolean"}
    return names.get(type(value), "a number")


def text_or(value: Any, otherwise: str) -> str:
    return value if isinstance(value, str) and value else otherwise


def seconds_or(value: Any, otherwise: int) -> int:
    """A creation time as whole Unix seconds."""
    fits = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < LATEST
    return int(value) if fits else otherwise


def arguments(value: Any) -> str:
    """Tool arguments as JSON text; some servers send the object itself."""
    if isinstance(value, str):
        return value
    return "" if value is None else orjson.dumps(value).decode()


def mend_reasoning(said: Json) -> None:
    """Reasoning under its other name goes out as `reasoning_content`."""
    if "reasoning" in said:
        other = said.pop("reasoning")
        if isinstance(other, str) and not said.get("reasoning_content"):
            said["reasoning_content"] = other
