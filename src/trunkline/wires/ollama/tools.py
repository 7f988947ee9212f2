"""Tools, and the choice among them: all or none, for Ollama has no word for it.

https://docs.ollama.com/capabilities/tool-calling
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.ollama.messages import invalid

FREE_TEXT: Json = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}


def write_tools(body: Json, model: str, losses: Losses) -> Json:
    """`tools`, where there are any to choose from. Raises ApiError for a choice that Ollama cannot make."""
    given = [tool for tool in body.get("tools") or () if isinstance(tool, dict)]
    chosen = _allowed(body.get("tool_choice", "auto"), model)
    tools = [
        _tool(tool, f"tools[{i}]", losses) for i, tool in enumerate(given) if chosen is None or _name(tool) in chosen
    ]
    if tools and body.get("parallel_tool_calls") is False:
        losses.add("parallel_tool_calls")
    return {"tools": tools} if tools else {}


def custom_names(tools: Any) -> frozenset[str]:
    """The tools whose calls OpenAI tells as free text."""
    found = (tool for tool in tools if isinstance(tool, dict)) if isinstance(tools, list) else ()
    return frozenset(_name(tool) for tool in found if isinstance(tool.get("custom"), dict))


def _allowed(choice: Any, model: str) -> frozenset[str] | None:
    """The names that may be called; None: whichever there are."""
    if choice == "auto":
        return None
    if choice == "none":
        return frozenset()
    listed = choice.get("allowed_tools") if isinstance(choice, dict) else None
    if isinstance(listed, dict) and listed.get("mode", "auto") == "auto" and isinstance(listed.get("tools"), list):
        return frozenset(_name(tool) for tool in listed["tools"] if isinstance(tool, dict))
    why = f"`tool_choice`: {model} cannot be made to call a tool; use `auto`, or offer it only the tool that you want."
    raise unsupported("tool_choice", why)


def _name(tool: Json) -> str:
    inner = tool.get("function", tool.get("custom", tool))
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else ""


def _tool(tool: Json, where: str, losses: Losses) -> Json:
    inner = tool.get("function", tool.get("custom"))
    if not isinstance(inner, dict) or not _name(tool):
        raise invalid(where, "needs a `function` with a `name`")
    described = {"description": inner["description"]} if isinstance(inner.get("description"), str) else {}
    if "function" not in tool:
        kind = inner["format"].get("type") if isinstance(inner.get("format"), dict) else "text"
        if kind != "text":
            raise unsupported(where, f"`{where}`: Ollama's models cannot be held to a grammar.")
        return {"type": "function", "function": {"name": inner["name"], **described, "parameters": FREE_TEXT}}
    if inner.get("strict") is True:
        losses.add("tools", "not_strict")
    schema = inner.get("parameters")
    parameters = {"type": "object", "properties": {}, **(schema if isinstance(schema, dict) else {})}
    return {"type": "function", "function": {"name": inner["name"], **described, "parameters": parameters}}
