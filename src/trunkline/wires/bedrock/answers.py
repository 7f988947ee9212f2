"""The form of the answer: held to a schema by the model, or by a tool that it must call.

https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
"""

import re
from typing import Any

import orjson

from trunkline.types import Json
from trunkline.wires.anthropic.schema import fit
from trunkline.wires.anthropic.settings import JSON_ONLY
from trunkline.wires.bedrock.rules import Rules
from trunkline.wires.loss import Losses, unsupported

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")


def formed(asks: Json, model: str, rules: Rules, losses: Losses) -> tuple[Json, Json]:
    """The request with what it says of the answer's form as instruction or tool, and the `outputConfig` that says it
    else. Raises ApiError for a form that the model cannot be held to."""
    given = asks.get("response_format") or {}
    kind = given.get("type", "text")
    if kind == "text":
        return asks, {}
    described = _described(given)
    if kind == "json_object" or (kind == "json_schema" and described is None):
        losses.add("response_format", "instruction")
        return {**asks, "messages": [{"role": "system", "content": JSON_ONLY}, *asks["messages"]]}, {}
    if kind == "json_schema" and described and rules.schema:
        return asks, {"outputConfig": {"textFormat": _text_format(described, losses)}}
    tool = answer_tool(asks, rules)
    if tool is None:
        why = f"{model} cannot be held to this `response_format`; ask for another model."
        raise unsupported("response_format", why)
    losses.add("response_format", "tool")
    choice = {"type": "function", "function": {"name": tool["name"]}}
    return {**asks, "tools": [{"type": "function", "function": tool}], "tool_choice": choice}, {}


def answer_tool(asks: Json, rules: Rules) -> Json | None:
    """The function whose arguments are the answer, where a model takes no schema but can be made to call a tool, and
    has none of the client's beside it."""
    given = asks.get("response_format")
    described = _described(given) if isinstance(given, dict) and given.get("type") == "json_schema" else None
    if described is None or rules.schema or not rules.tools or "tool" not in rules.forced or asks.get("tools"):
        return None
    if described["schema"].get("type") != "object":
        return None
    name = described.get("name")
    named = name if isinstance(name, str) and NAME.match(name) else "answer"
    return {"name": named, "description": _words(described) or "Gives the answer.", "parameters": described["schema"]}


def _described(given: Json) -> Json | None:
    """`json_schema`, where it has a schema."""
    described = given.get("json_schema")
    return described if isinstance(described, dict) and isinstance(described.get("schema"), dict) else None


def _text_format(described: Json, losses: Losses) -> Json:
    fitted, less = fit(described["schema"])
    if less:
        losses.add("response_format", "simplified")
    told: Json = {"schema": orjson.dumps(fitted).decode()}
    if isinstance(described.get("name"), str):
        told["name"] = described["name"]
    if _words(described):
        told["description"] = _words(described)
    return {"type": "json_schema", "structure": {"jsonSchema": told}}


def _words(described: Json) -> Any:
    words = described.get("description")
    return words if isinstance(words, str) and words else None
