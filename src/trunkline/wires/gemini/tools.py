"""Tools and the choice among them.

https://ai.google.dev/gemini-api/docs/function-calling
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects
from trunkline.wires.gemini.dialect import Dialect, camel
from trunkline.wires.gemini.rules import Rules
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.tools import is_strict, read_choice, read_tool

NOTHING_SAID = frozenset({"type", "title", "description", "$schema", "required"})
MODES = {"auto": "AUTO", "none": "NONE", "required": "ANY", "tool": "ANY"}


def write_tools(asks: Json, own: Json, model: str, rules: Rules, dialect: Dialect, losses: Losses) -> Json:
    """`tools` and `toolConfig`, those that are needed; `own`: what the client says under Gemini's own names. Raises
    ApiError for what the model cannot be given."""
    given = as_objects(asks.get("tools"))
    entries = [_entry(tool, dialect) for tool in given]
    functions = [(i, tool) for i, tool in enumerate(given) if not entries[i]]
    entries += _extras(asks, own, dialect, losses)
    googles = [entry for i, entry in enumerate(entries) if entry and entry not in entries[:i]]
    if googles and functions and not rules.mixed:
        why = f"{model} takes no functions together with Google's own tools; ask for Gemini 3 or later."
        raise unsupported("tools", why)
    declared = [_declaration(tool, f"tools[{index}]") for index, tool in functions]
    # One entry for all of them: several are a 400 on most models.
    tools = ([{"functionDeclarations": declared}] if declared else []) + googles
    if asks.get("parallel_tool_calls") is False and declared:
        losses.add("parallel_tool_calls")
    config = _config(asks, bool(declared), server_side=dialect.server_side and bool(googles and declared))
    config |= as_object(own.get("toolConfig"))
    return {**({"tools": tools} if tools else {}), **({"toolConfig": config} if config else {})}


def _entry(tool: Json, dialect: Dialect) -> Json:
    """A tool of Google's in an entry of `tools`: `{"type": "google_search"}`, or with fields of its own."""
    found = {camel(name): value for name, value in tool.items() if camel(name) in dialect.tools}
    kind = camel(str(tool.get("type")))
    return found or ({kind: {}} if kind in dialect.tools else {})


def _extras(asks: Json, own: Json, dialect: Dialect, losses: Losses) -> list[Json]:
    """Google's tools at the top level of the body, each in an entry of its own."""
    found = [{name: value} for name, value in own.items() if name in dialect.tools]
    if "web_search_options" in asks:
        found.append({"googleSearch": {}})
        if asks["web_search_options"]:
            losses.add("web_search_options", "simplified")
    return found


def _declaration(tool: Json, where: str) -> Json:
    read = read_tool(tool, where)
    schema = as_object(read.parameters)
    return {"name": read.name, **read.described, **({"parametersJsonSchema": schema} if _says(schema) else {})}


def _says(schema: Json) -> bool:
    """An object without properties is a 400 on older models: no parameters are no schema."""
    return any(value for name, value in schema.items() if name not in NOTHING_SAID)


def _config(asks: Json, declared: bool, *, server_side: bool) -> Json:
    calling = _calling(asks.get("tool_choice", "auto"), declared)
    if declared and calling == {} and any(is_strict(tool) for tool in as_objects(asks.get("tools"))):
        calling = {"mode": "VALIDATED"}
    return {
        **({"functionCallingConfig": calling} if calling else {}),
        **({"includeServerSideToolInvocations": True} if server_side else {}),
    }


def _calling(choice: Any, declared: bool) -> Json:
    """`functionCallingConfig`; empty where the default says the same."""
    chosen = read_choice(choice)
    # AUTO would ignore the names.
    mode = "VALIDATED" if chosen.mode == "auto" and chosen.names is not None else MODES[chosen.mode]
    if mode == "ANY" and not declared:
        raise unsupported("tool_choice", "`tool_choice`: there is no tool to call; use `auto`.")
    if mode == "AUTO" or not declared:
        return {}
    return {"mode": mode, **({"allowedFunctionNames": list(chosen.names)} if chosen.names is not None else {})}
