"""The form of the answer: held to a schema by the model, or by a tool that it must call.

https://docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html
"""

import re

import orjson

from trunkline.types import Json
from trunkline.wires.anthropic.schema import fit
from trunkline.wires.asks import JSON_ONLY, Format, format_of, unformed
from trunkline.wires.bedrock.rules import Rules
from trunkline.wires.fields import as_object, as_text
from trunkline.wires.loss import Losses
from trunkline.wires.schema import simplified

NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")


def formed(asks: Json, model: str, rules: Rules, losses: Losses) -> tuple[Json, Json]:
    """The request with what it says of the answer's form as instruction or tool, and the `outputConfig` that says it
    else. Raises ApiError for a form that the model cannot be held to."""
    form = format_of(asks, model)
    if form.kind == "text":
        return asks, {}
    if form.kind == "json_object":
        losses.add("response_format", "instruction")
        return {**asks, "messages": [{"role": "system", "content": JSON_ONLY}, *asks["messages"]]}, {}
    if rules.schema:
        return asks, {"outputConfig": {"textFormat": _text_format(form, losses)}}
    tool = answer_tool(asks, rules)
    if tool is None:
        raise unformed(model)
    losses.add("response_format", "tool")
    choice = {"type": "function", "function": {"name": tool["name"]}}
    return {**asks, "tools": [{"type": "function", "function": tool}], "tool_choice": choice}, {}


def answer_tool(asks: Json, rules: Rules) -> Json | None:
    """The function whose arguments are the answer, where a model takes no schema but can be made to call a tool, and
    has none of the client's beside it."""
    given = as_object(asks.get("response_format"))
    described = as_object(given.get("json_schema")) if given.get("type") == "json_schema" else {}
    schema = as_object(described.get("schema"))
    if rules.schema or not rules.tools or "tool" not in rules.forced or asks.get("tools"):
        return None
    if schema.get("type") != "object":
        return None
    name = as_text(described.get("name"))
    words = as_text(described.get("description")) or "Gives the answer."
    return {"name": name if NAME.match(name) else "answer", "description": words, "parameters": schema}


def _text_format(form: Format, losses: Losses) -> Json:
    told = {"schema": orjson.dumps(simplified(fit(form.schema), "response_format", losses)).decode()}
    told |= {name: words for name in ("name", "description") if (words := as_text(form.described.get(name)))}
    return {"type": "json_schema", "structure": {"jsonSchema": told}}
