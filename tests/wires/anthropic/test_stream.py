"""Event streams: (events, what the client is told), whatever the chunking."""

from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.wires.anthropic.support import (
    MESSAGE_STOP,
    TEXT,
    delta,
    kept,
    message_delta,
    message_start,
    read,
    reader,
    start,
    stop,
    tool_use,
)
from tests.wires.support import SSE, as_client, call, sse
from trunkline.hub.completion import fold
from trunkline.types import Json

START = message_start(input_tokens=3, output_tokens=1)
PING = {"type": "ping"}
HELLO = [start(0, TEXT), delta(0, type="text_delta", text="né"), delta(0, type="text_delta", text="b"), stop(0)]
END = [message_delta("end_turn", {"output_tokens": 5}), MESSAGE_STOP]
SIGNED: Json = {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1", "index": 0}
BODY: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}


def json_delta(index: int, piece: str) -> Json:
    return delta(index, type="input_json_delta", partial_json=piece)


def function(identity: str, arguments: str) -> Json:
    return {"id": identity, "type": "function", "function": {"name": "f", "arguments": arguments}}


def thinks(index: int, *deltas: Json) -> list[Json]:
    return [start(index, {"type": "thinking", "thinking": "", "signature": ""}), *deltas, stop(index)]


HM = delta(0, type="thinking_delta", thinking="hm")
SIGNATURE = delta(0, type="signature_delta", signature="s")
CITED = {"type": "web_search_result_location", "url": "https://x", "title": "t", "cited_text": "c"}
NOTE = {"type": "url_citation", "url_citation": {"start_index": 0, "end_index": 3, "title": "t", "url": "https://x"}}

