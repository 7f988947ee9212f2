"""Whole answers: (body, what the client is told)."""

from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.wires.cohere.support import USAGE, read, reader
from tests.wires.support import JSON, as_client, call
from trunkline.hub.completion import fold
from trunkline.types import Json

BODY: Json = {
    "tools": [
        {"type": "custom", "custom": {"name": "free-text"}},
        {"type": "function", "function": {"name": "get-it"}},
    ]
}
FORM = {"type": "reasoning.text", "format": "cohere-v2"}
DOCUMENT: Json = {"type": "document", "id": "1", "document": {"url": "https://x", "title": "t", "text": "a"}}
CITED: Json = {"start": 1, "end": 2, "text": "b", "sources": [DOCUMENT], "type": "TEXT_CONTENT"}


def answer(reason: str | None = "COMPLETE", **message: Any) -> Json:
    return {"id": "uuid-1", "finish_reason": reason, "message": {"role": "assistant", **message}, "usage": USAGE}


def block(said: Any, kind: str = "text") -> Json:
    return {"type": kind, kind: said}


def calls(name: str = "f", arguments: Any = "{}", **more: Any) -> Json:
    return {"id": "f_1", "type": "function", "function": {"name": name, "arguments": arguments}, **more}


# Name -> body, what the message says beside its role and a refusal of null, finish.
ROWS: dict[str, tuple[Json, Json, str]] = {
    "text": (answer(content=[block("né"), block("b")]), {"content": "néb"}, "stop"),
    "text that is no list": (answer(content="a"), {"content": "a"}, "stop"),
    "length": (answer("MAX_TOKENS", content=[block("a")]), {"content": "a"}, "length"),
    "no reason": (answer(None, content=[block("a")]), {"content": "a"}, "stop"),
    "no reason with calls": (
        answer(None, tool_calls=[calls()]),
        {"content": None, "tool_calls": [calls()]},
        "tool_calls",
    ),
    "a reason nobody knows": (
        answer("NEW", tool_calls=[calls()]),
        {"content": None, "tool_calls": [calls()]},
        "tool_calls",
    ),
    "thinking": (
        answer(content=[block("hm", "thinking"), block("a")]),
        {"content": "a", "reasoning_content": "hm", "reasoning_details": [{**FORM, "text": "hm", "index": 0}]},
        "stop",
    ),
    "two thoughts": (
        answer(content=[block("h", "thinking"), block("a"), block("m", "thinking")]),
        {
            "content": "a",
            "reasoning_content": "hm",
            "reasoning_details": [{**FORM, "text": "h", "index": 0}, {**FORM, "text": "m", "index": 1}],
        },
        "stop",
    ),
    "a plan and a call": (
        answer("TOOL_CALL", tool_plan="I will", tool_calls=[calls(arguments='{"a":1}')]),
        {
            "content": None,
            "reasoning_content": "I will",
            "reasoning_details": [{**FORM, "text": "I will", "index": 0, "part": "tool_plan"}],
            "tool_calls": [calls(arguments='{"a":1}')],
        },
        "tool_calls",
    ),
    "a thought and a plan": (
        answer("TOOL_CALL", content=[block("hm", "thinking")], tool_plan="so", tool_calls=[calls()]),
        {
            "content": None,
            "reasoning_content": "hmso",
            "reasoning_details": [
                {**FORM, "text": "hm", "index": 0},
                {**FORM, "text": "so", "index": 1, "part": "tool_plan"},
            ],
            "tool_calls": [calls()],
        },
        "tool_calls",
    ),
    "arguments of null": (
        answer("TOOL_CALL", tool_calls=[calls(arguments=None)]),
        {"content": None, "tool_calls": [calls()]},
        "tool_calls",
    ),
    "empty arguments": (
        answer("TOOL_CALL", tool_calls=[calls(arguments="")]),
        {"content": None, "tool_calls": [calls()]},
        "tool_calls",
    ),
    "arguments that are an object": (
        answer("TOOL_CALL", tool_calls=[calls(arguments={"a": 1})]),
        {"content": None, "tool_calls": [calls(arguments='{"a":1}')]},
        "tool_calls",
    ),
    "calls without ids": (
        answer("TOOL_CALL", tool_calls=[calls(id=""), calls(id=None)]),
        {
            "content": None,
            "tool_calls": [calls(id="call_0123456789ab_0"), calls(id="call_0123456789ab_1")],
        },
        "tool_calls",
    ),
    "a call by its other name": (
        answer("TOOL_CALL", tool_calls=[calls("get_it")]),
        {"content": None, "tool_calls": [calls("get-it")]},
        "tool_calls",
    ),
    "a call in free text": (
        answer("TOOL_CALL", tool_calls=[calls("free_text", '{"input":"né"}')]),
        {
            "content": None,
            "tool_calls": [{"id": "f_1", "type": "custom", "custom": {"name": "free-text", "input": "né"}}],
        },
        "tool_calls",
    ),
    "citations": (
        answer(content=[block("ab")], citations=[CITED]),
        {
            "content": "ab",
            "annotations": [
                {
                    "type": "url_citation",
                    "url_citation": {"start_index": 1, "end_index": 2, "title": "t", "url": "https://x"},
                }
            ],
            "citations": [CITED],
        },
        "stop",
    ),
    "citations of what has no address": (
        answer(content=[block("ab")], citations=[{**CITED, "sources": [{"type": "tool", "tool_output": {"url": 1}}]}]),
        {"content": "ab", "citations": [{**CITED, "sources": [{"type": "tool", "tool_output": {"url": 1}}]}]},
        "stop",
    ),
    "blocks nobody knows": (answer(content=[{"type": "new", "new": 1}, "x", block("a")]), {"content": "a"}, "stop"),
    "no content": (answer(), {"content": None}, "stop"),
}


