"""Event streams: (events, what the client is told), whatever the chunking; and the same output told at once."""

from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.wires.responses.support import (
    US,
    added,
    created,
    custom_call,
    delta,
    done,
    ended,
    function_call,
    message,
    read,
    reader,
    response,
    text,
    thought,
)
from tests.wires.support import JSON, SSE, as_client, call, sse
from trunkline.hub.completion import fold
from trunkline.types import Json

PROGRESS = {"type": "response.in_progress", "response": response(status="in_progress")}
HELLO = message(text("néb"))
CITED = {"type": "url_citation", "start_index": 1, "end_index": 2, "title": "t", "url": "https://x"}
FILED = {"type": "file_citation", "file_id": "file-1", "filename": "a.pdf", "index": 3}
LIKELY = {"token": "a", "logprob": -0.5, "bytes": [97], "top_logprobs": []}


def said(index: int, *pieces: str, **rest: Any) -> list[Json]:
    """A message of one text."""
    item = message(text("".join(pieces)), **rest)
    opening = added(index, {**item, "content": []})
    return [opening, *(delta(index, "output_text", piece, content_index=0) for piece in pieces), done(index, item)]


def called(index: int, identity: str, *pieces: str) -> list[Json]:
    whole = function_call(identity, "".join(pieces))
    deltas = [delta(index, "function_call_arguments", piece) for piece in pieces]
    return [added(index, {**whole, "arguments": ""}), *deltas, done(index, whole)]


def thinks(index: int, *pieces: str, secret: str | None = None) -> list[Json]:
    whole = thought("".join(pieces), secret=secret) if pieces else thought(secret=secret)
    deltas = [delta(index, "reasoning_summary_text", piece, summary_index=0) for piece in pieces]
    return [added(index, thought()), *deltas, done(index, whole)]


def function(identity: str, arguments: str = "{}") -> Json:
    return {"id": identity, "type": "function", "function": {"name": "f", "arguments": arguments}}


def detail(index: int, kind: str, before: tuple[int, int] = (0, 0), **what: Any) -> Json:
    """`before`: characters and calls."""
    place = {"position": {"text": before[0], "calls": before[1]}} if any(before) else {}
    return {"type": kind, **what, **US, **place, "index": index}


def hidden(index: int, *before: int) -> Json:
    return detail(index, "reasoning.encrypted", (before[0], before[1]) if before else (0, 0), data="d", id="rs_1")


def summary(index: int, words: str) -> Json:
    return detail(index, "reasoning.summary", summary=words, id="rs_1")


def note(start: int) -> Json:
    cited = {"start_index": start + 1, "end_index": start + 2, "title": "t", "url": "https://x"}
    return {"type": "url_citation", "url_citation": cited}


