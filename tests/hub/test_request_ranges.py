"""Every checked parameter at its edges and beyond them: (parameter, passes, is refused)."""

from typing import Any

import pytest

from tests.hub.support import refusal
from trunkline.hub.request import CHAT, EMBEDDINGS, check_chat, check_embeddings
from trunkline.types import Json

HI: Json = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}
EMBED: Json = {"model": "m", "input": "hi"}

NO_NUMBERS: list[Any] = ["1", True, False, [1], {}]
NO_INTEGERS: list[Any] = [*NO_NUMBERS, 1.0, 1.5]
NO_STRINGS: list[Any] = [1, True, ["x"], {}]
NO_BOOLEANS: list[Any] = [0, 1, "true", [], {}]
NO_OBJECTS: list[Any] = ["{}", 1, True, []]

# parameter: (what passes, what is refused)
CHAT_ROWS: dict[str, tuple[list[Any], list[Any]]] = {
    "model": (["m", "a/b", ""], NO_STRINGS),
    "stream": ([True, False], NO_BOOLEANS),
    "max_tokens": ([1, 2**53], [0, -1, *NO_INTEGERS]),
    "max_completion_tokens": ([1, 2**53], [0, -1, *NO_INTEGERS]),
    "n": ([1, 128], [0, -1, 129, 2**64 - 1, *NO_INTEGERS]),
    "temperature": ([0, 0.0, -0.0, 1, 2, 2.0, 0.7, 5e-324], [-0.1, -5e-324, 2.0000001, 3, 1e308, *NO_NUMBERS]),
    "top_p": ([0, 0.0, 0.5, 1, 1.0], [-0.1, 1.0000001, 2, *NO_NUMBERS]),
    "frequency_penalty": ([-2, -2.0, 0, 2], [-2.1, 2.1, 3, *NO_NUMBERS]),
    "presence_penalty": ([-2, -2.0, 0, 2], [-2.1, 2.1, 3, *NO_NUMBERS]),
    "logit_bias": ([{}, {"50256": -100}, {"1": 100}], NO_OBJECTS),
    "logprobs": ([True, False], NO_BOOLEANS),
    "seed": ([0, -1, 2**63 - 1, -(2**63), 10176929106694746000], NO_INTEGERS),
    "stop": (["", "x", [], ["x"], ["a", "b", "c", "d"]], [1, True, {}, ["a"] * 5, [1], [None], ["a", ["b"]]]),
    "tools": (
        [[], [{"type": "function", "function": {}}], [{"type": "custom", "custom": {}}]],
        ["x", 1, True, {}, ["x"], [None], [{}], [{"type": 1}], [{"type": "function"}, []]],
    ),
    "tool_choice": (["auto", "none", "required", {"type": "function", "function": {"name": "f"}}], [1, True, []]),
    "parallel_tool_calls": ([True, False], NO_BOOLEANS),
    "response_format": ([{"type": "text"}, {}], NO_OBJECTS),
    "reasoning_effort": (["none", "xhigh"], NO_STRINGS),
    "metadata": ([{}, {"a": "b"}], NO_OBJECTS),
    "store": ([True, False], NO_BOOLEANS),
    "user": (["", "u"], NO_STRINGS),
}

EMBEDDING_ROWS: dict[str, tuple[list[Any], list[Any]]] = {
    "model": (["m"], NO_STRINGS),
    "input": (["", "x", ["x"], [1, 2], [[1], [2, 3]], ["x"] * 2048], [1, True, {}, [], ["x"] * 2049]),
    "dimensions": ([1, 4096], [0, -1, *NO_INTEGERS]),
    "encoding_format": (["float", "base64"], ["int8", "", "FLOAT", 1, True, [], ["float"], {}]),
    "user": (["u"], NO_STRINGS),
}


def test_every_check_has_a_row() -> None:
    own = {"messages", "stream_options", "top_logprobs"}  # tables of their own, below
    assert CHAT.keys() == CHAT_ROWS.keys() | own
    assert EMBEDDINGS.keys() == EMBEDDING_ROWS.keys()


@pytest.mark.parametrize("key", CHAT_ROWS)
def test_chat_parameters(key: str) -> None:
    passes, refused = CHAT_ROWS[key]
    holds(check_chat, HI, key, passes, refused)


@pytest.mark.parametrize("key", EMBEDDING_ROWS)
def test_embeddings_parameters(key: str) -> None:
    passes, refused = EMBEDDING_ROWS[key]
    holds(check_embeddings, EMBED, key, passes, refused)


