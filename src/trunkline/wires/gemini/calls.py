"""Calls of functions and what came of them, as parts.

https://ai.google.dev/gemini-api/docs/function-calling
"""

from typing import Any

from trunkline.hub.text import read_json
from trunkline.types import Json
from trunkline.wires.fields import as_text
from trunkline.wires.gemini.parts import Scope, parts_of
from trunkline.wires.gemini.reasoning import Signatures, signature_of_call
from trunkline.wires.loss import invalid, unsupported
from trunkline.wires.tools import read_call


class Called:
    """The calls so far: a result names its function, which OpenAI leaves to the id."""

    __slots__ = ("_names",)

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def note(self, identity: str, name: str) -> None:
        self._names.pop(identity, None)  # a later call of the same id is the one that is meant
        self._names[identity] = name

    def name(self, identity: Any) -> str | None:
        return self._names.get(identity) if isinstance(identity, str) else None

    def in_order(self, results: list[Json]) -> list[Json]:
        """Results in the order of their calls: models that give no ids go by it."""
        order = {identity: place for place, identity in enumerate(self._names)}
        return sorted(results, key=lambda part: order.get(part["functionResponse"].get("id", ""), len(order)))


def function_call(call: Any, where: str, found: Signatures, called: Called) -> Json:
    """The part of one tool call, with its signature where there is one. Raises ApiError."""
    name, args = read_call(call, where)
    identity = as_text(call.get("id"))
    called.note(identity, name)
    signature = signature_of_call(call, found)
    told = {**({"id": identity} if identity else {}), "name": name, "args": args}
    return {"functionCall": told, **({"thoughtSignature": signature} if signature else {})}


def function_response(message: Json, where: str, called: Called, scope: Scope) -> Json:
    """The part of one tool message; pictures go beside the response. Raises ApiError."""
    identity = message.get("tool_call_id")
    name = called.name(identity) or message.get("name")
    if not isinstance(name, str) or not name:
        raise invalid(f"{where}.tool_call_id", "is the id of no tool call before it")
    parts = parts_of(message.get("content"), f"{where}.content", scope)
    text = "".join(part["text"] for part in parts if "text" in part)
    beside = [{name: part[name]} for part in parts for name in ("inlineData", "fileData") if name in part]
    if beside and not scope.rules.rich:
        why = f"`{where}`: this model takes text alone from a tool; ask for Gemini 3 or later."
        raise unsupported(f"{where}.content", why)
    return {
        "functionResponse": {
            **({"id": identity} if isinstance(identity, str) and identity else {}),
            "name": name,
            "response": {"error": text} if message.get("is_error") is True else _response(text),
            **({"parts": beside} if beside else {}),
        }
    }


def _response(text: str) -> Json:
    """An object as it is; anything else under the key that Gemini reads as output."""
    try:
        said = read_json(text)
    except ValueError:
        return {"output": text}
    return said if isinstance(said, dict) else {"output": text}
