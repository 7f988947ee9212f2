"""Tools and the choice among them.

https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use.html. Written as Claude's first, whose terms are the same
but for their names.
"""

from typing import Any, NamedTuple

from trunkline.types import Json
from trunkline.wires.anthropic import rules as claude
from trunkline.wires.anthropic.tools import write_tools
from trunkline.wires.bedrock.parts import Scope, cache_point
from trunkline.wires.bedrock.rules import EXTRA, Rules
from trunkline.wires.fields import as_object, as_objects
from trunkline.wires.loss import unsupported

# Entries of Converse's own form pass as they are.
NATIVE = frozenset({"toolSpec", "systemTool", "cachePoint"})


class Tools(NamedTuple):
    """`offered` in Converse's form, `own` those of Anthropic that only its own field takes, `choice` in Anthropic's
    form."""

    offered: list[Json]
    own: list[Json]
    choice: Json

    @property
    def forced(self) -> bool:
        return self.choice["type"] in ("any", "tool")


def tools_of(asks: Json, called: list[str], model: str, scope: Scope) -> Tools:
    """`called`: the tools in the history, with which Converse wants some tool declared.

    Raises ApiError for tools that the model lacks, or a choice that it cannot be given.
    """
    given = [_as_claudes(tool) for tool in as_objects(asks.get("tools"))]
    written = _written({**asks, "tools": given}, model, scope)
    listed: list[Json] = written.get("tools", [])
    offered = [one for tool in listed if "input_schema" in tool for one in _offered(tool, scope)]
    own = [tool for tool in listed if "input_schema" not in tool]
    tools = _chosen(Tools(offered, own, written.get("tool_choice", {"type": "auto"})), scope.rules)
    if called and not tools.offered:
        # Else a 400: a history with calls needs `toolConfig`.
        scope.losses.add("tools", "declared_again")
        tools = Tools([_declared(name) for name in called], tools.own, tools.choice)
    if (tools.offered or tools.own) and not scope.rules.tools:
        raise unsupported("tools", f"{model} cannot call tools; ask for another model.")
    if tools.own and not scope.rules.claude:
        raise unsupported("tools", f"{model} has no tools of Anthropic's; leave them out, or ask for a Claude model.")
    return tools


def tool_config(tools: Tools) -> Json:
    """What the request says of them; Claude's own field has words that Converse lacks."""
    choice = tools.choice
    asked = choice != {"type": "auto"}
    natively = asked and (bool(tools.own) or "disable_parallel_tool_use" in choice)
    extra = {**({"tools": tools.own} if tools.own else {}), **({"tool_choice": choice} if natively else {})}
    config: Json = {"tools": tools.offered}
    if asked and not natively:
        config["toolChoice"] = {"tool": {"name": choice["name"]}} if choice["type"] == "tool" else {choice["type"]: {}}
    return {**({"toolConfig": config} if tools.offered else {}), **({EXTRA: extra} if extra else {})}


def _written(asks: Json, model: str, scope: Scope) -> Json:
    rules = scope.rules
    if asks.get("parallel_tool_calls") is False and not rules.parallel:
        asks = {name: value for name, value in asks.items() if name != "parallel_tool_calls"}
        if asks["tools"]:
            scope.losses.add("parallel_tool_calls")
    as_claude = rules.claude or claude.Rules(forced=bool(rules.forced), structured=rules.schema)
    return write_tools(asks, model, as_claude, scope.losses)


def _chosen(tools: Tools, rules: Rules) -> Tools:
    """The choice in the words that the model knows."""
    kind = tools.choice["type"]
    if kind == "none":
        # Converse has no such word: nothing offered is nothing called.
        return Tools([], [], {"type": "auto"})
    only = [tool for tool in tools.offered if _name(tool) == tools.choice.get("name")]
    if kind == "tool" and kind not in rules.forced and only:
        return Tools(only, [], {"type": "any"})
    return tools


def _name(tool: Json) -> Any:
    return as_object(tool.get("toolSpec")).get("name")


def _as_claudes(tool: Json) -> Json:
    """A tool of Converse's own as one that passes for Claude's."""
    native = {name: tool[name] for name in tool if name in NATIVE}
    return {"name": _name(native), "input_schema": {}, **native} if native else tool


def _offered(tool: Json, scope: Scope) -> list[Json]:
    if tool.keys() & NATIVE:
        return [{name: tool[name] for name in tool if name in NATIVE}]
    spec: Json = {"name": tool.get("name"), "inputSchema": {"json": tool["input_schema"]}}
    if tool.get("description"):
        spec["description"] = tool["description"]
    if tool.get("strict") is True:
        spec["strict"] = True
    return [{"toolSpec": spec}, *cache_point(tool, "tools", scope)]


def _declared(name: str) -> Json:
    return {"toolSpec": {"name": name, "inputSchema": {"json": {"type": "object"}}}}
