"""Event streams: (events, what the client is told), whatever the chunking."""

from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.wires.cohere.support import (
    START,
    argues,
    called,
    calls,
    cites,
    closes,
    ends,
    opens,
    planned,
    read,
    reader,
    said,
    text,
    thought,
)
from tests.wires.support import DONE, SSE, as_client, call, sse
from trunkline.hub.completion import fold
from trunkline.types import Json

BODY: Json = {
    "tools": [
        {"type": "custom", "custom": {"name": "free-text"}},
        {"type": "function", "function": {"name": "get-it"}},
    ]
}
HELLO = [opens("text"), text("né"), text("b"), closes()]
END = ends()
FORM = {"type": "reasoning.text", "format": "cohere-v2"}
TOOL: Json = {"type": "tool", "id": "f_1:0", "tool_output": {"url": "https://x", "title": "t"}}
CITED: Json = {"start": 0, "end": 3, "text": "néb", "sources": [TOOL], "type": "TEXT_CONTENT"}


def note(start: int, end: int, title: str = "t") -> Json:
    place = {"start_index": start, "end_index": end, "title": title, "url": "https://x"}
    return {"type": "url_citation", "url_citation": place}


def function(arguments: str, name: str = "f", identity: str = "f_1") -> Json:
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


# Name -> events before the end, how it ends, what the message says beside its role, finish.
ROWS: dict[str, tuple[list[Json], Json, Json, str]] = {
    "text": (HELLO, END, {"content": "néb"}, "stop"),
    "text that begins at once": ([opens("text", 0, "a"), text("b")], END, {"content": "ab"}, "stop"),
    "without openings": ([text("a"), text("b")], END, {"content": "ab"}, "stop"),
    "nothing": ([], END, {"content": None}, "stop"),
    "length": ([*HELLO], ends("MAX_TOKENS"), {"content": "néb"}, "length"),
    "a stop sequence": ([*HELLO], ends("STOP_SEQUENCE"), {"content": "néb"}, "stop"),
    "a toxic answer of old": ([*HELLO], ends("ERROR_TOXIC"), {"content": "néb"}, "content_filter"),
    "a limit of old": ([*HELLO], ends("ERROR_LIMIT"), {"content": "néb"}, "length"),
    "a reason nobody knows": ([*HELLO], ends("SOMETHING"), {"content": "néb"}, "stop"),
    "calls for a reason nobody knows": (
        [calls(), called()],
        ends("SOMETHING"),
        {"content": None, "tool_calls": [function("{}")]},
        "tool_calls",
    ),
    "thinking": (
        [opens("thinking"), thought("h"), thought("m"), closes(), opens("text", 1), text("a", 1), closes(1)],
        END,
        {"content": "a", "reasoning_content": "hm", "reasoning_details": [{**FORM, "text": "hm", "index": 0}]},
        "stop",
    ),
    "thinking that begins at once": (
        [opens("thinking", 0, "h"), thought("m")],
        END,
        {"content": None, "reasoning_content": "hm", "reasoning_details": [{**FORM, "text": "hm", "index": 0}]},
        "stop",
    ),
    "two thoughts": (
        [thought("h", 0), text("a", 1), thought("m", 2)],
        END,
        {
            "content": "a",
            "reasoning_content": "hm",
            "reasoning_details": [{**FORM, "text": "h", "index": 0}, {**FORM, "text": "m", "index": 1}],
        },
        "stop",
    ),
    "a plan and a call": (
        [planned("I "), planned("will"), calls(), argues('{"a"'), argues(":1}"), called()],
        ends("TOOL_CALL"),
        {
            "content": None,
            "reasoning_content": "I will",
            "reasoning_details": [{**FORM, "text": "I will", "index": 0, "part": "tool_plan"}],
            "tool_calls": [function('{"a":1}')],
        },
        "tool_calls",
    ),
    "a thought, a plan and a call": (
        [thought("hm"), planned("I will"), calls(), called()],
        ends("TOOL_CALL"),
        {
            "content": None,
            "reasoning_content": "hmI will",
            "reasoning_details": [
                {**FORM, "text": "hm", "index": 0},
                {**FORM, "text": "I will", "index": 1, "part": "tool_plan"},
            ],
            "tool_calls": [function("{}")],
        },
        "tool_calls",
    ),
    "calls beside each other": (
        [calls(), argues("{}"), called(), calls("g", "g_1", 1), argues('{"b":2}', 1), called(1)],
        ends("TOOL_CALL"),
        {"content": None, "tool_calls": [function("{}"), function('{"b":2}', "g", "g_1")]},
        "tool_calls",
    ),
    "arguments that come at once": (
        [calls(arguments='{"a":1}'), called()],
        ends("TOOL_CALL"),
        {"content": None, "tool_calls": [function('{"a":1}')]},
        "tool_calls",
    ),
    "arguments of null": (
        [calls(arguments=None), argues(None), called()],
        ends("TOOL_CALL"),
        {"content": None, "tool_calls": [function("{}")]},
        "tool_calls",
    ),
    "a call that nobody closes": (
        [calls(), calls("g", "g_1", 1), argues('{"b":2}', 1)],
        ends("TOOL_CALL"),
        {"content": None, "tool_calls": [function("{}"), function('{"b":2}', "g", "g_1")]},
        "tool_calls",
    ),
    "a call that is cut off": (
        [calls()],
        ends("MAX_TOKENS"),
        {"content": None, "tool_calls": [function("")]},
        "length",
    ),
    "calls that share an index": (
        [calls(), calls("g", "g_1", 0), argues('{"b":2}'), called()],
        ends("TOOL_CALL"),
        {"content": None, "tool_calls": [function("{}"), function('{"b":2}', "g", "g_1")]},
        "tool_calls",
    ),
    "pieces of no call": ([argues("x", 5), called(5), *HELLO], END, {"content": "néb"}, "stop"),
    "a call by its other name": (
        [calls("get_it"), called()],
        ends("TOOL_CALL"),
        {"content": None, "tool_calls": [function("{}", "get-it")]},
        "tool_calls",
    ),
    "a call in free text": (
        [calls("free_text"), argues('{"input"'), argues(':"né"}'), called()],
        ends("TOOL_CALL"),
        {
            "content": None,
            "tool_calls": [{"id": "f_1", "type": "custom", "custom": {"name": "free-text", "input": "né"}}],
        },
        "tool_calls",
    ),
    "a call in free text that was cut off": (
        [calls("free_text"), argues('{"inp')],
        ends("MAX_TOKENS"),
        {
            "content": None,
            "tool_calls": [{"id": "f_1", "type": "custom", "custom": {"name": "free-text", "input": '{"inp'}}],
        },
        "length",
    ),
    "a citation": (
        [*HELLO, cites(CITED), {"type": "citation-end", "index": 0}],
        END,
        {"content": "néb", "annotations": [note(0, 3)], "citations": [CITED]},
        "stop",
    ),
    "a citation of a document without an address": (
        [*HELLO, cites({**CITED, "sources": [{"type": "document", "id": "1", "document": {"text": "t"}}]})],
        END,
        {
            "content": "néb",
            "citations": [{**CITED, "sources": [{"type": "document", "id": "1", "document": {"text": "t"}}]}],
        },
        "stop",
    ),
    "citations of later blocks": (
        [
            thought("hm"),
            *(text("ab", index) for index in (1, 2, 3)),
            cites({**CITED, "content_index": 3}),
            cites({**CITED, "content_index": 2}),
        ],
        END,
        {
            "content": "ababab",
            "reasoning_content": "hm",
            "reasoning_details": [{**FORM, "text": "hm", "index": 0}],
            "annotations": [note(4, 7), note(2, 5)],
            "citations": [{**CITED, "content_index": 3}, {**CITED, "content_index": 2}],
        },
        "stop",
    ),
    "citations of a plan": (
        [*HELLO, cites({**CITED, "type": "PLAN"})],
        END,
        {"content": "néb", "citations": [{**CITED, "type": "PLAN"}]},
        "stop",
    ),
    "unknown events and blocks": (
        [
            {"type": "debug", "prompt": "p"},
            {"type": "new-event", "delta": 1},
            said("content-start", 0, content={"type": "new", "new": "x"}),
            said("content-delta", 0, content={"new": "x"}),
            *HELLO,
        ],
        END,
        {"content": "néb"},
        "stop",
    ),
}