# Events between the first and the last -> the message they tell.
ITEMS: dict[str, tuple[list[Json], Json]] = {
    "text": (said(0, "né", "b"), {"content": "néb"}),
    "nothing": ([], {}),
    "two messages": ([*said(0, "a"), *said(1, "b")], {"content": "ab"}),
    "text without deltas": ([added(0, message()), done(0, HELLO)], {"content": "néb"}),
    "text that never began": ([done(0, HELLO)], {"content": "néb"}),
    "two texts of which one came in pieces": (
        [
            added(0, message()),
            delta(0, "output_text", "a", content_index=0),
            done(0, message(text("a"), text("b"))),
        ],
        {"content": "ab"},
    ),
    "a delta without its item": ([delta(0, "output_text", "a", content_index=0)], {"content": "a"}),
    "items without a place": (
        [
            {"type": "response.output_item.added", "item": message()},
            {"type": "response.output_text.delta", "item_id": "msg_1", "delta": "a"},
            {"type": "response.output_item.done", "item": message(text("a"))},
        ],
        {"content": "a"},
    ),
    "a refusal": (
        [
            added(0, message()),
            delta(0, "refusal", "n", content_index=0),
            delta(0, "refusal", "o", content_index=0),
            done(0, message({"type": "refusal", "refusal": "no"})),
        ],
        {"refusal": "no"},
    ),
    "a refusal at once": ([done(0, message({"type": "refusal", "refusal": "no"}))], {"refusal": "no"}),
    "a call": (called(0, "1", "", '{"a": "\\u00', 'e9"}'), {"tool_calls": [function("1", '{"a": "\\u00e9"}')]}),
    "a call without deltas": (
        [added(0, function_call("1", "")), done(0, function_call("1"))],
        {"tool_calls": [function("1")]},
    ),
    "a call that never began": ([done(0, function_call("1"))], {"tool_calls": [function("1")]}),
    "a call with its arguments before their time": (
        [added(0, function_call("1")), done(0, function_call("1"))],
        {"tool_calls": [function("1")]},
    ),
    "a call by its item's id": ([done(0, {**function_call("1"), "call_id": None})], {"tool_calls": [function("fc_1")]}),
    "calls count from 0 wherever they stand": (
        [*thinks(0), *called(1, "1", "{}"), *said(2, "a"), *called(5, "2", "[]")],
        {"content": "a", "tool_calls": [function("1"), function("2", "[]")]},
    ),
    "calls at once": (
        [
            added(0, function_call("1", "")),
            added(1, function_call("2", "")),
            delta(1, "function_call_arguments", "[]"),
            delta(0, "function_call_arguments", "{}"),
            done(0, function_call("1")),
            done(1, function_call("2", "[]")),
        ],
        {"tool_calls": [function("1"), function("2", "[]")]},
    ),
    "a call of free text": (
        [added(0, custom_call("1", "")), delta(0, "custom_tool_call_input", "x"), done(0, custom_call("1", "x"))],
        {"tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "g", "input": "x"}}]},
    ),
    "their own tools": (
        [
            added(0, {"type": "web_search_call", "id": "ws_1"}),
            {"type": "response.web_search_call.searching", "output_index": 0},
            delta(0, "mcp_call_arguments", "{}"),
            delta(0, "function_call_arguments", "{}"),
            done(0, {"type": "web_search_call", "id": "ws_1"}),
            *said(1, "a"),
        ],
        {"content": "a"},
    ),
    "events nobody knows": (
        [{"type": "response.x", "x": 1}, added(0, {"type": "y"}), done(0, {"type": "y"}), *said(1, "a")],
        {"content": "a"},
    ),
    "signs of life": ([PROGRESS, {"type": "keepalive"}, PROGRESS, *said(0, "a")], {"content": "a"}),
    "reasoning": (
        [*thinks(0, "h", "m", secret="d"), *said(1, "a")],
        {"reasoning_content": "hm", "content": "a", "reasoning_details": [summary(0, "hm"), hidden(1)]},
    ),
    "reasoning without deltas": (
        [done(0, thought("h", "m", secret="d"))],
        {"reasoning_content": "hm", "reasoning_details": [summary(0, "h"), summary(1, "m"), hidden(2)]},
    ),
    "reasoning in words": (
        [
            added(0, thought()),
            delta(0, "reasoning_text", "hm", content_index=0),
            done(0, thought(content=[{"type": "reasoning_text", "text": "hm"}])),
        ],
        {
            "reasoning_content": "hm",
            "reasoning_details": [detail(0, "reasoning.text", text="hm", id="rs_1")],
        },
    ),
    "reasoning that says nothing": ([*thinks(0), *said(1, "a")], {"content": "a"}),
    "reasoning in its places": (
        [*thinks(0, secret="d"), *said(1, "né"), *thinks(2, secret="d"), *called(3, "1", "{}"), *thinks(4, secret="d")],
        {
            "content": "né",
            "tool_calls": [function("1")],
            "reasoning_details": [hidden(0), hidden(1, 2, 0), hidden(2, 2, 1)],
        },
    ),
    "commentary and answer": (
        [*said(0, "a", phase="commentary"), *said(1, "b", phase="final_answer")],
        {
            "content": "ab",
            "reasoning_details": [
                detail(0, "reasoning.summary", summary="", phase="commentary"),
                detail(1, "reasoning.summary", (1, 0), summary="", phase="final_answer"),
            ],
        },
    ),
    "pictures": (
        [
            done(0, {"type": "image_generation_call", "id": "ig_1", "result": "iVBO", "output_format": "webp"}),
            done(1, {"type": "image_generation_call", "id": "ig_2", "result": None}),
            done(2, {"type": "image_generation_call", "id": "ig_3", "result": "iVBO"}),
        ],
        {
            "images": [
                {"index": 0, "type": "image_url", "image_url": {"url": "data:image/webp;base64,iVBO"}},
                {"index": 1, "type": "image_url", "image_url": {"url": "data:image/png;base64,iVBO"}},
            ],
        },
    ),
    "citations": (
        [*said(0, "né"), done(1, message(text("ab", annotations=[CITED, FILED]), text("c", annotations=[CITED])))],
        {
            "content": "néabc",
            "annotations": [
                note(2),
                {"type": "file_citation", "file_citation": {"file_id": "file-1", "filename": "a.pdf", "index": 3}},
                note(4),
            ],
        },
    ),
}


def stream(*events: Json) -> bytes:
    return sse(created(), *events)


def told(data: bytes, content_type: str = SSE) -> Json:
    """The message and finish reason that a client makes of the stream."""
    outcome = in_all_ways(reader(call(stream=True), content_type), data)
    assert outcome.failed is None
    choice = fold(as_client(outcome.events), None)["choices"][0]
    return {**choice.pop("message"), "finish": choice["finish_reason"], "logprobs": choice["logprobs"]}


def whole(items: Json, finish: str) -> Json:
    """What a row says, with what every message says."""
    return {"role": "assistant", "content": None, **items, "finish": finish, "logprobs": None}


@pytest.mark.parametrize(("events", "message"), ITEMS.values(), ids=ITEMS)
def test_items(events: list[Json], message: Json) -> None:
    finish = "tool_calls" if "tool_calls" in message else "stop"
    assert told(stream(*events, ended())) == whole(message, finish)


def output(events: list[Json]) -> list[Json]:
    return [event["item"] for event in events if event["type"] == "response.output_item.done"]


ENDED = {name: row for name, row in ITEMS.items() if output(row[0]) or not row[0]}


@pytest.mark.parametrize(("events", "message"), ENDED.values(), ids=ENDED)
def test_the_same_at_once(events: list[Json], message: Json) -> None:
    """As one body, asked for as one answer or as a stream; and as a stream that told nothing before its end."""
    items = output(events)
    finish = "tool_calls" if "tool_calls" in message else "stop"
    data = orjson.dumps(response(*items))
    assert told(data, JSON) == whole(message, finish)
    assert told(stream(ended(*items))) == whole(message, finish)
    outcome = read(call(), JSON, [data])
    choice = outcome.events[0]["choices"][0]
    assert {**choice["message"], "finish": choice["finish_reason"], "logprobs": None} == whole(message, finish)


BLOCKED = {"code": "content_filter", "message": "m"}
ENDS: dict[str, tuple[Json, str]] = {
    "it is complete": (ended(), "stop"),
    "its limit": (ended(status="incomplete", incomplete_details={"reason": "max_output_tokens"}), "length"),
    "a filter": (ended(status="incomplete", incomplete_details={"reason": "content_filter"}), "content_filter"),
    "somebody steered it": (ended(status="incomplete", incomplete_details={"reason": "steered"}), "stop"),
    "a reason nobody knows": (ended(status="incomplete", incomplete_details={"reason": "x"}), "length"),
    "no reason": (ended(status="incomplete"), "length"),
    "a prompt that is blocked": (ended(status="failed", error=BLOCKED), "content_filter"),
    "the same as an event": ({"type": "error", **BLOCKED}, "content_filter"),
}


@pytest.mark.parametrize(("end", "finish"), ENDS.values(), ids=ENDS)
def test_ends(end: Json, finish: str) -> None:
    assert told(stream(*said(0, "a"), end))["finish"] == finish


def test_calls_that_were_cut_off_are_none_to_answer() -> None:
    end = ended(status="incomplete", incomplete_details={"reason": "max_output_tokens"})
    assert told(stream(*called(0, "1", '{"a'), end))["finish"] == "length"


def test_log_probabilities() -> None:
    """Of deltas as they come, of parts as they are; no bytes where a server tells none."""
    bare = {"token": "b", "logprob": -1}
    events = [
        added(0, message()),
        delta(0, "output_text", "a", content_index=0, logprobs=[LIKELY]),
        done(0, message(text("a", logprobs=[LIKELY]), text("b", logprobs=[bare]))),
    ]
    content = [LIKELY, {**bare, "bytes": None, "top_logprobs": []}]
    assert told(stream(*events, ended()))["logprobs"] == {"content": content, "refusal": None}


def test_who_says_it() -> None:
    """Id, model and time of the response; its tier at the end, where it is known to OpenAI's clients."""
    outcome = read(call(stream=True), SSE, [stream(*said(0, "a"), ended(service_tier="flex", moderation={"x": 1}))])
    chunks = as_client(outcome.events)
    assert {(c["id"], c["model"], c["created"]) for c in chunks} == {("resp_1", "gpt-x", 42)}
    assert (chunks[-1]["service_tier"], chunks[-1]["moderation"]) == ("flex", {"x": 1})
    body = orjson.dumps(response(HELLO, service_tier="provisioned"))
    [answer] = read(call(), JSON, [body]).events
    assert (answer["id"], answer["model"], answer["created"]) == ("resp_1", "gpt-x", 42)
    assert "service_tier" not in answer


FULL = {
    "input_tokens": 5,
    "input_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 1},
    "output_tokens": 7,
    "output_tokens_details": {"reasoning_tokens": 3},
    "total_tokens": 12,
    "cost": 0.5,
}
USAGE: dict[str, tuple[Any, Json | None]] = {
    "everything": (
        FULL,
        {
            "prompt_tokens": 5,
            "prompt_tokens_details": {"cached_tokens": 2, "cache_write_tokens": 1},
            "completion_tokens": 7,
            "completion_tokens_details": {"reasoning_tokens": 3},
            "total_tokens": 12,
            "cost": 0.5,
        },
    ),
    "no total": (
        {"input_tokens": 5, "output_tokens": 7},
        {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12},
    ),
    "no counts": ({"input_tokens": "x"}, {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}),
    "nothing": (None, None),
}


@pytest.mark.parametrize(("given", "usage"), USAGE.values(), ids=USAGE)
def test_usage(given: Any, usage: Json | None) -> None:
    outcome = read(call(stream=True), SSE, [stream(*said(0, "a"), ended(usage=given))])
    assert outcome.events[-1]["usage"] == usage
    [answer] = read(call(), JSON, [orjson.dumps(response(HELLO, usage=given))]).events
    assert answer.get("usage") == usage


def test_it_is_done_when_it_says_so() -> None:
    """Whatever comes after; what some hosts add is no part of it."""
    data = stream(*said(0, "a"), ended(), *said(1, "b")) + b"data: [DONE]\n\n"
    outcome = read(call(stream=True), SSE, [data])
    assert outcome.done
    assert fold(as_client(outcome.events), None)["choices"][0]["message"]["content"] == "a"


def test_a_stream_that_breaks_off_has_no_finish_reason() -> None:
    outcome = read(call(stream=True), SSE, [stream(*said(0, "a"))])
    assert not outcome.done
    assert all(c["finish_reason"] is None for chunk in as_client(outcome.events) for c in chunk["choices"])
