"""Streams, to the letter of OpenAI's chunk protocol."""

from typing import Any

import orjson
import pytest
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from tests.transport.demo.play import ask, chat

WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
TIME = {"type": "function", "function": {"name": "get_time"}}
ASKS_BOTH = {"role": "user", "content": "Use both tools, please"}
SCHEMA = {"type": "json_schema", "json_schema": {"name": "x", "schema": {"type": "array", "items": {}, "minItems": 9}}}

REQUESTS: dict[str, dict[str, Any]] = {
    "text": {},
    "one token": {"max_tokens": 1},
    "no token": {"stop": "one"},
    "several choices": {"n": 3},
    "logprobs": {"logprobs": True, "top_logprobs": 2, "n": 2},
    "reasoning": {"model": "think"},
    "reasoning cut off": {"model": "think", "max_tokens": 3},
    "long": {"model": "lorem+fast", "max_tokens": 300},
    "a tool call": {"tools": [WEATHER]},
    "tool calls": {"tools": [WEATHER, TIME], "messages": [ASKS_BOTH], "n": 2},
    "a tool call cut off": {"tools": [WEATHER], "max_tokens": 2},
    "reasoning and a tool call": {"model": "think", "tools": [WEATHER]},
    "a schema": {"response_format": SCHEMA},
}
each_request = pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS)


def chunks_of(request: dict[str, Any], **more: Any) -> list[Any]:
    return ask(**request, stream=True, **more).chunks


def test_the_bytes_of_a_stream() -> None:
    played = chat("fast", {"role": "user", "content": "Hi you"}, stream=True)
    head = {key: value for key, value in played.chunks[0].items() if key != "choices"}
    assert played.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert head | {"id": "", "created": 0} == {
        "id": "",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "fast",
        "system_fingerprint": "fp_demo",
    }
    deltas: list[tuple[Any, str | None]] = [({"role": "assistant", "content": "", "refusal": None}, None)]
    deltas += [({"content": "Hi"}, None), ({"content": " you"}, None), ({}, "stop")]
    expected = [
        {**head, "choices": [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]}
        for delta, finish in deltas
    ]
    assert played.pieces == [*(b"data: " + orjson.dumps(each) + b"\n\n" for each in expected), b"data: [DONE]\n\n"]


@each_request
def test_the_head_never_changes(request_: dict[str, Any]) -> None:
    chunks = chunks_of(request_, stream_options={"include_usage": True})
    heads = [{key: chunk[key] for key in ("id", "object", "created", "model")} for chunk in chunks]
    assert all(head == heads[0] for head in heads)


@each_request
def test_each_choice_opens_once_and_finishes_once(request_: dict[str, Any]) -> None:
    choices = [choice for chunk in chunks_of(request_) for choice in chunk["choices"]]
    count = request_.get("n", 1)
    roles = [choice["index"] for choice in choices if "role" in choice["delta"]]
    finishes = [choice["index"] for choice in choices if choice["finish_reason"] is not None]
    assert roles == [choice["index"] for choice in choices][:count] == list(range(count))
    assert finishes == [choice["index"] for choice in choices][-count:] == list(range(count))
    assert [choice["delta"] for choice in choices][-count:] == [{}] * count


@each_request
def test_a_tool_call_has_its_id_and_name_in_its_opening_alone(request_: dict[str, Any]) -> None:
    for index in range(request_.get("n", 1)):
        seen = 0
        for chunk in chunks_of(request_):
            for call in chunk["choices"][0]["delta"].get("tool_calls", ()):
                if chunk["choices"][0]["index"] != index:
                    continue
                if call["index"] == seen:
                    seen += 1
                    assert call.keys() == {"index", "id", "type", "function"}
                    assert call["function"].keys() == {"name", "arguments"}
                    assert call["function"]["arguments"] == ""
                else:
                    assert call["index"] == seen - 1
                    assert call.keys() == {"index", "function"}
                    assert call["function"].keys() == {"arguments"}


@pytest.mark.parametrize("options", [None, {}, {"include_usage": False}, {"include_obfuscation": False}])
def test_usage_is_not_told_unasked(options: Any) -> None:
    assert [chunk for chunk in chunks_of({}, stream_options=options) if "usage" in chunk] == []


@each_request
def test_usage_comes_last_and_is_null_before(request_: dict[str, Any]) -> None:
    *before, last = chunks_of(request_, stream_options={"include_usage": True})
    assert [chunk["usage"] for chunk in before] == [None] * len(before)
    assert last["choices"] == []
    assert last["usage"] == whole(request_)["usage"]


@each_request
def test_openai_s_own_types_accept_every_chunk(request_: dict[str, Any]) -> None:
    for chunk in chunks_of(request_, stream_options={"include_usage": True}):
        ChatCompletionChunk.model_validate(chunk, strict=True)


def whole(request: dict[str, Any]) -> Any:
    return ask(**request).json


def comparable(completion: ChatCompletion) -> Any:
    """The SDK adds what it parsed, and keeps the index of a streamed call."""
    body = completion.model_dump(exclude_none=True)
    for choice in body["choices"]:
        choice["message"].pop("parsed", None)
        for call in choice["message"].get("tool_calls", ()):
            call.pop("index", None)
            call["function"].pop("parsed_arguments", None)
        if "tool_calls" in choice["message"]:
            choice["message"].pop("content", None)
    return body


@each_request
def test_the_sum_of_a_stream_is_the_whole_answer(request_: dict[str, Any]) -> None:
    """As the SDK adds it up."""
    state: ChatCompletionStreamState[Any] = ChatCompletionStreamState()
    for chunk in chunks_of(request_, stream_options={"include_usage": True}):
        state.handle_chunk(ChatCompletionChunk.model_validate(chunk))
    assert comparable(state.current_completion_snapshot) == comparable(ChatCompletion.model_validate(whole(request_)))


def test_choices_take_turns() -> None:
    order = [chunk["choices"][0]["index"] for chunk in chunks_of({"n": 3, "max_tokens": 2})]
    assert order == [0, 1, 2] * 4
