"""Tools and the choice among them: flat here, where the chat API nests them.

https://platform.openai.com/docs/guides/migrate-to-responses
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects
from trunkline.wires.loss import unsupported

NO_ARGUMENTS: Json = {"type": "object", "properties": {}}


def write_tools(asks: Json) -> Json:
    """`tools`, `tool_choice`, `parallel_tool_calls`, those that are needed. Raises ApiError for a choice of nothing."""
    tools = [_flat(tool) for tool in as_objects(asks.get("tools"))]
    if isinstance(asks.get("web_search_options"), dict):
        tools.append(_web_search(asks["web_search_options"]))
    choice = asks.get("tool_choice")
    if not tools and choice in (None, "auto", "none"):
        return {}  # a choice among none is refused
    written: Json = {"tools": tools} if tools else {}
    if choice is not None:
        written["tool_choice"] = _choice(choice)
    if "parallel_tool_calls" in asks:
        written["parallel_tool_calls"] = asks["parallel_tool_calls"]
    return written


def _flat(tool: Json) -> Json:
    """A tool of the provider's own passes as it is."""
    function, custom = tool.get("function"), tool.get("custom")
    if isinstance(function, dict):
        kept = {name: value for name, value in function.items() if value is not None}
        # Without a word on it, this API holds calls to the schema and refuses what it cannot hold them to.
        return {"type": "function", "parameters": NO_ARGUMENTS, **kept, "strict": function.get("strict") is True}
    if not isinstance(custom, dict):
        return tool
    grammar = as_object(custom.get("format")).get("grammar")
    flattened = {"format": {"type": "grammar", **grammar}} if isinstance(grammar, dict) else {}
    return {"type": "custom", **custom, **flattened}


def _web_search(options: Json) -> Json:
    """OpenAI's search, which the chat API knows as a parameter."""
    place = as_object(options.get("user_location")).get("approximate")
    size = options.get("search_context_size")
    return {
        "type": "web_search",
        **({"search_context_size": size} if size else {}),
        **({"user_location": {"type": "approximate", **place}} if isinstance(place, dict) else {}),
    }


def _choice(given: Any) -> Any:
    if isinstance(given, str) and given in ("auto", "none", "required"):
        return given
    kind = given.get("type") if isinstance(given, dict) else None
    inner = given.get(kind) if isinstance(kind, str) else None
    if kind == "allowed_tools" and isinstance(inner, dict):
        allowed = [_named(tool) for tool in as_objects(inner.get("tools"))]
        return {"type": kind, "mode": inner.get("mode", "auto"), "tools": allowed}
    if isinstance(given, dict) and isinstance(kind, str):
        return _named(given)
    raise unsupported("tool_choice", "`tool_choice` must be auto, none, required, a function or allowed_tools.")


def _named(tool: Json) -> Json:
    """What names a function or a custom tool, flat; what names anything else passes as it is."""
    kind = tool.get("type")
    inner = tool.get(kind) if isinstance(kind, str) else None
    return {"type": kind, "name": inner.get("name")} if isinstance(inner, dict) else tool
