"""Tools, the choice among them and their calls, as the chat API writes them.

A tool of free text is offered to models that know none as a function of one text, `input`.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from trunkline.hub.text import read_json
from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects, as_text
from trunkline.wires.loss import invalid, unsupported

FREE_TEXT: Json = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


class Tool(NamedTuple):
    """A tool's definition. `described`: its `description`, where it has one; `parameters` as the client wrote them."""

    name: str
    described: Json
    parameters: Any
    strict: bool


class Choice(NamedTuple):
    """`names`: the only tools that it may fall on, None where that is any; of `tool` the one that must be called."""

    mode: Literal["auto", "none", "required", "tool"]
    names: tuple[str, ...] | None = None


def tool_name(tool: Json) -> str:
    """Of a tool, a call, or a choice of one; empty where it has none."""
    inner = tool.get("function", tool.get("custom", tool))
    return as_text(as_object(inner).get("name"))


def custom_names(tools: Any) -> frozenset[str]:
    """The tools whose calls OpenAI tells as free text."""
    return frozenset(tool_name(tool) for tool in as_objects(tools) if isinstance(tool.get("custom"), dict))


def is_strict(tool: Json) -> bool:
    return as_object(tool.get("function")).get("strict") is True


def read_tool(tool: Json, where: str) -> Tool:
    """Raises ApiError for what is none, and for one that is held to a grammar."""
    inner = as_object(tool.get("function", tool.get("custom")))
    name, words = tool_name(tool), inner.get("description")
    if not inner or not name:
        raise invalid(where, "needs a `function` with a `name`")
    described = {"description": words} if isinstance(words, str) else {}
    if "function" in tool:
        return Tool(name, described, inner.get("parameters"), inner.get("strict") is True)
    if as_object(inner.get("format")).get("type", "text") != "text":
        raise unsupported(where, f"`{where}`: this model cannot be held to a grammar; ask for another one.")
    return Tool(name, described, FREE_TEXT, False)


def read_choice(given: Any) -> Choice:
    """Raises ApiError for what is no choice."""
    if given in ("auto", "none", "required"):
        return Choice(given)
    if isinstance(given, dict):
        if isinstance(given.get("allowed_tools"), dict):
            listed = given["allowed_tools"]
            names = tuple(tool_name(tool) for tool in as_objects(listed.get("tools")))
            return Choice("required" if listed.get("mode") == "required" else "auto", names)
        if given.get("type", "function") in ("function", "custom") and tool_name(given):
            return Choice("tool", (tool_name(given),))
    raise unsupported("tool_choice", "`tool_choice` must be auto, none, required, a function or allowed_tools.")


def only(tools: Iterable[Json], names: Iterable[str] | None) -> list[Json]:
    """Those that a choice may fall on."""
    return [tool for tool in tools if names is None or tool_name(tool) in names]


def read_call(call: Any, where: str) -> tuple[str, Json]:
    """A call of the history as the tool's name and its arguments as an object. Raises ApiError."""
    call = as_object(call)
    if isinstance(call.get("custom"), dict):
        name, given = call["custom"].get("name"), {"input": call["custom"].get("input", "")}
    else:
        function = as_object(call.get("function"))
        name, given = function.get("name"), _arguments(function.get("arguments"), f"{where}.function.arguments")
    if not isinstance(name, str):
        raise invalid(where, "a tool call needs a `function` with a `name`")
    return name, given


def safe_id(given: Any, safe: re.Pattern[str], foreign: re.Pattern[str], most: int | None = None) -> str:
    """The id of a call, or for one that is refused a `safe` one that is the same wherever this id stands."""
    text = as_text(given)
    if safe.match(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{foreign.sub('_', text)[:most] or 'call'}_{digest}"


def _arguments(given: Any, where: str) -> Json:
    """Blank ones are an empty object."""
    if isinstance(given, str):
        try:
            given = read_json(given) if given.strip() else {}
        except ValueError:
            raise invalid(where, "is not valid JSON") from None
    given = {} if given is None else given
    if not isinstance(given, dict):
        raise invalid(where, "must be a JSON object")
    return given


def tool_call(identity: str, name: str, arguments: str, custom: frozenset[str]) -> Json:
    """A call of an answer; that of a tool of free text, one of `custom`, whole and with its text."""
    told = {"id": identity} if identity else {}
    if name in custom:
        return {**told, "type": "custom", "custom": {"name": name, "input": _free_text(arguments)}}
    return {**told, "type": "function", "function": {"name": name, "arguments": arguments}}


def _free_text(arguments: str) -> str:
    try:
        said = read_json(arguments)
    except ValueError:
        return arguments  # cut off by the limit of tokens
    text = as_object(said).get("input")
    return text if isinstance(text, str) else arguments