@pytest.mark.parametrize(("events", "end", "message", "finish"), ROWS.values(), ids=ROWS)
def test_streams(events: list[Json], end: Json, message: Json, finish: str) -> None:
    outcome = in_all_ways(reader(call(stream=True, body=BODY), SSE), sse(START, *events, end) + DONE)
    assert (outcome.failed, outcome.done) == (None, True)
    told = fold(as_client(outcome.events), None)
    (choice,) = told["choices"]
    assert choice["message"] == {"role": "assistant", **message}
    assert choice["finish_reason"] == finish
    assert told["id"] == "uuid-1"


@pytest.mark.parametrize(("events", "end", "message", "finish"), ROWS.values(), ids=ROWS)
def test_streams_as_one_answer(events: list[Json], end: Json, message: Json, finish: str) -> None:
    outcome = read(call(body=BODY), SSE, [sse(START, *events, end) + DONE])
    assert outcome.failed is None
    (told,) = outcome.events
    assert told["choices"][0]["message"] == {"role": "assistant", **message}
    assert told["choices"][0]["finish_reason"] == finish
    assert told["usage"]["prompt_tokens"] == 503


def chunks(*events: Json) -> list[Json]:
    return read(call(stream=True, body=BODY), SSE, [sse(*events)]).events


def test_it_is_done_with_its_last_message_whether_or_not_more_comes() -> None:
    assert read(call(stream=True), SSE, [sse(START, *HELLO, END)]).done
    assert not read(call(stream=True), SSE, [sse(START, *HELLO)]).done


