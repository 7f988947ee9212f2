"""Whole messages: (message, what the client is told), as one answer and as a stream."""

from typing import Any

import orjson
import pytest

from tests.wires.anthropic.support import kept, read, tool_use
from tests.wires.support import JSON, SSE, as_client, call
from trunkline.catalog import billed_usage
from trunkline.hub.completion import fold
from trunkline.types import Json

USAGE = {"input_tokens": 3, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 7, "output_tokens": 11}
THINKING = {"type": "thinking", "thinking": "hm", "signature": "s"}
FORM = {"format": "anthropic-claude-v1"}
DETAIL = {"type": "reasoning.text", "text": "hm", "signature": "s", **FORM, "index": 0}


def message(*content: Json, stop_reason: Any = "end_turn", **rest: Any) -> Json:
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-x", "content": list(content),
        "stop_reason": stop_reason, "usage": {"input_tokens": 1, "output_tokens": 2}, **rest,
    }  # fmt: skip


def text(words: str, **rest: Any) -> Json:
    return {"type": "text", "text": words, **rest}


def function(identity: str, name: str = "f", arguments: str = "{}") -> Json:
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


CITED = [{"type": "web_search_result_location", "url": "https://x", "title": "t"}, {"type": "char_location"}]
NOTE = {"type": "url_citation", "url_citation": {"start_index": 2, "end_index": 4, "title": "t", "url": "https://x"}}

# Message -> the choice's message, and its finish reason.
ROWS: dict[str, tuple[Json, Json, str]] = {
    "text": (message(text("a"), text("b")), {"content": "ab"}, "stop"),
    "nothing": (message(), {"content": None}, "stop"),
    "stop sequence": (message(text("a"), stop_reason="stop_sequence"), {"content": "a"}, "stop"),
    "limit": (message(text("a"), stop_reason="max_tokens"), {"content": "a"}, "length"),
    "context": (message(text("a"), stop_reason="model_context_window_exceeded"), {"content": "a"}, "length"),
    "a reason nobody knows": (message(text("a"), stop_reason="x"), {"content": "a"}, "stop"),
    "no reason": (message(text("a"), stop_reason=None), {"content": "a"}, "stop"),
    "refusal": (message(stop_reason="refusal"), {"content": None}, "content_filter"),
    "refusal with words": (
        message(stop_reason="refusal", stop_details={"type": "refusal", "category": "bio", "explanation": "no"}),
        {"content": None, "refusal": "no"},
        "content_filter",
    ),
    "calls": (
        message(tool_use("1", a=1), tool_use("2"), stop_reason="tool_use"),
        {"content": None, "tool_calls": [function("1", arguments='{"a":1}'), function("2")]},
        "tool_calls",
    ),
    "calls and a stop": (message(tool_use("1")), {"content": None, "tool_calls": [function("1")]}, "tool_calls"),
    "calls cut off": (
        message(tool_use("1"), stop_reason="max_tokens"),
        {"content": None, "tool_calls": [function("1")]},
        "length",
    ),
    "a call of free text": (
        message(tool_use("1", "free", input="x")),
        {"content": None, "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "free", "input": "x"}}]},
        "tool_calls",
    ),
    "their own tools": (
        message(
            text("a"), {**tool_use(), "type": "server_tool_use"}, {"type": "web_search_tool_result"}, {"type": "x"}
        ),
        {
            "content": "a",
            "reasoning_details": [
                kept({**tool_use(), "type": "server_tool_use"}, position={"text": 1, "calls": 0}),
                kept({"type": "web_search_tool_result"}, 1, position={"text": 1, "calls": 0}),
                kept({"type": "x"}, 2, position={"text": 1, "calls": 0}),
            ],
        },
        "stop",
    ),
    "thinking": (
        message(THINKING, text("a")),
        {"content": "a", "reasoning_content": "hm", "reasoning_details": [DETAIL]},
        "stop",
    ),
    "thinking left out": (
        message({**THINKING, "thinking": ""}, text("a")),
        {"content": "a", "reasoning_details": [{**DETAIL, "text": ""}]},
        "stop",
    ),
    "thinking kept secret": (
        message({"type": "redacted_thinking", "data": "d"}, text("a")),
        {"content": "a", "reasoning_details": [{"type": "reasoning.encrypted", "data": "d", **FORM, "index": 0}]},
        "stop",
    ),
    "thinking in between": (
        message(text("né"), THINKING, tool_use("1"), THINKING),
        {
            "content": "né",
            "reasoning_content": "hmhm",
            "reasoning_details": [
                {**DETAIL, "position": {"text": 2, "calls": 0}},
                {**DETAIL, "index": 1, "position": {"text": 2, "calls": 1}},
            ],
            "tool_calls": [function("1")],
        },
        "tool_calls",
    ),
    "citations": (message(text("né"), text("bc", citations=CITED)), {"content": "nébc", "annotations": [NOTE]}, "stop"),
}

BODY: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}


