"""Tools and the choice among them: https://docs.cohere.com/v2/docs/tool-use-overview"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.cohere.names import Names
from trunkline.wires.cohere.rules import Rules
from trunkline.wires.cohere.schema import fit
from trunkline.wires.fields import as_object, as_objects, each
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.schema import simplified
from trunkline.wires.tools import is_strict, only, read_choice, read_tool

# Ours -> Cohere's. It cannot name a tool: so that one is the only one it has.
CHOICES = {"none": "NONE", "required": "REQUIRED", "tool": "REQUIRED"}
NATIVE = {"AUTO": "auto", "NONE": "none", "REQUIRED": "required", "any": "required"}


def write_tools(asks: Json, model: str, names: Names, rules: Rules, losses: Losses) -> Json:
    """`tools`, `tool_choice` and `strict_tools`, those that are needed. Raises ApiError for a choice that the model
    cannot be given."""
    wanted = asks.get("tool_choice", "auto")
    chosen = read_choice(NATIVE.get(wanted, wanted) if isinstance(wanted, str) else wanted)
    choice = CHOICES.get(chosen.mode)
    given = only(as_objects(asks.get("tools")), chosen.names)
    if choice == "REQUIRED" and not (given and rules.tool_choice):
        why = f"{model} cannot be made to call a tool" if given else "there is no tool to call"
        raise unsupported("tool_choice", f"`tool_choice`: {why}; use `auto`.")
    if asks.get("parallel_tool_calls") is False and given:
        losses.add("parallel_tool_calls")
    if not given or (choice == "NONE" and not rules.tool_choice):
        return {}  # a model that cannot be told to call none is shown none
    strict = asks.get("strict_tools") is True or any(is_strict(tool) for tool in given)
    tools = [_tool(tool, where, names, strict, losses) for tool, where in each(given, "tools")]
    flag = {"strict_tools": True} if strict else {}
    return {"tools": tools, **flag, **({"tool_choice": choice} if choice else {})}


def _tool(tool: Json, where: str, names: Names, strict: bool, losses: Losses) -> Json:
    if not tool.keys() & {"function", "custom"}:
        raise unsupported(where, f"`{where}`: Cohere's models know no tools but functions.")
    read = read_tool(tool, where)
    parameters = _parameters(read.parameters, strict, losses)
    return {
        "type": "function",
        "function": {"name": names.theirs[read.name], **read.described, "parameters": parameters},
    }


def _parameters(given: Any, strict: bool, losses: Losses) -> Json:
    """Strict tools are held to the same schemas as answers are."""
    schema = as_object(given) or {"type": "object", "properties": {}}
    if not strict:
        return schema
    return simplified(fit(schema), "tools", losses)
