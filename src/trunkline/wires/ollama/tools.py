"""Tools, and the choice among them: all or none, for Ollama has no word for it.

https://docs.ollama.com/capabilities/tool-calling
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects, each
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.tools import only, read_choice, read_tool


def write_tools(asks: Json, model: str, losses: Losses) -> Json:
    """`tools`, where there are any to choose from. Raises ApiError for a choice that Ollama cannot make."""
    given = only(as_objects(asks.get("tools")), _allowed(asks.get("tool_choice", "auto"), model))
    tools = [_tool(tool, where, losses) for tool, where in each(given, "tools")]
    if tools and asks.get("parallel_tool_calls") is False:
        losses.add("parallel_tool_calls")
    return {"tools": tools} if tools else {}


def _allowed(choice: Any, model: str) -> tuple[str, ...] | None:
    """The names that may be called; None: whichever there are."""
    chosen = read_choice(choice)
    if chosen.mode in ("auto", "none"):
        return () if chosen.mode == "none" else chosen.names
    why = f"`tool_choice`: {model} cannot be made to call a tool; use `auto`, or offer it only the tool that you want."
    raise unsupported("tool_choice", why)


def _tool(tool: Json, where: str, losses: Losses) -> Json:
    read = read_tool(tool, where)
    if read.strict:
        losses.add("tools", "not_strict")
    parameters = {"type": "object", "properties": {}, **as_object(read.parameters)}
    return {"type": "function", "function": {"name": read.name, **read.described, "parameters": parameters}}