@pytest.mark.parametrize(("given", "said", "finish"), ROWS.values(), ids=ROWS)
def test_a_message(given: Json, said: Json, finish: str) -> None:
    (told,) = read(call(body=BODY), JSON, [orjson.dumps(given)]).events
    assert told["choices"] == [
        {
            "index": 0,
            "message": {"role": "assistant", "refusal": None, **said},
            "logprobs": None,
            "finish_reason": finish,
        }
    ]
    assert (told["id"], told["object"], told["model"], told["created"]) == ("msg_1", "chat.completion", "claude-x", 42)


@pytest.mark.parametrize(("given", "said", "finish"), ROWS.values(), ids=ROWS)
def test_a_message_where_a_stream_was_asked_for(given: Json, said: Json, finish: str) -> None:
    events = read(call(stream=True, body=BODY), JSON, [orjson.dumps(given)]).events
    assert events[-1]["usage"]["total_tokens"] == 3
    (choice,) = fold(as_client(events), None)["choices"]
    assert choice["finish_reason"] == finish
    assert {k: v for k, v in choice["message"].items() if v is not None} == {
        "role": "assistant", **{k: v for k, v in said.items() if v is not None}
    }  # fmt: skip


@pytest.mark.parametrize("streamed", [False, True])
def test_a_pause_is_told(streamed: bool) -> None:
    """Whoever sends the message back as it is, lets Claude go on."""
    given = orjson.dumps(message(text("a"), stop_reason="pause_turn"))
    events = read(call(stream=streamed, body=BODY), JSON, [given]).events
    choice = (fold(as_client(events), None) if streamed else events[0])["choices"][0]
    assert (choice["finish_reason"], choice["native_finish_reason"]) == ("stop", "pause_turn")


COUNTS: dict[str, tuple[Json, Json]] = {
    "plain": (
        {"input_tokens": 3, "output_tokens": 4},
        {
            "prompt_tokens": 3,
            "completion_tokens": 4,
            "total_tokens": 7,
            "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        },
    ),
    "cache": (
        USAGE,
        {
            "prompt_tokens": 15,
            "completion_tokens": 11,
            "total_tokens": 26,
            "prompt_tokens_details": {"cached_tokens": 5, "cache_write_tokens": 7},
        },
    ),
    "cache by its life": (
        {**USAGE, "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 7, "x": 1}},
        {
            "prompt_tokens": 15,
            "completion_tokens": 11,
            "total_tokens": 26,
            "prompt_tokens_details": {"cached_tokens": 5, "cache_write_tokens": 7},
            "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 7},
        },
    ),
    "thinking": (
        {"input_tokens": 3, "output_tokens": 4, "output_tokens_details": {"thinking_tokens": 2}},
        {
            "prompt_tokens": 3,
            "completion_tokens": 4,
            "total_tokens": 7,
            "prompt_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 2},
        },
    ),
}


@pytest.mark.parametrize(("given", "told"), COUNTS.values(), ids=COUNTS)
def test_usage(given: Json, told: Json) -> None:
    (answer,) = read(call(), JSON, [orjson.dumps(message(usage=given))]).events
    assert answer["usage"] == told


def test_what_was_written_for_an_hour_is_billed_as_such() -> None:
    given = {**USAGE, "cache_creation": {"ephemeral_5m_input_tokens": 2, "ephemeral_1h_input_tokens": 5}}
    (answer,) = read(call(), JSON, [orjson.dumps(message(usage=given))]).events
    counted = billed_usage(answer["usage"])
    assert counted is not None
    assert (counted.cache_write, counted.cache_write_1h) == (7, 5)


BROKEN = {
    "HTML": ("text/html", b"<html>", "invalid_response"),
    "empty": (JSON, b"", "invalid_response"),
    "no JSON": (JSON, b"{", "invalid_response"),
    "a list": (JSON, b"[]", "invalid_response"),
    "no content": (JSON, b"{}", "invalid_response"),
    "text that is none": (JSON, orjson.dumps(message(text(1))), "invalid_response"),  # type: ignore[arg-type]
    "an error": (JSON, b'{"type": "error", "error": {"type": "overloaded_error", "message": "m"}}', "overloaded"),
    "an error of theirs": (JSON, b'{"type": "error", "error": {"type": "billing_error", "message": "m"}}', "quota"),
    "a stream without an end": (SSE, b"event: ping\ndata: {}\n\n", "invalid_response"),
}


@pytest.mark.parametrize(("content_type", "body", "kind"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_answer(content_type: str, body: bytes, kind: str) -> None:
    outcome = read(call(), content_type, [body])
    assert (outcome.events, (outcome.failed or ("",))[0]) == ([], kind)
