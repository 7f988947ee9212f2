"""Tools and the choice among them.

https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview
"""

import re
from typing import Any

from trunkline.types import Json
from trunkline.wires.anthropic.parts import cache_mark
from trunkline.wires.anthropic.rules import Rules
from trunkline.wires.anthropic.schema import fit
from trunkline.wires.fields import as_object, as_objects, each
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.schema import simplified
from trunkline.wires.tools import Tool, is_strict, only, read_choice, read_tool

# Anthropic's own tools have a date in their type: web_search_20260318. They pass as they are.
DATED = re.compile(r".+_\d{8}\Z")
MOST_STRICT = 20


def write_tools(asks: Json, model: str, rules: Rules, losses: Losses) -> Json:
    """`tools` and `tool_choice`, those that are needed. Raises ApiError for a choice that the model cannot be given."""
    choice, allowed = _choice(asks.get("tool_choice", "auto"))
    given = only(as_objects(asks.get("tools")), allowed)
    if choice["type"] in ("any", "tool") and not (given and rules.forced):
        why = f"{model} cannot be made to call a tool" if given else "there is no tool to call"
        raise unsupported("tool_choice", f"`tool_choice`: {why}; use `auto`.")
    if not given:
        return {}
    strict = _may_be_strict(given, rules, losses)
    tools = [_tool(tool, where, strict, losses) for tool, where in each(given, "tools")]
    if asks.get("parallel_tool_calls") is False and choice["type"] != "none":
        choice = {**choice, "disable_parallel_tool_use": True}
    return {"tools": tools} if choice == {"type": "auto"} else {"tools": tools, "tool_choice": choice}


def has_own(asks: Json) -> bool:
    """Whether Anthropic's own tools are among those of a request."""
    tools = as_objects(asks.get("tools"))
    return bool(asks.get("mcp_servers")) or any(DATED.match(str(tool.get("type"))) for tool in tools)


def _choice(given: Any) -> tuple[Json, tuple[str, ...] | None]:
    """Anthropic's choice, and the only tools it may fall on."""
    native = as_object(given).get("type")
    if native in ("auto", "any", "none"):
        return {"type": native}, None
    chosen = read_choice({**given, "type": "function"} if native == "tool" else given)
    if chosen.mode == "tool" and chosen.names:
        return {"type": "tool", "name": chosen.names[0]}, None
    return {"type": "any" if chosen.mode == "required" else chosen.mode}, chosen.names


def _may_be_strict(tools: list[Json], rules: Rules, losses: Losses) -> bool:
    asked = sum(map(is_strict, tools))
    if asked and (asked > MOST_STRICT or not rules.structured):
        losses.add("tools", "not_strict")
        return False
    return True


def _tool(tool: Json, where: str, strict: bool, losses: Losses) -> Json:
    if "input_schema" in tool or DATED.match(str(tool.get("type"))):
        return tool
    read = read_tool(tool, where)
    mark = cache_mark(tool) or cache_mark(as_object(tool.get("function", tool.get("custom"))))
    return {"name": read.name, **read.described, **_schema(read, strict, losses), **mark}


def _schema(tool: Tool, strict: bool, losses: Losses) -> Json:
    schema: Json = {"type": "object", **as_object(tool.parameters)}
    if "$ref" not in schema and "properties" not in schema:
        schema["properties"] = {}
    if not (strict and tool.strict):
        return {"input_schema": schema}
    return {"input_schema": simplified(fit(schema), "tools", losses), "strict": True}
