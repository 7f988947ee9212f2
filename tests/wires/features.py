"""What any provider may be asked for. Each wire's tests add what its own models can."""

from tests.wires.support import HI
from trunkline.types import Json

PNG = "data:image/png;base64,iVBORw0KGgo="
PDF = "data:application/pdf;base64,JVBERi0="
SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}, "required": ["a"]}
F: Json = {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA, "strict": True}}
CALL: Json = {"id": "a.1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}


def said(*parts: Json) -> Json:
    return {"messages": [{"role": "user", "content": list(parts)}]}


COMMON: dict[str, Json] = {
    "system": {"messages": [{"role": "system", "content": "s"}, HI, {"role": "developer", "content": "d"}]},
    "no tool": {"messages": [HI], "tools": [F], "tool_choice": "none"},
    "allowed tools": {
        "messages": [HI],
        "tools": [F],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [F]}},
    },
    "schema": {
        "messages": [HI],
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}},
    },
    "JSON": {"messages": [HI], "response_format": {"type": "json_object"}},
    "reasoning": {"messages": [HI], "reasoning_effort": "high", "max_completion_tokens": 100},
    "no reasoning": {"messages": [HI], "reasoning_effort": "none"},
}
