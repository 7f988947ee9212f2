"""Tool names, and Cohere's for them: letters, digits and `_` alone, no digit first.

https://docs.cohere.com/v2/reference/errors: "tool names can only contain certain characters (A-Za-z0-9_) and can't
begin with a digit". OpenAI allows `-`, and MCP servers like it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from trunkline.types import Json
from trunkline.wires.fields import as_objects
from trunkline.wires.tools import custom_names, tool_name

LEGAL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
FOREIGN = re.compile(r"[^A-Za-z0-9_]")


@dataclass(frozen=True, slots=True)
class Names:
    """`theirs`: by the client's names; `ours`: by Cohere's; `custom`: tools whose calls are free text, by the
    client's names."""

    theirs: Mapping[str, str]
    ours: Mapping[str, str]
    custom: frozenset[str]


def names_of(body: Json) -> Names:
    """Of all tools that a request defines or has called; the same wherever the request is looked at."""
    found = dict.fromkeys(name for tool in _tools(body) if (name := tool_name(tool)))
    theirs = {name: name for name in found if LEGAL.match(name)}
    for name in found:
        if name not in theirs:
            theirs[name] = _free(name, set(theirs.values()))
    return Names(theirs, {other: name for name, other in theirs.items()}, custom_names(body.get("tools")))


def _free(name: str, taken: set[str]) -> str:
    safe = FOREIGN.sub("_", name)
    safe = f"_{safe}" if safe[:1].isdigit() else safe
    number, told = 1, safe
    while told in taken:
        number += 1
        told = f"{safe}_{number}"
    return told


def _tools(body: Json) -> Iterator[Json]:
    yield from as_objects(body.get("tools"))
    for message in as_objects(body.get("messages")):
        yield from as_objects(message.get("tool_calls"))