def holds(check: Any, body: Json, key: str, passes: list[Any], refused: list[Any]) -> None:
    for value in passes:
        assert refusal(check, {**body, key: value}) is None, f"{key}={value!r} was refused"
    for value in refused:
        error = refusal(check, {**body, key: value})
        assert error is not None, f"{key}={value!r} passed"
        assert (error.status, error.code, error.type) == (400, "invalid_request", "invalid_request_error")
        assert (error.param or "").partition("[")[0] == key
        assert error.message.startswith(f"`{error.param}` must be ")


TOGETHER: dict[str, tuple[Json, str | None]] = {
    "stream_options with stream": ({"stream": True, "stream_options": {"include_usage": True}}, None),
    "stream_options empty": ({"stream": True, "stream_options": {}}, None),
    "stream_options alone": ({"stream_options": {"include_usage": True}}, "stream_options"),
    "stream_options without stream": ({"stream": False, "stream_options": {}}, "stream_options"),
    "stream_options a list": ({"stream": True, "stream_options": []}, "stream_options"),
    "top_logprobs 0": ({"top_logprobs": 0}, None),
    "top_logprobs 20": ({"top_logprobs": 20, "logprobs": True}, None),
    "top_logprobs 21": ({"top_logprobs": 21, "logprobs": True}, "top_logprobs"),
    "top_logprobs -1": ({"top_logprobs": -1, "logprobs": True}, "top_logprobs"),
    "top_logprobs 1.0": ({"top_logprobs": 1.0, "logprobs": True}, "top_logprobs"),
    "top_logprobs true": ({"top_logprobs": True, "logprobs": True}, "top_logprobs"),
    "top_logprobs alone": ({"top_logprobs": 1}, "top_logprobs"),
    "top_logprobs, logprobs false": ({"top_logprobs": 1, "logprobs": False}, "top_logprobs"),
}


@pytest.mark.parametrize(("parameters", "param"), TOGETHER.values(), ids=TOGETHER)
def test_parameters_that_need_another(parameters: Json, param: str | None) -> None:
    refused_with(check_chat, {**HI, **parameters}, param)


def refused_with(check: Any, body: Json, param: str | None) -> None:
    """`param` None: the body passes."""
    error = refusal(check, body)
    assert (error and (error.code, error.param)) == (param and ("invalid_request", param))


USER = {"role": "user", "content": "hi"}
MESSAGES: dict[str, tuple[Any, str | None]] = {
    "text": ([USER], None),
    "parts": ([{"role": "user", "content": [{"type": "text", "text": "hi"}]}], None),
    "no parts": ([{"role": "user", "content": []}], None),
    "content null": ([USER, {"role": "assistant", "content": None, "tool_calls": []}], None),
    "no content": ([USER, {"role": "assistant", "tool_calls": []}], None),
    "unknown role": ([{"role": "critic", "content": "hm"}], None),
    "empty": ([], "messages"),
    "text for a list": ("hi", "messages"),
    "object": (USER, "messages"),
    "number": (1, "messages"),
    "boolean": (True, "messages"),
    "message is text": (["hi"], "messages[0]"),
    "message null": ([USER, None], "messages[1]"),
    "message is a list": ([[USER]], "messages[0]"),
    "no role": ([{"content": "hi"}], "messages[0].role"),
    "role null": ([USER, USER, {"role": None}], "messages[2].role"),
    "role is a number": ([{"role": 1, "content": "hi"}], "messages[0].role"),
    "content is a number": ([USER, {"role": "user", "content": 1}], "messages[1].content"),
    "content is a boolean": ([{"role": "user", "content": False}], "messages[0].content"),
    "content is an object": ([{"role": "user", "content": {"type": "text"}}], "messages[0].content"),
    "a part is text": ([{"role": "user", "content": ["hi"]}], "messages[0].content"),
    "a part is null": ([{"role": "user", "content": [{"type": "text"}, None]}], "messages[0].content"),
}


@pytest.mark.parametrize(("messages", "param"), MESSAGES.values(), ids=MESSAGES)
def test_messages(messages: Any, param: str | None) -> None:
    refused_with(check_chat, {"messages": messages}, param)


@pytest.mark.parametrize(("check", "param"), [(check_chat, "messages"), (check_embeddings, "input")])
def test_what_is_required(check: Any, param: str) -> None:
    error = refusal(check, {"model": "m"})
    assert error is not None
    assert error.param == param
    assert "is required" in error.message


def test_a_tool_is_named_by_its_place() -> None:
    refused_with(check_chat, {**HI, "tools": [{"type": "function"}, {"function": {}}]}, "tools[1]")


def test_token_ids_of_logit_bias_have_a_range() -> None:
    """Contract, "Parameters": OpenAI's ranges are checked, and a bias is -100 to 100."""
    for bias in (-100.1, 101, "1", True, None):
        refused_with(check_chat, {**HI, "logit_bias": {"50256": bias}}, "logit_bias")