@pytest.mark.parametrize(("body", "message", "finish"), ROWS.values(), ids=ROWS)
def test_answers(body: Json, message: Json, finish: str) -> None:
    outcome = in_all_ways(reader(call(body=BODY), JSON), orjson.dumps(body))
    assert outcome.failed is None
    (told,) = outcome.events
    assert (told["id"], told["object"], told["created"], told["model"]) == (
        "uuid-1", "chat.completion", 42, "command-a-03-2025",
    )  # fmt: skip
    (choice,) = told["choices"]
    assert choice["message"] == {"role": "assistant", "refusal": None, **message}
    assert choice["finish_reason"] == finish


@pytest.mark.parametrize(("body", "message", "finish"), ROWS.values(), ids=ROWS)
def test_answers_told_as_streams(body: Json, message: Json, finish: str) -> None:
    outcome = read(call(stream=True, body=BODY), JSON, [orjson.dumps(body)])
    assert outcome.failed is None
    choice = fold(as_client(outcome.events), None)["choices"][0]
    assert choice["message"] == {"role": "assistant", **message}
    assert choice["finish_reason"] == finish


# Name -> Cohere's usage, ours.
COUNTED: dict[str, tuple[Any, Json | None]] = {
    "all": (
        {**USAGE, "tokens": {"input_tokens": 503.0, "output_tokens": 7.0, "reasoning_tokens": 3.0}},
        {
            "prompt_tokens": 503,
            "completion_tokens": 7,
            "total_tokens": 510,
            "prompt_tokens_details": {"cached_tokens": 448},
            "completion_tokens_details": {"reasoning_tokens": 3},
            "billed_units": {"input_tokens": 8.0, "output_tokens": 5.0},
        },
    ),
    "tokens alone": (
        {"tokens": {"input_tokens": 3, "output_tokens": 2}},
        {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5},
    ),
    "billed units alone": (
        {"billed_units": {"input_tokens": 3, "output_tokens": 2}},
        {
            "prompt_tokens": 3,
            "completion_tokens": 2,
            "total_tokens": 5,
            "billed_units": {"input_tokens": 3, "output_tokens": 2},
        },
    ),
    "nothing": ({}, None),
    "null": (None, None),
    "no object": ([1], None),
}


@pytest.mark.parametrize(("usage", "wanted"), COUNTED.values(), ids=COUNTED)
def test_usage(usage: Any, wanted: Json | None) -> None:
    (told,) = read(call(), JSON, [orjson.dumps({**answer(content=[block("a")]), "usage": usage})]).events
    assert told.get("usage") == wanted


def test_logprobs() -> None:
    items = [{"text": "a", "token_ids": [1], "logprobs": [-0.5, True, "x"]}, {"text": "b", "token_ids": [2]}]
    (told,) = read(call(), JSON, [orjson.dumps({**answer(content=[block("ab")]), "logprobs": items})]).events
    known = {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}
    assert told["choices"][0]["logprobs"] == {"content": [known], "refusal": None}


FAILED: dict[str, tuple[Any, tuple[str, str, str | None]]] = {
    "an error": (answer("ERROR"), ("server_error", "the generation ended with ERROR", None)),
    "an error with words": ({**answer("ERROR"), "error": "no"}, ("server_error", "no", None)),
    "too late": (answer("TIMEOUT", content=[block("a")]), ("timeout", "the generation ended with TIMEOUT", None)),
    "an error with a good status": ({"id": "1", "message": "m", "error_type": "E"}, ("server_error", "m", "E")),
    "an error of others": ({"error": {"message": "m"}}, ("server_error", "m", None)),
    "no message": ({"id": "1"}, ("invalid_response", "the answer has no message", None)),
    "no object": ([], ("invalid_response", "the answer is not a JSON object", None)),
    "text that is none": (
        answer(content=[block(1)]),
        ("invalid_response", "`text` of the answer is not a string", None),
    ),
    "a call that is none": (
        answer(tool_calls=["x"]),
        ("invalid_response", "a tool call of the answer is not an object", None),
    ),
}


@pytest.mark.parametrize(("body", "wanted"), FAILED.values(), ids=FAILED)
def test_failures(body: Any, wanted: tuple[str, str, str | None]) -> None:
    assert read(call(), JSON, [orjson.dumps(body)]).failed == wanted


def test_a_page_is_no_answer() -> None:
    failed = read(call(), "text/html", [b"<html>"]).failed
    assert failed is not None
    assert failed[0] == "invalid_response"
