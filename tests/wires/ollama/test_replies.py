"""Answers: rows of (lines, chunks) and (object, completion), in any pieces."""

from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.wires.ollama.support import NDJSON, end, line, lines, read, reader, tool_call
from tests.wires.support import JSON, Outcome, as_client, call
from trunkline.types import Json

STREAM, UNARY = call(stream=True), call()
FREE: Json = {"tools": [{"type": "custom", "custom": {"name": "g"}}]}
COUNTS: Json = {"prompt_eval_count": 5, "eval_count": 7}
USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
THOUGHT: Json = {
    "reasoning_content": "hm",
    "reasoning_details": [{"type": "reasoning.text", "text": "hm", "format": "ollama-v1", "index": 0}],
}
TOKEN: Json = {"token": "a", "logprob": -0.5}


def chunk(delta: Json, finish: str | None = None, usage: Json | None = None, **choice: Any) -> Json:
    return {
        "model": "m", "choices": [{"index": 0, "delta": delta, "finish_reason": finish, **choice}], "usage": usage
    }  # fmt: skip


def made(number: int, name: str = "f", arguments: str = "{}") -> Json:
    """A call without an id of its own."""
    identity = f"call_0123456789ab_{number}"
    return {"index": number, "id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


STREAMS: dict[str, tuple[bytes, list[Json]]] = {
    "text": (
        lines(line("né"), line("🙂"), end(**COUNTS)),
        [chunk({"content": "né"}), chunk({"content": "🙂"}), chunk({}, "stop", USAGE)],
    ),
    "thinking": (
        lines(line(thinking="hm"), line("a"), end()),
        [chunk(THOUGHT), chunk({"content": "a"}), chunk({}, "stop")],
    ),
    "both in one line": (
        lines(line("a", thinking="hm"), end()),
        [chunk({**THOUGHT, "content": "a"}), chunk({}, "stop")],
    ),
    "calls without ids, each line counting anew": (
        lines(line(tool_calls=[tool_call(a=1)]), line(tool_calls=[tool_call("g")]), end()),
        [chunk({"tool_calls": [made(0, arguments='{"a":1}')]}), chunk({"tool_calls": [made(1, "g")]}),
         chunk({}, "tool_calls")],
    ),
    "two calls in one line": (
        lines(line(tool_calls=[tool_call(), tool_call("g")]), end()),
        [chunk({"tool_calls": [made(0), made(1, "g")]}), chunk({}, "tool_calls")],
    ),
    "a call with an id": (
        lines(line(tool_calls=[tool_call("f", "call_x")]), end()),
        [chunk({"tool_calls": [{**made(0), "id": "call_x"}]}), chunk({}, "tool_calls")],
    ),
    "a call in the last line": (
        lines({**end(), "message": {"role": "assistant", "content": "", "tool_calls": [tool_call()]}}),
        [chunk({"tool_calls": [made(0)]}, "tool_calls")],
    ),
    "arguments as text": (
        lines(line(tool_calls=[{"function": {"name": "f", "arguments": '{"a": 1}'}}]), end()),
        [chunk({"tool_calls": [made(0, arguments='{"a": 1}')]}), chunk({}, "tool_calls")],
    ),
    "cut off": (lines(line("a"), end("length")), [chunk({"content": "a"}), chunk({}, "length")]),
    "cut off after a call": (
        lines(line(tool_calls=[tool_call()]), end("length")),
        [chunk({"tool_calls": [made(0)]}), chunk({}, "length")],
    ),
    "loaded": (lines(end("load")), [chunk({}, "stop")]),
    "a reason nobody knows": (lines(line("a"), end("tired")), [chunk({"content": "a"}), chunk({}, "stop")]),
    "done, and not why": (lines(line("a"), end(None)), [chunk({"content": "a"}), chunk({}, "stop")]),
    "nothing was counted of the prompt": (
        lines(end(eval_count=7)),
        [chunk({}, "stop", {"prompt_tokens": 0, "completion_tokens": 7, "total_tokens": 7})],
    ),
    "log probabilities": (
        lines({**line("a"), "logprobs": [{**TOKEN, "bytes": [97], "top_logprobs": [TOKEN]}, TOKEN]}, end()),
        [
            chunk(
                {"content": "a"},
                logprobs={
                    "content": [
                        {**TOKEN, "bytes": [97], "top_logprobs": [{**TOKEN, "bytes": None}]},
                        {**TOKEN, "bytes": None, "top_logprobs": []},
                    ],
                    "refusal": None,
                },
            ),
            chunk({}, "stop"),
        ],
    ),
    "whatever else": (
        lines({**line("a", images=None, mood="good"), "zzz": [1]}, end(total_duration=1)),
        [chunk({"content": "a"}), chunk({}, "stop")],
    ),
    "CRLF, and no end of line at the end": (
        lines(line("a"), end()).replace(b"\n", b"\r\n").removesuffix(b"\r\n"),
        [chunk({"content": "a"}), chunk({}, "stop")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "chunks"), STREAMS.values(), ids=STREAMS)
@pytest.mark.parametrize("content_type", [NDJSON, "application/json"])
def test_streams(data: bytes, chunks: list[Json], content_type: str) -> None:
    """ollama.com calls its streams `application/json`."""
    assert in_all_ways(reader(STREAM, content_type), data) == Outcome(chunks, None, done=True)


def test_blank_lines_are_signs_of_life() -> None:
    told = in_all_ways(reader(STREAM, NDJSON), b"\n\r\n" + lines(line("a"), end()))
    assert told.events == ["ping", "ping", chunk({"content": "a"}), chunk({}, "stop")]


def test_thinking_in_pieces_is_one_entry() -> None:
    told = read(STREAM, NDJSON, [lines(line(thinking="h"), line(thinking="m"), line("a"), end())])
    details = [d for one in as_client(told.events) for d in one["choices"][0]["delta"].get("reasoning_details", ())]
    assert details == THOUGHT["reasoning_details"]


def test_what_a_client_sees() -> None:
    told = read(STREAM, NDJSON, [STREAMS["calls without ids, each line counting anew"][0]])
    ids = [call_["id"] for one in as_client(told.events) for call_ in one["choices"][0]["delta"].get("tool_calls", ())]
    assert ids == ["call_0123456789ab_0", "call_0123456789ab_1"]


def test_a_tool_of_free_text_is_called_with_text() -> None:
    asked = call(stream=True, body=FREE)
    first, *_ = read(asked, NDJSON, [lines(line(tool_calls=[tool_call("g", input="x")]), end())]).events
    (called,) = first["choices"][0]["delta"]["tool_calls"]
    assert (called["type"], called["custom"]) == ("custom", {"name": "g", "input": "x"})


BROKEN: dict[str, tuple[bytes, int, tuple[str, str]]] = {
    "an error in between": (
        lines(line("a"), {"error": "an error was encountered while running the model: EOF"}),
        1,
        ("server_error", "an error was encountered while running the model: EOF"),
    ),
    "an error at once": (lines({"error": "prompt too long; exceeded max context length by 3 tokens"}), 0,
                         ("context_window", "prompt too long; exceeded max context length by 3 tokens")),
    "no JSON": (lines(line("a")) + b"{\n", 1, ("invalid_response", "a line of the stream is not valid JSON")),
    "no object": (b"[]\n", 0, ("invalid_response", "a line of the stream is not a JSON object")),
    "a message that is none": (
        lines({"message": "hi"}), 0, ("invalid_response", "`message` of the answer is not an object")
    ),
    "a call of nothing": (
        lines(line(tool_calls=[{}])),
        0,
        ("invalid_response", "a tool call of the answer has no function with a name"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("data", "before", "failed"), BROKEN.values(), ids=BROKEN)
def test_broken_streams(data: bytes, before: int, failed: tuple[str, str]) -> None:
    told = in_all_ways(reader(STREAM, NDJSON), data)
    assert (len(told.events), told.failed, told.done) == (before, (*failed, None), False)


def test_who_just_ends_was_not_done() -> None:
    """So that nobody takes what came for the whole answer."""
    told = read(STREAM, NDJSON, [lines(line("a"))])
    assert (told.events, told.done) == ([chunk({"content": "a"})], False)


WHOLE: Json = {
    "model": "m",
    "message": {"role": "assistant", "content": "a", "thinking": "hm", "tool_calls": [tool_call(a=1), tool_call("g")]},
    "done": True,
    "done_reason": "stop",
    "logprobs": [TOKEN],
    **COUNTS,
}
FUNCTION_CALLS = [
    {k: v for k, v in each.items() if k != "index"} for each in (made(0, arguments='{"a":1}'), made(1, "g"))
]


def test_a_whole_answer() -> None:
    (told,) = in_all_ways(reader(UNARY, JSON), orjson.dumps(WHOLE)).events
    assert (told["model"], told["usage"], told["created"], told["id"]) == ("m", USAGE, 42, "chatcmpl-req-0123456789ab")
    (choice,) = told["choices"]
    assert choice["message"] == {
        "role": "assistant", "content": "a", "refusal": None, "tool_calls": FUNCTION_CALLS, **THOUGHT
    }  # fmt: skip
    assert choice["finish_reason"] == "tool_calls"
    assert choice["logprobs"] == {"content": [{**TOKEN, "bytes": None, "top_logprobs": []}], "refusal": None}


def test_lines_where_one_answer_was_asked_for() -> None:
    (told,) = read(UNARY, NDJSON, [lines(line("a"), line("b", thinking="hm"), end(**COUNTS))]).events
    assert (told["choices"][0]["message"]["content"], told["usage"]) == ("ab", USAGE)


def test_one_answer_where_lines_were_asked_for() -> None:
    told = read(STREAM, JSON, [orjson.dumps(WHOLE)])
    assert told.done
    (only,) = told.events
    assert only["choices"][0]["delta"]["content"] == "a"
    assert (only["choices"][0]["finish_reason"], only["usage"]) == ("tool_calls", USAGE)


WRONG: dict[str, tuple[Any, str, str]] = {
    "an error": ({"error": "boom"}, "server_error", "boom"),
    "no message": ({"done": True}, "invalid_response", "the answer has no message"),
    "no object": ([1], "invalid_response", "the answer is not a JSON object"),
}


@pytest.mark.parametrize(("body", "kind", "words"), WRONG.values(), ids=WRONG)
def test_wrong_answers(body: Any, kind: str, words: str) -> None:
    assert read(UNARY, JSON, [orjson.dumps(body)]).failed == (kind, words, None)


def test_a_page_is_no_answer() -> None:
    failed = read(UNARY, "text/html; charset=utf-8", [b"<html>"]).failed
    assert failed is not None
    assert failed[0] == "invalid_response"


def embedded(body: Json, asked: Json | None = None) -> Outcome:
    return read(call("embeddings", body=asked or {"input": "a"}), JSON, [orjson.dumps(body)])


def test_embeddings() -> None:
    body = {"model": "m", "embeddings": [[1.0, 2.0], [3.0, 4.0]], "prompt_eval_count": 4}
    (told,) = embedded(body, {"input": ["a", "b"]}).events
    assert told == {
        "object": "list",
        "model": "m",
        "data": [
            {"object": "embedding", "index": 0, "embedding": [1.0, 2.0]},
            {"object": "embedding", "index": 1, "embedding": [3.0, 4.0]},
        ],
        "usage": {"prompt_tokens": 4, "total_tokens": 4},
    }


def test_embeddings_in_base64() -> None:
    (told,) = embedded({"embeddings": [[1.0, 2.0]]}, {"input": "a", "encoding_format": "base64"}).events
    assert (told["data"][0]["embedding"], told["model"]) == ("AACAPwAAAEA=", "newest:1b")
    assert "usage" not in told


@pytest.mark.parametrize("body", [{}, {"embeddings": []}, {"embeddings": [[]]}, {"error": "boom"}])
def test_no_embeddings(body: Json) -> None:
    assert embedded(body).failed is not None
