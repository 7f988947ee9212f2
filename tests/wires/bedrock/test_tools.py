"""Tools, the choice among them, and answers held to a schema."""

import json
from typing import Any

import pytest

from tests.wires.bedrock.support import BUDGET, CLAUDE, LLAMA, MISTRAL, NEWEST, NOVA, OLD, TITAN, asked, refused, write
from tests.wires.support import HI
from trunkline.types import Json

EXTRA = "additionalModelRequestFields"
OBJECT: Json = {"type": "object", "properties": {}}
SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
CALL: Json = {"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
HISTORY: list[Json] = [
    HI,
    {"role": "assistant", "tool_calls": [CALL]},
    {"role": "tool", "tool_call_id": "1", "content": "r"},
]


def function(name: str = "f", **more: Any) -> Json:
    return {"type": "function", "function": {"name": name, **more}}


def spec(name: str = "f", schema: Json = OBJECT, **more: Any) -> Json:
    return {"toolSpec": {"name": name, "inputSchema": {"json": schema}, **more}}


def config(*tools: Json, **choice: Any) -> Json:
    return {"toolConfig": {"tools": list(tools), **({"toolChoice": choice} if choice else {})}}


ONE = {"type": "function", "function": {"name": "f"}}
ONCE = {"type": "auto", "disable_parallel_tool_use": True}
ROWS: dict[str, tuple[str, Json, Json, tuple[str, ...]]] = {
    "a function": (CLAUDE, {"tools": [function(description="d", parameters=SCHEMA)]},
                   config(spec(schema=SCHEMA, description="d")), ()),
    "without a description": (CLAUDE, {"tools": [function(description="")]}, config(spec()), ()),
    "strict": (CLAUDE, {"tools": [function(parameters=SCHEMA, strict=True)]},
               config(spec(schema={**SCHEMA, "additionalProperties": False}, strict=True)), ()),
    "strict, where nothing is": (NOVA, {"tools": [function(strict=True)]}, config(spec()), ("tools=not_strict",)),
    "strict, where Bedrock's Claude is not": (
        NEWEST, {"tools": [function(strict=True)]}, config(spec()), ("tools=not_strict",)),
    "free text": (CLAUDE, {"tools": [{"type": "custom", "custom": {"name": "g"}}]}, config(spec("g", {
        "type": "object", "properties": {"input": {"type": "string"}}, "required": ["input"]})), ()),
    "a cache point": (CLAUDE, {"tools": [{**function(), "cache_control": {"type": "ephemeral"}}, function("g")]},
                      config(spec(), {"cachePoint": {"type": "default"}}, spec("g")), ()),
    "a cache point where tools have none": (
        NOVA, {"tools": [{**function(), "cache_control": {"type": "ephemeral"}}]}, config(spec()), ("cache_control",)),
    "Converse's own": (NOVA, {"tools": [function(), {"type": "x", "systemTool": {"name": "nova_grounding"}}]},
                       config(spec(), {"systemTool": {"name": "nova_grounding"}}), ()),
    "Converse's own, which must be called": (
        NOVA, {"tools": [{"type": "x", "toolSpec": spec()["toolSpec"]}], "tool_choice": ONE},
        config(spec(), tool={"name": "f"}), ()),
    "Anthropic's own": (
        CLAUDE, {"tools": [{"type": "computer_20250124", "name": "computer"}], "tool_choice": "required"},
        {EXTRA: {"tools": [{"type": "computer_20250124", "name": "computer"}], "tool_choice": {"type": "any"}}}, ()),
    "any": (CLAUDE, {"tools": [function()], "tool_choice": "required"}, config(spec(), any={}), ()),
    "one": (NOVA, {"tools": [function(), function("g")], "tool_choice": ONE},
            config(spec(), spec("g"), tool={"name": "f"}), ()),
    "one, where only any can be": (
        MISTRAL, {"tools": [function(), function("g")], "tool_choice": ONE}, config(spec(), any={}), ()),
    "auto": (CLAUDE, {"tools": [function()], "tool_choice": "auto"}, config(spec()), ()),
    "none": (CLAUDE, {"tools": [function()], "tool_choice": "none"}, {}, ()),
    "some": (CLAUDE, {"tools": [function(), function("g")], "tool_choice": {
        "type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [ONE]}}}, config(spec(), any={}), ()),
    "one at a time": (CLAUDE, {"tools": [function()], "parallel_tool_calls": False},
                      {**config(spec()), EXTRA: {"tool_choice": ONCE}}, ()),
    "one at a time, and it must": (
        CLAUDE, {"tools": [function()], "parallel_tool_calls": False, "tool_choice": ONE},
        {**config(spec()), EXTRA: {"tool_choice": {**ONCE, "type": "tool", "name": "f"}}}, ()),
    "one at a time, unknown": (
        NOVA, {"tools": [function()], "parallel_tool_calls": False}, config(spec()), ("parallel_tool_calls",)),
    "one at a time, of an older Claude": (
        BUDGET, {"tools": [function()], "parallel_tool_calls": False}, config(spec()), ("parallel_tool_calls",)),
    "one at a time of none": (NOVA, {"parallel_tool_calls": False}, {}, ()),
    "a history without tools": (
        CLAUDE, {"messages": HISTORY}, config(spec(schema={"type": "object"})), ("tools=declared_again",)),
    "a history and none": (
        CLAUDE, {"messages": HISTORY, "tools": [function("g"), function()], "tool_choice": "none"},
        config(spec(schema={"type": "object"})), ("tools=declared_again",)),
    "a history with tools": (CLAUDE, {"messages": HISTORY, "tools": [function("g")]}, config(spec("g")), ()),
}  # fmt: skip


@pytest.mark.parametrize(("model", "body", "wanted", "lost"), ROWS.values(), ids=ROWS)
def test_tools(model: str, body: Json, wanted: Json, lost: tuple[str, ...]) -> None:
    assert (asked(body, model), write(body, model).dropped) == (wanted, lost)


REFUSED: dict[str, tuple[str, Json, str]] = {
    "a model without tools": (TITAN, {"tools": [function()]}, "tools"),
    "a history for a model without tools": (TITAN, {"messages": HISTORY}, "tools"),
    "Converse's own, where none can be": (
        LLAMA,
        {"tools": [{"type": "x", **spec()}], "tool_choice": ONE},
        "tool_choice",
    ),
    "any, where none can be": (LLAMA, {"tools": [function()], "tool_choice": "required"}, "tool_choice"),
    "one, of the newest": (NEWEST, {"tools": [function()], "tool_choice": ONE}, "tool_choice"),
    "any of none": (CLAUDE, {"tool_choice": "required"}, "tool_choice"),
    "Anthropic's for others": (NOVA, {"tools": [{"type": "computer_20250124", "name": "computer"}]}, "tools"),
    "a grammar": (
        CLAUDE,
        {"tools": [{"type": "custom", "custom": {"name": "g", "format": {"type": "grammar"}}}]},
        "tools[0]",
    ),
}


@pytest.mark.parametrize(("model", "body", "param"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(model: str, body: Json, param: str) -> None:
    assert refused(body, model) == ("unsupported_parameter", param)


def form(schema: Json = SCHEMA, **more: Any) -> Json:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": schema, **more}}}


def test_a_schema() -> None:
    """As text, and closed as Bedrock wants it."""
    request = asked(form(description="d"))
    said = request["outputConfig"]["textFormat"]
    schema = said["structure"]["jsonSchema"].pop("schema")
    assert said == {"type": "json_schema", "structure": {"jsonSchema": {"name": "n", "description": "d"}}}
    assert json.loads(schema) == {**SCHEMA, "additionalProperties": False}
    bounded = {**SCHEMA, "properties": {"a": {"type": "integer", "minimum": 1}}}
    assert write(form(bounded)).dropped == ("response_format=simplified",)


def test_a_schema_and_an_effort() -> None:
    config = asked({**form(), "reasoning_effort": "low"})["outputConfig"]
    assert config.keys() == {"effort", "textFormat"}


EMULATED = {"newer Claude": "us.anthropic.claude-sonnet-5", "older Claude": OLD, "Nova": NOVA}


@pytest.mark.parametrize("model", EMULATED.values(), ids=EMULATED)
def test_a_schema_by_a_tool(model: str) -> None:
    """Where a model takes none, but can be made to call a tool."""
    request = asked(form(), model)
    wanted = config(spec("n", SCHEMA, description="Gives the answer."), tool={"name": "n"})
    assert request == wanted
    assert write(form(), model).dropped == ("response_format=tool",)


NOT_HELD: dict[str, tuple[str, Json]] = {
    "the newest": (NEWEST, form()),
    "no tools": (TITAN, form()),
    "no forced tools": (LLAMA, form()),
    "tools of the client's": (NOVA, {**form(), "tools": [function()]}),
    "no object": (NOVA, form({"type": "array"})),
    "a grammar": (CLAUDE, {"response_format": {"type": "grammar"}}),
}


@pytest.mark.parametrize(("model", "body"), NOT_HELD.values(), ids=NOT_HELD)
def test_a_form_that_cannot_be_held(model: str, body: Json) -> None:
    assert refused(body, model) == ("unsupported_parameter", "response_format")


def test_json() -> None:
    for body in ({"type": "json_object"}, {"type": "json_schema"}):
        request, dropped, *_ = write({"response_format": body})
        assert "JSON" in request["system"][0]["text"]
        assert dropped == ("response_format=instruction",)
    assert asked({"response_format": {"type": "text"}}) == {}
