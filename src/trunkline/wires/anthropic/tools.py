"""Tools and the choice among them.

https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview
"""

import re
from typing import Any

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.anthropic.parts import cache_mark
from trunkline.wires.anthropic.rules import Rules
from trunkline.wires.anthropic.schema import fit
from trunkline.wires.loss import Losses, unsupported

# Anthropic's own tools have a date in their type: web_search_20260318. They pass as they are.
DATED = re.compile(r".+_\d{8}\Z")
MOST_STRICT = 20
FREE_TEXT: Json = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


def write_tools(body: Json, model: str, rules: Rules, losses: Losses) -> Json:
    """`tools` and `tool_choice`, those that are needed. Raises ApiError for a choice that the model cannot be given."""
    given = [tool for tool in body.get("tools") or () if isinstance(tool, dict)]
    choice, allowed = _choice(body.get("tool_choice", "auto"))
    if allowed is not None:
        given = [tool for tool in given if _name(tool) in allowed]
    if choice["type"] in ("any", "tool") and not (given and rules.forced):
        why = f"{model} cannot be made to call a tool" if given else "there is no tool to call"
        raise unsupported("tool_choice", f"`tool_choice`: {why}; use `auto`.")
    if not given:
        return {}
    strict = _may_be_strict(given, rules, losses)
    tools = [_tool(tool, index, strict, losses) for index, tool in enumerate(given)]
    if body.get("parallel_tool_calls") is False and choice["type"] != "none":
        choice = {**choice, "disable_parallel_tool_use": True}
    return {"tools": tools} if choice == {"type": "auto"} else {"tools": tools, "tool_choice": choice}


def custom_names(tools: Any) -> frozenset[str]:
    """The tools whose calls OpenAI tells as free text."""
    found = (tool for tool in tools if isinstance(tool, dict)) if isinstance(tools, list) else ()
    return frozenset(_name(tool) for tool in found if isinstance(tool.get("custom"), dict))


def has_own(body: Json) -> bool:
    """Whether Anthropic's own tools are among those of a request."""
    tools = body.get("tools")
    found = (tool for tool in tools if isinstance(tool, dict)) if isinstance(tools, list) else ()
    return bool(body.get("mcp_servers")) or any(DATED.match(str(tool.get("type"))) for tool in found)


def _choice(given: Any) -> tuple[Json, frozenset[str] | None]:
    """Anthropic's choice, and the only tools it may fall on."""
    if isinstance(given, str):
        kind = {"auto": "auto", "required": "any", "none": "none"}.get(given)
        if kind:
            return {"type": kind}, None
    if isinstance(given, dict):
        if isinstance(given.get("allowed_tools"), dict):
            listed = given["allowed_tools"]
            tools = listed["tools"] if isinstance(listed.get("tools"), list) else ()
            names = frozenset(_name(tool) for tool in tools if isinstance(tool, dict))
            return {"type": "any" if listed.get("mode") == "required" else "auto"}, names
        if given.get("type") in ("function", "custom", "tool") and _name(given):
            return {"type": "tool", "name": _name(given)}, None
        if given.get("type") in ("auto", "any", "none"):
            return {"type": given["type"]}, None
    raise unsupported("tool_choice", "`tool_choice` must be auto, none, required, a function or allowed_tools.")


def _name(tool: Json) -> str:
    inner = tool.get("function", tool.get("custom", tool))
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else ""


def _may_be_strict(tools: list[Json], rules: Rules, losses: Losses) -> bool:
    asked = sum(isinstance(t.get("function"), dict) and t["function"].get("strict") is True for t in tools)
    if asked and (asked > MOST_STRICT or not rules.structured):
        losses.add("tools", "not_strict")
        return False
    return True


def _tool(tool: Json, index: int, strict: bool, losses: Losses) -> Json:
    where = f"tools[{index}]"
    if "input_schema" in tool or DATED.match(str(tool.get("type"))):
        return tool
    inner = tool.get("function", tool.get("custom"))
    if not isinstance(inner, dict) or not _name(tool):
        raise ApiError("invalid_request", f"`{where}` needs a `function` with a `name`.", param=where)
    described = {"description": inner["description"]} if isinstance(inner.get("description"), str) else {}
    mark = cache_mark(tool) or cache_mark(inner)
    if "function" in tool:
        return {"name": inner["name"], **described, **_function(inner, strict, losses), **mark}
    format_ = inner.get("format")
    if isinstance(format_, dict) and format_.get("type") != "text":
        raise unsupported(where, f"`{where}`: the model cannot be held to a grammar.")
    return {"name": inner["name"], **described, "input_schema": FREE_TEXT, **mark}


def _function(function: Json, strict: bool, losses: Losses) -> Json:
    given = function.get("parameters")
    schema: Json = {"type": "object", **given} if isinstance(given, dict) else {"type": "object"}
    if "$ref" not in schema and "properties" not in schema:
        schema["properties"] = {}
    if not (strict and function.get("strict") is True):
        return {"input_schema": schema}
    fitted, less = fit(schema)
    if less:
        losses.add("tools", "simplified")
    return {"input_schema": fitted, "strict": True}
