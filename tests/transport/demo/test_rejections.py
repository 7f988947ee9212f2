"""Requests that OpenAI would refuse, and requests that nobody would send."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transport.demo.play import USER, ask, play


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"messages": None}, "messages"),
        ({"messages": []}, "messages"),
        ({"messages": "hello"}, "messages"),
        ({"messages": [USER, "hello"]}, "messages[1]"),
        ({"messages": [{"content": "hello"}]}, "messages[0]"),
        ({"n": 0}, "n"),
        ({"n": 129}, "n"),
        ({"n": True}, "n"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_tokens": "many"}, "max_tokens"),
        ({"max_completion_tokens": 1.5}, "max_completion_tokens"),
        ({"stop": 3}, "stop"),
        ({"stop": ["a", 3]}, "stop"),
        ({"top_logprobs": 2}, "top_logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"stream_options": {"include_usage": True}}, "stream_options"),
        ({"response_format": "json"}, "response_format"),
        ({"response_format": {"type": "xml"}}, "response_format"),
        ({"response_format": {"type": "json_schema"}}, "response_format"),
        ({"model": "embed"}, "model"),
        ({"model": None}, "model"),
    ],
)
def test_a_parameter_is_blamed(body: Any, param: str) -> None:
    played = ask(**body)
    error = played.json["error"]
    assert played.status in (400, 404)
    assert played.headers["content-type"] == "application/json"
    assert (error["type"], error["param"]) == ("invalid_request_error", param)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"text"', b"\xff"])
def test_a_body_that_is_no_object(content: bytes) -> None:
    played = play(content)
    assert played.status == 400
    assert played.json["error"]["param"] is None


@pytest.mark.parametrize("path", ["/models", "/responses", "/chat", "", "/v1/chat/completions"])
def test_an_unknown_path(path: str) -> None:
    played = play({"model": "echo", "messages": [USER]}, path)
    assert (played.status, played.json["error"]["code"]) == (404, "unknown_url")


FIELDS = [
    "messages",
    "stream",
    "stream_options",
    "n",
    "max_tokens",
    "stop",
    "tools",
    "tool_choice",
    "parallel_tool_calls",
    "response_format",
    "logprobs",
    "input",
    "dimensions",
]
SCALARS = st.sampled_from([None, True, 0, 1, 2**63, 0.5, "", "user", "auto", "required", "json_schema", "function"])
KEYS = st.sampled_from(["role", "content", "type", "text", "function", "name", "parameters", "json_schema", "tools"])
JUNK = st.recursive(
    SCALARS,
    lambda each: st.lists(each, max_size=2) | st.dictionaries(KEYS, each, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(st.sampled_from(FIELDS), JUNK, max_size=4), st.sampled_from(["/chat/completions", "/embeddings"])
)
def test_nothing_that_is_json_crashes(fields: dict[str, Any], path: str) -> None:
    """Answered, or refused with an error object that blames a parameter."""
    played = play({"model": "think+fast", "messages": [USER], "input": "x"} | fields, path)
    assert played.failure is None
    if played.status == 200 and fields.get("stream") is True and path == "/chat/completions":
        assert played.chunks
    elif played.status == 200:
        assert played.json["usage"]["total_tokens"] >= 0
    else:
        assert played.status == 400
        assert orjson.loads(played.body)["error"]["param"]
