"""Tool calls: one, several, forced, none, streamed, and the turn that follows."""

import json
from typing import Any

import pytest
from openai import pydantic_function_tool
from openai.types.chat import ChatCompletion, ChatCompletionMessageFunctionToolCall
from pydantic import BaseModel

from tests.sdk.talk import Talk

Json = dict[str, Any]

WEATHER: Json = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather of a city",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}, "unit": {"enum": ["c", "f"]}, "days": {"type": "integer"}},
            "required": ["city", "unit", "days"],
            "additionalProperties": False,
        },
    },
}
CLOCK: Json = {"type": "function", "function": {"name": "get_time", "parameters": {"type": "object"}}}
QUERY: Json = {"type": "custom", "custom": {"name": "run_sql", "description": "Runs a query"}}

ASK = [{"role": "user", "content": "How is the weather in Paris?"}]
ASK_BOTH = [{"role": "user", "content": "Use both tools at once."}]


class GetWeather(BaseModel):
    city: str
    days: int


def functions(answer: ChatCompletion) -> list[ChatCompletionMessageFunctionToolCall]:
    calls = answer.choices[0].message.tool_calls or []
    assert all(call.type == "function" for call in calls)
    return [call for call in calls if call.type == "function"]


def test_one_call(talk: Talk) -> None:
    answer = talk.chat(model="chat", messages=ASK, tools=[WEATHER])
    assert (answer.choices[0].finish_reason, answer.choices[0].message.content) == ("tool_calls", None)
    (call,) = functions(answer)
    assert call.function.name == "get_weather"
    assert call.id.startswith("call_")
    arguments = json.loads(call.function.arguments)
    assert arguments.keys() == {"city", "unit", "days"}
    assert (type(arguments["city"]), type(arguments["days"])) == (str, int)
    assert arguments["unit"] in ("c", "f")


def test_parallel_calls(talk: Talk) -> None:
    answer = talk.chat(model="chat", messages=ASK_BOTH, tools=[WEATHER, CLOCK])
    calls = functions(answer)
    assert [call.function.name for call in calls] == ["get_weather", "get_time"]
    assert len({call.id for call in calls}) == 2
    one = talk.chat(model="chat", messages=ASK_BOTH, tools=[WEATHER, CLOCK], parallel_tool_calls=False)
    assert [call.function.name for call in functions(one)] == ["get_weather"]


@pytest.mark.parametrize(
    ("choice", "called"),
    [
        ({"type": "function", "function": {"name": "get_time"}}, ["get_time"]),
        (
            {
                "type": "allowed_tools",
                "allowed_tools": {
                    "mode": "required",
                    "tools": [{"type": "function", "function": {"name": "get_time"}}],
                },
            },
            ["get_time"],
        ),
        ("required", ["get_weather"]),
        ("auto", ["get_weather"]),
        ("none", []),
    ],
    ids=["named", "allowed", "required", "auto", "none"],
)
def test_tool_choice(talk: Talk, choice: Any, called: list[str]) -> None:
    answer = talk.chat(model="chat", messages=ASK, tools=[WEATHER, CLOCK], tool_choice=choice)
    assert [call.function.name for call in functions(answer)] == called
    assert answer.choices[0].finish_reason == ("tool_calls" if called else "stop")


def test_the_turn_with_the_result(talk: Talk) -> None:
    first = talk.chat(model="chat", messages=ASK, tools=[WEATHER])
    (call,) = functions(first)
    messages = [*ASK, first.choices[0].message, {"role": "tool", "tool_call_id": call.id, "content": "21 degrees"}]
    second = talk.chat(model="chat", messages=messages, tools=[WEATHER])
    assert second.choices[0].message.content == "The tool said: 21 degrees"
    assert second.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("messages", [ASK, ASK_BOTH], ids=["one", "parallel"])
def test_streamed_calls(talk: Talk, messages: list[Json]) -> None:
    """The helper joins ids, names and arguments as they come: a repeated one would show."""
    asked: Json = {"model": "chat", "messages": messages, "tools": [WEATHER, CLOCK]}
    events, final = talk.helped(**asked)
    whole = functions(talk.chat(**asked))
    calls = final.choices[0].message.tool_calls or []
    assert [(call.id, call.type) for call in calls] == [(call.id, call.type) for call in whole]
    assert [(call.function.name, call.function.arguments) for call in calls] == [
        (call.function.name, call.function.arguments) for call in whole
    ]
    assert final.choices[0].finish_reason == "tool_calls"
    done = [event for event in events if event.type == "tool_calls.function.arguments.done"]
    assert [(event.index, event.name, event.arguments) for event in done] == [
        (index, call.function.name, call.function.arguments) for index, call in enumerate(whole)
    ]
    deltas = [event for event in events if event.type == "tool_calls.function.arguments.delta"]
    for index, call in enumerate(whole):
        pieces = [event.arguments_delta for event in deltas if event.index == index]
        assert "".join(pieces) == call.function.arguments


def test_streamed_indices(talk: Talk) -> None:
    """Id, type and name only where a call opens; indices from 0."""
    chunks = talk.chunks(model="chat", messages=ASK_BOTH, tools=[WEATHER, CLOCK])
    pieces = [call for chunk in chunks for call in chunk.choices[0].delta.tool_calls or []]
    assert [piece.index for piece in pieces] == sorted(piece.index for piece in pieces)
    for index, name in enumerate(["get_weather", "get_time"]):
        opening, *rest = [piece for piece in pieces if piece.index == index]
        assert opening.function is not None
        assert (opening.type, opening.function.name) == ("function", name)
        assert rest
        assert all(piece.to_dict().keys() == {"index", "function"} for piece in rest)
        assert all((piece.function or opening.function).name is None for piece in rest)


def test_a_strict_tool_is_parsed(talk: Talk) -> None:
    tools = [pydantic_function_tool(GetWeather)]
    (call,) = talk.parse(model="chat", messages=ASK, tools=tools).choices[0].message.tool_calls or []
    assert isinstance(call.function.parsed_arguments, GetWeather)
    events, final = talk.helped(model="chat", messages=ASK, tools=tools)
    (streamed,) = final.choices[0].message.tool_calls or []
    assert streamed.function.parsed_arguments == call.function.parsed_arguments
    (done,) = [event for event in events if event.type == "tool_calls.function.arguments.done"]
    assert done.parsed_arguments == call.function.parsed_arguments


def test_a_custom_tool(talk: Talk) -> None:
    messages = [{"role": "user", "content": "SELECT 1"}]
    (call,) = talk.chat(model="chat", messages=messages, tools=[QUERY]).choices[0].message.tool_calls or []
    assert call.type == "custom"
    assert (call.custom.name, call.custom.input) == ("run_sql", "SELECT 1")


def test_a_streamed_custom_tool(talk: Talk) -> None:
    """The SDK's type of a delta knows functions only, so the pieces are read as they came."""
    messages = [{"role": "user", "content": "SELECT 1"}]
    chunks = talk.chunks(model="chat", messages=messages, tools=[QUERY])
    deltas: list[Json] = [chunk.choices[0].delta.to_dict() for chunk in chunks]
    opening, *rest = [call for delta in deltas for call in delta.get("tool_calls", [])]
    assert (opening["index"], opening["type"], opening["custom"]["name"]) == (0, "custom", "run_sql")
    assert "".join(piece["custom"]["input"] for piece in (opening, *rest)) == "SELECT 1"
    assert not any("function" in piece for piece in (opening, *rest))
