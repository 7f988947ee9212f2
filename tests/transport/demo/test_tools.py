"""Which tools are called, with what, and when an agent's loop ends."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.transport.demo.play import Played, ask

PLACE = {
    "type": "object",
    "properties": {
        "city": {"type": "string"},
        "days": {"type": "integer", "minimum": 3},
        "unit": {"enum": ["celsius", "fahrenheit"]},
    },
    "required": ["city", "days"],
    "additionalProperties": False,
}
WEATHER = {"type": "function", "function": {"name": "get_weather", "parameters": PLACE, "strict": True}}
TIME = {"type": "function", "function": {"name": "get_time"}}
SQL = {"type": "custom", "custom": {"name": "run_sql"}}
TOOLS = [WEATHER, TIME, SQL]

USER = {"role": "user", "content": "Weather in Paris?"}
BOTH = {"role": "user", "content": "Both of them, please"}
CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_time", "arguments": "{}"}}],
}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "half past ten"}
SAID = {"role": "assistant", "content": "It is half past ten."}


def named(name: str, kind: str = "function") -> dict[str, Any]:
    return {"type": kind, kind: {"name": name}}


def allowed(mode: str, *tools: Any) -> dict[str, Any]:
    return {"type": "allowed_tools", "allowed_tools": {"mode": mode, "tools": list(tools)}}


def names(played: Played) -> list[str]:
    calls = played.json["choices"][0]["message"].get("tool_calls", [])
    return [call[call["type"]]["name"] for call in calls]


ROWS: dict[str, tuple[list[Any], dict[str, Any], list[str]]] = {
    "the first tool": ([USER], {}, ["get_weather"]),
    "auto": ([USER], {"tool_choice": "auto"}, ["get_weather"]),
    "auto only on the first turn": ([USER, CALLED, RESULT, SAID, USER], {}, []),
    "required on any turn": ([USER, SAID, USER], {"tool_choice": "required"}, ["get_weather"]),
    "required, but there is a result": ([USER, CALLED, RESULT], {"tool_choice": "required"}, []),
    "none": ([USER], {"tool_choice": "none"}, []),
    "by name": ([USER], {"tool_choice": named("get_time")}, ["get_time"]),
    "by name on any turn": ([USER, SAID, USER], {"tool_choice": named("get_time")}, ["get_time"]),
    "a custom tool by name": ([USER], {"tool_choice": named("run_sql", "custom")}, ["run_sql"]),
    "both": ([BOTH], {}, ["get_weather", "get_time", "run_sql"]),
    "parallel": ([{"role": "user", "content": "In PARALLEL."}], {}, ["get_weather", "get_time", "run_sql"]),
    "a word with both in it": ([{"role": "user", "content": "bother"}], {}, ["get_weather"]),
    "both, but not in parallel": ([BOTH], {"parallel_tool_calls": False}, ["get_weather"]),
    "both, but one is named": ([BOTH], {"tool_choice": named("get_time")}, ["get_time"]),
    "allowed": ([USER], {"tool_choice": allowed("auto", named("get_time"))}, ["get_time"]),
    "both of the allowed": (
        [BOTH],
        {"tool_choice": allowed("required", named("get_time"), named("run_sql", "custom"))},
        ["get_time", "run_sql"],
    ),
    "allowed on a later turn": ([USER, SAID, USER], {"tool_choice": allowed("auto", named("get_time"))}, []),
}


@pytest.mark.parametrize(("messages", "parameters", "called"), ROWS.values(), ids=ROWS)
def test_which_tools_are_called(messages: list[Any], parameters: dict[str, Any], called: list[str]) -> None:
    played = ask(messages=messages, tools=TOOLS, **parameters)
    choice = played.json["choices"][0]
    assert names(played) == called
    assert choice["finish_reason"] == ("tool_calls" if called else "stop")
    assert (choice["message"]["content"] is None) == bool(called)
    assert ("tool_calls" in choice["message"]) == bool(called)


def test_arguments_fit_and_hold_the_user_s_words() -> None:
    function = ask(messages=[USER], tools=TOOLS).json["choices"][0]["message"]["tool_calls"][0]["function"]
    arguments = json.loads(function["arguments"])
    Draft202012Validator(PLACE).validate(arguments)
    assert arguments == {"city": "Weather in Paris?", "days": 3, "unit": "celsius"}


@pytest.mark.parametrize("parameters", [None, {}, {"type": "object", "properties": {}}, {"properties": {"a": False}}])
def test_a_tool_without_parameters_gets_an_empty_object(parameters: Any) -> None:
    tool = {"type": "function", "function": {"name": "get_time", "parameters": parameters}}
    call = ask(messages=[USER], tools=[tool]).json["choices"][0]["message"]["tool_calls"][0]
    assert call["function"]["arguments"] == "{}"


def test_a_custom_tool_gets_the_user_s_words() -> None:
    call = ask(messages=[USER], tools=[SQL]).json["choices"][0]["message"]["tool_calls"][0]
    assert call == {"id": call["id"], "type": "custom", "custom": {"name": "run_sql", "input": "Weather in Paris?"}}


def test_ids_are_unique_in_an_answer_and_the_same_for_the_same_request() -> None:
    first, again = (ask(messages=[BOTH], tools=TOOLS, n=2) for _ in range(2))
    ids = [call["id"] for choice in first.json["choices"] for call in choice["message"]["tool_calls"]]
    assert len(set(ids)) == 6
    assert all(each.startswith("call_") for each in ids)
    assert first.body == again.body


def test_a_result_is_quoted_and_fills_a_schema() -> None:
    messages = [USER, CALLED, RESULT]
    assert ask(messages=messages, tools=TOOLS).text == "The tool said: half past ten"
    schema = {"type": "object", "properties": {"time": {"type": "string"}}}
    form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    text = ask(messages=messages, tools=TOOLS, response_format=form).text
    assert json.loads(text) == {"time": "The tool said: half past ten"}


@pytest.mark.parametrize(
    ("body", "param", "code", "words"),
    [
        ({"tools": TOOLS, "tool_choice": named("nope")}, "tool_choice", None, "'nope' not found in 'tools'"),
        ({"tools": TOOLS, "tool_choice": named("get_time", "custom")}, "tool_choice", None, "not found"),
        ({"tools": TOOLS, "tool_choice": "sometimes"}, "tool_choice", None, "not found"),
        ({"tools": TOOLS, "tool_choice": allowed("auto", named("nope"))}, "tool_choice", None, "not found"),
        ({"tool_choice": "required"}, "tool_choice", None, "only allowed when 'tools' are specified"),
        ({"tools": []}, "tools", None, "at least one tool"),
        ({"tools": [WEATHER, {"type": "function"}]}, "tools[1]", None, "must name a function"),
        (
            {"tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "nonsense"}}}]},
            "tools[0].function.parameters",
            "invalid_function_parameters",
            "Invalid schema for function 'f': no value was found that fits it.",
        ),
        (
            {"response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {"$ref": "#/a"}}}},
            "response_format",
            None,
            "Invalid schema for response_format 'x': '#/a' points to nothing.",
        ),
    ],
)
def test_what_openai_would_refuse_is_refused(body: Any, param: str, code: str | None, words: str) -> None:
    played = ask(**{"messages": [USER]} | body)
    error = played.json["error"]
    assert played.status == 400
    assert (error["type"], error["param"], error["code"]) == ("invalid_request_error", param, code)
    assert words in error["message"]