def test_what_is_said_goes_out_at_once() -> None:
    """Each piece in a chunk of its own, in order."""
    deltas = [one["choices"][0]["delta"] for one in chunks(START, *HELLO, calls(), argues("{"), argues("}"), called())]
    assert [next(iter(delta), None) for delta in deltas] == [None, "content", "content", *["tool_calls"] * 3]


def test_usage_comes_with_the_end() -> None:
    *_, end = chunks(START, *HELLO, END)
    assert end["usage"] == {
        "prompt_tokens": 503,
        "completion_tokens": 7,
        "total_tokens": 510,
        "prompt_tokens_details": {"cached_tokens": 448},
        "billed_units": {"input_tokens": 8.0, "output_tokens": 5.0},
    }


@pytest.mark.parametrize("reason", [None, "", 1])
def test_an_end_without_a_reason_is_none(reason: Any) -> None:
    outcome = read(call(stream=True), SSE, [sse(START, *HELLO, ends(reason))])
    assert [one for one in as_client(outcome.events) if one["choices"][0]["finish_reason"]] == []


def test_events_that_have_their_kind_in_their_name_alone() -> None:
    bare = [{name: value for name, value in event.items() if name != "type"} for event in (START, text("a"), END)]
    kinds = (b"message-start", b"content-delta", b"message-end")
    data = b"".join(b"event: %b\ndata: %b\n\n" % (k, orjson.dumps(e)) for k, e in zip(kinds, bare, strict=True))
    told = fold(as_client(read(call(stream=True), SSE, [data]).events), None)
    assert (told["choices"][0]["message"]["content"], told["choices"][0]["finish_reason"]) == ("a", "stop")


def test_logprobs() -> None:
    item = {"text": "né", "token_ids": [1, 2], "logprobs": [-0.5, -0.25]}
    _, one, *_ = chunks(START, text("né", logprobs=item), END)
    known = {"token": "né", "logprob": -0.75, "bytes": [110, 195, 169], "top_logprobs": []}
    assert one["choices"][0]["logprobs"] == {"content": [known], "refusal": None}


# Name -> the last event, the class, words and code of what it comes to.
FAILED: dict[str, tuple[Any, tuple[str, str, str | None]]] = {
    "an error": (ends("ERROR", {}, error="no", error_type="E"), ("server_error", "no", "E")),
    "an error without words": (ends("ERROR"), ("server_error", "the generation ended with ERROR", None)),
    "an error with no words": (ends("ERROR", error=""), ("server_error", "the generation ended with ERROR", None)),
    "an error with odd words": (ends("ERROR", error=1), ("server_error", "the generation ended with ERROR", None)),
    "an error for another reason": (ends("COMPLETE", error="no"), ("server_error", "no", None)),
    "an error without a reason": (ends(None, error="no"), ("server_error", "no", None)),
    "too late": (ends("TIMEOUT"), ("timeout", "the generation ended with TIMEOUT", None)),
    "too long": (
        ends("ERROR", error="too many tokens: x", error_type="TOO_MANY_TOKENS"),
        ("context_window", "too many tokens: x", "TOO_MANY_TOKENS"),
    ),
    "a body of theirs": ({"type": "x", "id": "1", "message": "m"}, ("server_error", "m", None)),
    "an error of others": ({"type": "error", "error": {"message": "m", "code": "c"}}, ("server_error", "m", "c")),
    "text that is none": (said("content-delta", 0, content={"text": 1}), ("invalid_response", "`text` of", None)),
    "content that is none": (said("content-delta", 0, content=[]), ("invalid_response", "`content` of", None)),
}


@pytest.mark.parametrize(("end", "wanted"), FAILED.values(), ids=FAILED)
def test_failures(end: Any, wanted: tuple[str, str, str | None]) -> None:
    """After what came before."""
    outcome = in_all_ways(reader(call(stream=True, body=BODY), SSE), sse(START, *HELLO, end, END))
    assert outcome.failed is not None
    kind, words, code = outcome.failed
    assert (kind, code) == (wanted[0], wanted[2])
    assert words.startswith(wanted[1])
    assert fold(as_client(outcome.events), None)["choices"][0]["message"]["content"] == "néb"


def test_what_is_no_json() -> None:
    outcome = read(call(stream=True), SSE, [b"data: {\n\n"])
    assert outcome.failed == ("invalid_response", "an event of the stream is not valid JSON", None)