# Events between message_start and the end -> the message they tell.
BLOCKS: dict[str, tuple[list[Json], Json]] = {
    "text": (HELLO, {"content": "néb"}),
    "nothing": ([], {}),
    "text in its opening": ([start(0, {**TEXT, "text": "a"}), stop(0)], {"content": "a"}),
    "two texts": ([*HELLO, start(1, TEXT), delta(1, type="text_delta", text="c"), stop(1)], {"content": "nébc"}),
    "pings": ([PING, *HELLO, PING], {"content": "néb"}),
    "events nobody knows": (
        [{"type": "x"}, start(0, {"type": "y"}), delta(0, type="z"), stop(0), *HELLO],
        {"content": "néb"},
    ),
    "a call": (
        [start(0, tool_use("1")), json_delta(0, ""), json_delta(0, '{"a": "\\u00'), json_delta(0, 'e9"}'), stop(0)],
        {"tool_calls": [function("1", '{"a": "\\u00e9"}')]},
    ),
    "a call without arguments": (
        [start(0, tool_use("1")), json_delta(0, ""), stop(0)],
        {"tool_calls": [function("1", "{}")]},
    ),
    "a call without deltas": ([start(0, tool_use("1")), stop(0)], {"tool_calls": [function("1", "{}")]}),
    "arguments in the opening": ([start(0, tool_use("1", a=1)), stop(0)], {"tool_calls": [function("1", '{"a":1}')]}),
    "arguments in both": (
        [start(0, tool_use("1", a=1)), json_delta(0, '{"a":2}'), stop(0)],
        {"tool_calls": [function("1", '{"a":2}')]},
    ),
    "calls at once": (
        [start(1, tool_use("1")), start(2, tool_use("2")), json_delta(2, "{}"), json_delta(1, "[]"), stop(1), stop(2)],
        {"tool_calls": [function("1", "[]"), function("2", "{}")]},
    ),
    "a call of free text": (
        [start(0, tool_use("1", "free")), json_delta(0, '{"input":'), json_delta(0, '"x"}'), stop(0)],
        {"tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "free", "input": "x"}}]},
    ),
    "their own tools": (
        [start(0, {**tool_use(), "type": "server_tool_use"}), json_delta(0, '{"q":1}'), stop(0), *HELLO],
        {"content": "néb", "reasoning_details": [kept({**tool_use(q=1), "type": "server_tool_use"})]},
    ),
    "what came in pieces that nobody knows": (
        [start(0, {"type": "y", "z": 1}), delta(0, type="y_delta", y=1), stop(0), *HELLO],
        {"content": "néb"},
    ),
    "what was cut off": (
        [start(0, {**tool_use(), "type": "server_tool_use"}), json_delta(0, '{"q":'), stop(0), *HELLO],
        {"content": "néb"},
    ),
    "deltas of no block": ([json_delta(7, "{}"), stop(7), *HELLO], {"content": "néb"}),
    "thinking": (
        thinks(0, HM, SIGNATURE),
        {"reasoning_content": "hm", "reasoning_details": [SIGNED]},
    ),
    "thinking left out": (thinks(0, SIGNATURE), {"reasoning_details": [{**SIGNED, "text": ""}]}),
    "thinking kept secret": (
        [start(0, {"type": "redacted_thinking", "data": "d"}), stop(0)],
        {
            "reasoning_details": [
                {"type": "reasoning.encrypted", "data": "d", "format": "anthropic-claude-v1", "index": 0}
            ]
        },
    ),
    "thinking in between": (
        [*HELLO, *thinks(1, {**HM, "index": 1}, {**SIGNATURE, "index": 1})],
        {
            "content": "néb",
            "reasoning_content": "hm",
            "reasoning_details": [{**SIGNED, "position": {"text": 3, "calls": 0}}],
        },
    ),
    "citations": (
        [HELLO[0], delta(0, type="citations_delta", citation=CITED), *HELLO[1:]],
        {"content": "néb", "annotations": [NOTE]},
    ),
}


@pytest.mark.parametrize(("events", "said"), BLOCKS.values(), ids=BLOCKS)
def test_blocks(events: list[Json], said: Json) -> None:
    outcome = in_all_ways(reader(call(stream=True, body=BODY), SSE), sse(START, *events, *END))
    assert (outcome.failed, outcome.done) == (None, True)
    completion = fold(as_client(outcome.events), None)
    (choice,) = completion["choices"]
    assert choice["message"] == {"role": "assistant", "content": None, **said}
    assert choice["finish_reason"] == ("tool_calls" if "tool_calls" in said else "stop")
    assert (completion["id"], completion["model"]) == ("msg_1", "claude-x")


@pytest.mark.parametrize(("events", "said"), BLOCKS.values(), ids=BLOCKS)
def test_a_stream_where_a_whole_answer_was_asked_for(events: list[Json], said: Json) -> None:
    (answer,) = in_all_ways(reader(call(body=BODY), SSE), sse(START, *events, *END)).events
    assert answer["choices"][0]["message"] == {"role": "assistant", "content": None, **said}
    assert answer["usage"]["total_tokens"] == 8


def test_pings_are_told() -> None:
    outcome = read(call(stream=True), SSE, [sse(PING, START, PING, *HELLO, *END) + b": x\n\n"])
    assert outcome.events.count("ping") == 2


def test_counts_replace_each_other() -> None:
    begun = message_start(input_tokens=3, cache_read_input_tokens=2, output_tokens=1)
    usage = {"input_tokens": 4, "output_tokens": 9, "cache_read_input_tokens": None}
    outcome = read(
        call(stream=True),
        SSE,
        [sse(begun, *HELLO, message_delta(None, {"output_tokens": 5}), message_delta("end_turn", usage))],
    )
    assert outcome.events[-1]["usage"] == {
        "prompt_tokens": 6,
        "completion_tokens": 9,
        "total_tokens": 15,
        "prompt_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 0},
    }


REASONS = {
    "refusal": (message_delta("refusal", stop_details={"explanation": "no"}), "content_filter", "no"),
    "refusal without words": (message_delta("refusal", stop_details=None), "content_filter", None),
    "limit": (message_delta("max_tokens"), "length", None),
    "pause": (message_delta("pause_turn"), "stop", None),
    "unknown": (message_delta("x"), "stop", None),
}


@pytest.mark.parametrize(("end", "finish", "refusal"), REASONS.values(), ids=REASONS)
def test_how_it_ends(end: Json, finish: str, refusal: str | None) -> None:
    (choice,) = fold(as_client(read(call(stream=True), SSE, [sse(START, end, MESSAGE_STOP)]).events), None)["choices"]
    assert (choice["finish_reason"], choice["message"].get("refusal")) == (finish, refusal)
    assert choice["message"]["content"] is None


def error(kind: str, message: str = "m") -> Json:
    return {"type": "error", "error": {"type": kind, "message": message}}


OVERLOADED = error("overloaded_error")
BAD = b"event: message_start\ndata: {\n\n"

FAILURES: dict[str, tuple[bytes, str]] = {
    "at once": (sse(OVERLOADED), "overloaded"),
    "after message_start": (sse(START, OVERLOADED), "overloaded"),
    "after text": (sse(START, *HELLO, OVERLOADED), "overloaded"),
    "api_error": (sse(START, error("api_error")), "server_error"),
    "rate limit": (sse(START, error("rate_limit_error")), "rate_limit"),
    "timeout": (sse(START, error("timeout_error")), "timeout"),
    "billing": (sse(START, error("billing_error")), "quota"),
    "too long": (sse(START, error("invalid_request_error", "prompt is too long: 9 > 8")), "context_window"),
    "unknown": (sse(START, error("x")), "server_error"),
    "no JSON": (sse(START) + BAD, "invalid_response"),
    "no object": (sse(START) + b"data: []\n\n", "invalid_response"),
    "text that is none": (sse(START, HELLO[0], delta(0, type="text_delta", text=1)), "invalid_response"),
    "no message": (sse({"type": "message_start"}), "invalid_response"),
    "HTML": (b"data: <html>\n\n", "invalid_response"),
}


@pytest.mark.parametrize(("body", "kind"), FAILURES.values(), ids=FAILURES)
def test_what_ends_a_stream(body: bytes, kind: str) -> None:
    outcome = in_all_ways(reader(call(stream=True), SSE), body)
    assert (outcome.failed or ("",))[0] == kind
    assert (in_all_ways(reader(call(), SSE), body).failed or ("",))[0] == kind


def test_nothing_counts_after_message_stop() -> None:
    outcome = read(call(stream=True), SSE, [sse(START, *HELLO, *END, OVERLOADED) + BAD])
    assert (outcome.failed, outcome.done) == (None, True)


def test_an_ending_of_openai() -> None:
    assert read(call(stream=True), SSE, [sse(START, *HELLO, END[0]) + b"data: [DONE]\n\n"]).done


def test_a_whole_answer_cannot_fail_any_more() -> None:
    (answer,) = in_all_ways(reader(call(), SSE), sse(START, *HELLO, END[0], OVERLOADED)).events
    assert answer["choices"][0]["message"]["content"] == "néb"


def test_no_finish_reason_is_made_up() -> None:
    events: list[Any] = read(call(stream=True), SSE, [sse(START, *HELLO, MESSAGE_STOP)]).events
    assert not any(choice.get("finish_reason") for event in events for choice in event.get("choices", ()))


def test_events_without_names() -> None:
    body = b"".join(b"data: %b\n\n" % orjson.dumps(event) for event in (START, *HELLO, *END))
    assert (
        fold(as_client(read(call(stream=True), SSE, [body]).events), None)["choices"][0]["message"]["content"] == "néb"
    )
