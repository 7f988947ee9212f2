"""The calls of one candidate as OpenAI's pieces.

https://ai.google.dev/gemini-api/docs/function-calling: they come whole; Vertex, where it is asked to, tells their
arguments value by value, each under its JSON path:
https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling#streaming-fc
"""

import re
from itertools import pairwise
from typing import Any

import orjson

from trunkline.errors import Failure
from trunkline.types import Json
from trunkline.wires.fields import as_list, as_object
from trunkline.wires.tools import tool_call

STEP = re.compile(r"\.([^.\[]+)|\[(\d{1,4})\]|\['([^']*)'\]")
DEEPEST = 100
VALUES = ("stringValue", "numberValue", "boolValue")


class Calling:
    """`prefix` begins the ids of calls that have none; `custom`: names of the tools whose calls are free text."""

    __slots__ = ("_args", "_custom", "_identity", "_name", "_prefix", "count")

    def __init__(self, prefix: str, custom: frozenset[str]) -> None:
        self._prefix = prefix
        self._custom = custom
        self._name: str | None = None
        self._identity = ""
        self._args: Json = {}
        self.count = 0

    def take(self, call: Json) -> tuple[str, list[Json]]:
        """The call's id, and the pieces that this comes to. Raises Failure."""
        name, pieces = call.get("name"), []
        if isinstance(name, str) and name:
            pieces = self.close()
            given = call.get("id")
            self._name = name
            self._identity = given if isinstance(given, str) and given else f"{self._prefix}{self.count}"
            self.count += 1
            # It opens, then says its arguments: some clients read them only after its opening.
            pieces += [] if name in self._custom else [self._piece({"name": name, "arguments": ""}, opens=True)]
        elif not self.count:
            raise Failure("invalid_response", "a call of the answer has no name")
        if isinstance(call.get("args"), dict):
            self._args |= call["args"]
        for value in as_list(call.get("partialArgs")):
            _put(self._args, value)
        return self._identity, pieces if call.get("willContinue") is True else [*pieces, *self.close()]

    def close(self) -> list[Json]:
        """What is left to say of the call that is open."""
        name, args = self._name, self._args
        if name is None:
            return []
        self._name, self._args = None, {}
        said = orjson.dumps(args).decode()
        if name in self._custom:
            return [{"index": self.count - 1, **tool_call(self._identity, name, said, self._custom)}]
        return [self._piece({"arguments": said})]

    def _piece(self, function: Json, *, opens: bool = False) -> Json:
        opening = {"id": self._identity, "type": "function"} if opens else {}
        return {"index": self.count - 1, **opening, "function": function}


def _put(args: Json, told: Any) -> None:
    """One value, or the next piece of a text, where its path says."""
    told = as_object(told)
    steps = [int(place) if place else key or quoted for key, place, quoted in STEP.findall(str(told.get("jsonPath")))]
    value = next((told[name] for name in VALUES if name in told), None)
    if not 0 < len(steps) <= DEEPEST:
        raise Failure("invalid_response", "an argument of a call is told under a path that leads nowhere")
    node: Any = args
    for step, following in pairwise(steps):
        node = _at(node, step, [] if isinstance(following, int) else {})
    before = _at(node, steps[-1], None)
    if isinstance(before, str) and isinstance(value, str):
        value = before + value
    node[steps[-1]] = value


def _at(node: Any, step: Any, otherwise: Any) -> Any:
    """What stands there; `otherwise` is put there first where nothing does. Raises Failure."""
    if isinstance(node, dict) and isinstance(step, str):
        if node.get(step) is None:
            node[step] = otherwise
    elif isinstance(node, list) and isinstance(step, int) and step <= len(node):
        if step == len(node):
            node.append(otherwise)
    else:
        raise Failure("invalid_response", "an argument of a call is told under a path that leads nowhere")
    return node[step]
