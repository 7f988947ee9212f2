"""Tools and the choice among them.

https://ai.google.dev/gemini-api/docs/function-calling
"""

from typing import Any

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.gemini.dialect import Dialect, camel
from trunkline.wires.gemini.rules import Rules
from trunkline.wires.loss import Losses, unsupported

FREE_TEXT: Json = {"type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]}
NOTHING_SAID = frozenset({"type", "title", "description", "$schema", "required"})
MODES = {"auto": "AUTO", "none": "NONE", "required": "ANY"}


def write_tools(body: Json, own: Json, model: str, rules: Rules, dialect: Dialect, losses: Losses) -> Json:
    """`tools` and `toolConfig`, those that are needed; `own`: what the client says under Gemini's own names. Raises
    ApiError for what the model cannot be given."""
    given = [tool for tool in body.get("tools") or () if isinstance(tool, dict)]
    entries = [_entry(tool, dialect) for tool in given]
    functions = [(i, tool) for i, tool in enumerate(given) if not entries[i]]
    entries += _extras(body, own, dialect, losses)
    googles = [entry for i, entry in enumerate(entries) if entry and entry not in entries[:i]]
    if googles and functions and not rules.mixed:
        why = f"{model} takes no functions together with Google's own tools; ask for Gemini 3 or later."
        raise unsupported("tools", why)
    declared = [_declaration(tool, f"tools[{index}]") for index, tool in functions]
    # One entry for all of them: several are a 400 on most models.
    tools = ([{"functionDeclarations": declared}] if declared else []) + googles
    if body.get("parallel_tool_calls") is False and declared:
        losses.add("parallel_tool_calls")
    config = _config(body, bool(declared), server_side=dialect.server_side and bool(googles and declared))
    given_config = own.get("toolConfig")
    config |= given_config if isinstance(given_config, dict) else {}
    return {**({"tools": tools} if tools else {}), **({"toolConfig": config} if config else {})}


def custom_names(tools: Any) -> frozenset[str]:
    """The tools whose calls OpenAI tells as free text."""
    found = (tool for tool in tools if isinstance(tool, dict)) if isinstance(tools, list) else ()
    return frozenset(name_of(tool) for tool in found if isinstance(tool.get("custom"), dict))


def name_of(tool: Json) -> str:
    inner = tool.get("function", tool.get("custom", tool))
    name = inner.get("name") if isinstance(inner, dict) else None
    return name if isinstance(name, str) else ""


def _entry(tool: Json, dialect: Dialect) -> Json:
    """A tool of Google's in an entry of `tools`: `{"type": "google_search"}`, or with fields of its own."""
    found = {camel(name): value for name, value in tool.items() if camel(name) in dialect.tools}
    kind = camel(str(tool.get("type")))
    return found or ({kind: {}} if kind in dialect.tools else {})


def _extras(body: Json, own: Json, dialect: Dialect, losses: Losses) -> list[Json]:
    """Google's tools at the top level of the body, each in an entry of its own."""
    found = [{name: value} for name, value in own.items() if name in dialect.tools]
    if "web_search_options" in body:
        found.append({"googleSearch": {}})
        if body["web_search_options"]:
            losses.add("web_search_options", "simplified")
    return found


def _declaration(tool: Json, where: str) -> Json:
    inner = tool.get("function", tool.get("custom"))
    if not isinstance(inner, dict) or not name_of(tool):
        raise ApiError("invalid_request", f"`{where}` needs a `function` with a `name`.", param=where)
    declared: Json = {"name": inner["name"]}
    if isinstance(inner.get("description"), str):
        declared["description"] = inner["description"]
    if "function" not in tool:
        format_ = inner.get("format")
        if isinstance(format_, dict) and format_.get("type") != "text":
            raise unsupported(where, f"`{where}`: Gemini models cannot be held to a grammar.")
        return {**declared, "parametersJsonSchema": FREE_TEXT}
    schema = inner.get("parameters")
    return {**declared, **({"parametersJsonSchema": schema} if isinstance(schema, dict) and _says(schema) else {})}


def _says(schema: Json) -> bool:
    """An object without properties is a 400 on older models: no parameters are no schema."""
    return any(value for name, value in schema.items() if name not in NOTHING_SAID)


def _config(body: Json, declared: bool, *, server_side: bool) -> Json:
    calling = _calling(body.get("tool_choice", "auto"), declared)
    if declared and calling == {} and _strict(body):
        calling = {"mode": "VALIDATED"}
    return {
        **({"functionCallingConfig": calling} if calling else {}),
        **({"includeServerSideToolInvocations": True} if server_side else {}),
    }


def _strict(body: Json) -> bool:
    functions = (tool.get("function") for tool in body["tools"] if isinstance(tool, dict))
    return any(isinstance(function, dict) and function.get("strict") is True for function in functions)


def _calling(choice: Any, declared: bool) -> Json:
    """`functionCallingConfig`; empty where the default says the same."""
    mode, names = _choice(choice)
    if mode == "ANY" and not declared:
        raise unsupported("tool_choice", "`tool_choice`: there is no tool to call; use `auto`.")
    if mode == "AUTO" or not declared:
        return {}
    return {"mode": mode, **({"allowedFunctionNames": names} if names is not None else {})}


def _choice(choice: Any) -> tuple[str, list[str] | None]:
    """Gemini's mode, and the only functions it may fall on."""
    if isinstance(choice, str) and choice in MODES:
        return MODES[choice], None
    if isinstance(choice, dict):
        listed = choice.get("allowed_tools")
        if isinstance(listed, dict):
            tools = listed["tools"] if isinstance(listed.get("tools"), list) else ()
            names = [name_of(tool) for tool in tools if isinstance(tool, dict)]
            # AUTO would ignore the names.
            return "ANY" if listed.get("mode") == "required" else "VALIDATED", names
        if choice.get("type") in ("function", "custom") and name_of(choice):
            return "ANY", [name_of(choice)]
    raise unsupported("tool_choice", "`tool_choice` must be auto, none, required, a function or allowed_tools.")
