"""Streams of frames: (events, what the client is told), whole, byte by byte and in any split."""

from typing import Any

import pytest

from tests.hub.support import in_all_ways
from tests.wires.bedrock.frames import exception, fault, frame
from tests.wires.bedrock.support import (
    CLAUDE,
    FRAMES,
    NOVA,
    NOVA_2,
    START,
    argued,
    cited,
    closed,
    counted,
    ended,
    frames,
    opened,
    read,
    reader,
    text,
    thought,
)
from tests.wires.bedrock.test_tools import form
from tests.wires.support import as_client, call
from trunkline.hub.completion import fold
from trunkline.types import Json

FREE: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}
WEB = {"title": "t", "location": {"web": {"url": "https://x", "domain": "x"}}}
PAGE = {"title": "p", "location": {"documentPage": {"documentIndex": 0, "start": 1, "end": 2}}}
SIGNED = {"type": "reasoning.text", "text": "hmm", "signature": "s", "format": "anthropic-claude-v1", "index": 0}


def function(identity: str, arguments: str = "{}", name: str = "f") -> Json:
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


Events = list[tuple[str, Any]]
ROWS: dict[str, tuple[str, Json, Events, Json, str]] = {
    "text": (CLAUDE, {}, [START, text("né"), text("🙂"), closed(0), ended()], {"content": "né🙂"}, "stop"),
    "nothing": (CLAUDE, {}, [START, ended()], {"content": None}, "stop"),
    "a limit": (CLAUDE, {}, [START, text("a"), ended("max_tokens")], {"content": "a"}, "length"),
    "the context": (CLAUDE, {}, [START, text("a"), ended("model_context_window_exceeded")], {"content": "a"}, "length"),
    "a stop sequence": (CLAUDE, {}, [START, text("a"), ended("stop_sequence")], {"content": "a"}, "stop"),
    "a guardrail": (
        CLAUDE, {}, [START, text("no"), ended("guardrail_intervened")], {"content": "no"}, "content_filter"),
    "a filter": (CLAUDE, {}, [START, ended("content_filtered")], {"content": None}, "content_filter"),
    "a refusal": (CLAUDE, {}, [START, ended("refusal")], {"content": None}, "content_filter"),
    "a reason nobody knows": (CLAUDE, {}, [START, text("a"), ended("x")], {"content": "a"}, "stop"),
    "an event nobody knows": (CLAUDE, {}, [START, ("x", {"y": 1}), text("a"), ended()], {"content": "a"}, "stop"),
    "a delta nobody knows": (
        CLAUDE, {},
        [START, ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"image": {}}}), text("a"), ended()],
        {"content": "a"}, "stop"),
    "calls after text": (
        CLAUDE, {},
        [START, text("a"), closed(0), opened(1, "1"), argued(1, '{"a"'), argued(1, ""), argued(1, ":1}"), closed(1),
         opened(2, "2"), closed(2), ended("tool_use")],
        {"content": "a", "tool_calls": [function("1", '{"a":1}'), function("2")]}, "tool_calls"),
    "calls at once": (
        CLAUDE, {},
        [START, opened(0, "1"), opened(1, "2"), argued(1, '{"b":2}'), argued(0, '{"a":1}'), closed(0), closed(1),
         ended("tool_use")],
        {"content": None, "tool_calls": [function("1", '{"a":1}'), function("2", '{"b":2}')]}, "tool_calls"),
    "a call that nobody closed": (
        CLAUDE, {}, [START, opened(0, "1"), ended("tool_use")],
        {"content": None, "tool_calls": [function("1")]}, "tool_calls"),
    "a call and a stop": (
        CLAUDE, {}, [START, opened(0, "1"), closed(0), ended()],
        {"content": None, "tool_calls": [function("1")]}, "tool_calls"),
    "a call cut off": (
        CLAUDE, {}, [START, opened(0, "1"), argued(0, '{"a'), closed(0), ended("max_tokens")],
        {"content": None, "tool_calls": [function("1", '{"a')]}, "length"),
    "a call of free text": (
        CLAUDE, FREE,
        [START, opened(0, "1", "free"), argued(0, '{"input":'), argued(0, '"x"}'), closed(0), ended("tool_use")],
        {"content": None, "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "free", "input": "x"}}]},
        "tool_calls"),
    "a tool of Amazon's": (
        NOVA, {},
        [START, opened(0, "1", "nova_grounding", type="server_tool_use"), argued(0, "{}"), closed(0),
         ("contentBlockStart", {"contentBlockIndex": 1, "start": {"toolResult": {"toolUseId": "1"}}}),
         ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"toolResult": [{"text": "x"}]}}), closed(1),
         text("a", 2), ended()],
        {"content": "a"}, "stop"),
    "arguments of nothing": (CLAUDE, {}, [START, argued(0, "{}"), text("a", 1), ended()], {"content": "a"}, "stop"),
    "reasoning": (
        CLAUDE, {},
        [START, thought(0, text="h"), thought(0, text="mm"), thought(0, signature="s"), closed(0), text("a", 1),
         ended()],
        {"content": "a", "reasoning_content": "hmm", "reasoning_details": [SIGNED]}, "stop"),
    "reasoning kept secret, and between calls": (
        CLAUDE, {},
        [START, thought(0, redactedContent="AAAA"), closed(0), text("né", 1), closed(1), opened(2, "1"), closed(2),
         thought(3, text="hmm"), thought(3, signature="s"), closed(3), ended("tool_use")],
        {"content": "né", "reasoning_content": "hmm", "reasoning_details": [
            {"type": "reasoning.encrypted", "data": "AAAA", "format": "anthropic-claude-v1", "index": 0},
            {**SIGNED, "index": 1, "position": {"text": 2, "calls": 1}},
        ], "tool_calls": [function("1")]}, "tool_calls"),
    "reasoning of others": (
        NOVA_2, {}, [START, thought(0, text="hmm"), closed(0), text("a", 1), ended()],
        {"content": "a", "reasoning_content": "hmm", "reasoning_details": [
            {"type": "reasoning.text", "text": "hmm", "format": "bedrock-converse-v1", "index": 0}]}, "stop"),
    "citations": (
        CLAUDE, {},
        [START, text("né"), closed(0), text("bc", 1), cited(1, **WEB), cited(1, **PAGE), closed(1), ended()],
        {"content": "nébc",
         "annotations": [{"type": "url_citation", "url_citation": {
             "start_index": 2, "end_index": 4, "title": "t", "url": "https://x"}}],
         "citations": [{**PAGE, "start_index": 2, "end_index": 4}]}, "stop"),
    "a formed answer": (
        NOVA, form(), [START, opened(0, "1", "n"), argued(0, '{"a":'), argued(0, "1}"), closed(0), ended("tool_use")],
        {"content": '{"a":1}'}, "stop"),
    "a formed answer cut off": (
        NOVA, form(), [START, opened(0, "1", "n"), argued(0, '{"a":'), closed(0), ended("max_tokens")],
        {"content": '{"a":'}, "length"),
    "an empty formed answer": (
        NOVA, form(), [START, opened(0, "1", "n"), closed(0), ended("tool_use")], {"content": "{}"}, "stop"),
}  # fmt: skip


@pytest.mark.parametrize(("model", "body", "events", "said", "finish"), ROWS.values(), ids=ROWS)
def test_a_stream(model: str, body: Json, events: Events, said: Json, finish: str) -> None:
    """And the same as one answer."""
    data = frames(*events, counted())
    outcome = in_all_ways(reader(call(stream=True, body=body), FRAMES, model), data)
    assert (outcome.failed, outcome.done) == (None, True)
    (choice,) = fold(as_client(outcome.events), None)["choices"]
    assert choice["finish_reason"] == finish
    message = {"role": "assistant", **said}
    assert {name: value for name, value in choice["message"].items() if value is not None} == {
        name: value for name, value in message.items() if value is not None
    }
    (answer,) = in_all_ways(reader(call(body=body), FRAMES, model), data).events
    assert answer["choices"] == [choice]
    assert answer["usage"]["total_tokens"] == 7


def test_its_identity_is_made_up_once() -> None:
    """Bedrock tells none."""
    chunks = as_client(read(call(stream=True), FRAMES, [frames(START, text("a"), ended())]).events)
    assert {(chunk["id"], chunk["model"], chunk["created"]) for chunk in chunks} == {
        ("chatcmpl-req-0123456789ab", "up-1", 42)
    }


def test_tools_count_from_0() -> None:
    """Whatever the index of their block."""
    data = frames(START, text("a"), opened(1), closed(1), opened(3, "t2"), closed(3), ended("tool_use"))
    chunks = as_client(read(call(stream=True), FRAMES, [data]).events)
    calls = [one for chunk in chunks for one in chunk["choices"][0]["delta"].get("tool_calls", ())]
    assert [(one["index"], one.get("id")) for one in calls] == [(0, "t1"), (0, None), (1, "t2"), (1, None)]


ENDINGS: dict[str, tuple[Events, int | None, bool]] = {
    "counts after the end": ([ended(), counted()], 7, True),
    "measurements first": ([ended(), ("metadata", {"metrics": {"latencyMs": 1}}), counted()], 7, True),
    "measurements alone": ([ended(), ("metadata", {"metrics": {"latencyMs": 1}})], None, False),
    "measurements last": ([ended(), counted(), ("metadata", {"metrics": {"latencyMs": 1}})], 7, True),
    "no counts": ([ended()], None, False),
    "counts before the end": ([counted(), ended()], 7, False),
}


@pytest.mark.parametrize(("events", "total", "done"), ENDINGS.values(), ids=ENDINGS)
def test_endings(events: Events, total: int | None, done: bool) -> None:
    """The counts are waited for, with an answer that is complete already."""
    data = frames(START, text("a"), *events)
    outcome = in_all_ways(reader(call(stream=True), FRAMES), data)
    told = [event["usage"] for event in outcome.events if event.get("usage")]
    assert ([one["total_tokens"] for one in told], outcome.failed) == ([total] if total else [], None)
    assert outcome.done == done
    (answer,) = in_all_ways(reader(call(), FRAMES), data).events
    assert (answer.get("usage") or {}).get("total_tokens") == total


def test_what_rides_along() -> None:
    tier = ("metadata", {**counted()[1], "serviceTier": {"type": "flex"}})
    events = [START, text("a"), ended(additionalModelResponseFields={"/stop_sequence": "x"}), tier]
    (answer,) = read(call(), FRAMES, [frames(*events)]).events
    assert answer["additionalModelResponseFields"] == {"/stop_sequence": "x"}
    (chunk,) = [one for one in read(call(stream=True), FRAMES, [frames(*events)]).events if "service_tier" in one]
    assert chunk["service_tier"] == "flex"


HELLO = [START, text("a")]
STOPPED = {":message-type": "event", ":event-type": "messageStop"}
FAILURES: dict[str, tuple[bytes, str]] = {
    "throttled at once": (exception("throttlingException", message="m"), "rate_limit"),
    "throttled after text": (frames(*HELLO) + exception("throttlingException", message="m"), "rate_limit"),
    "the model": (frames(*HELLO) + exception("modelStreamErrorException", message="m"), "server_error"),
    "the service": (frames(*HELLO) + exception("internalServerException", message="m"), "server_error"),
    "away": (frames(START) + exception("serviceUnavailableException", message="m"), "overloaded"),
    "the request": (exception("validationException", message="m"), "invalid_request"),
    "too long": (exception("validationException", message="Input is too long for requested model."), "context_window"),
    "too slow": (exception("modelTimeoutException", message="m"), "timeout"),
    "an exception nobody knows": (frames(*HELLO) + exception("x", message="m"), "server_error"),
    "an exception without words": (frames(*HELLO) + exception("x"), "server_error"),
    "an error": (frames(*HELLO) + fault("InternalFailure", "m"), "server_error"),
    "an error by name": (frames(*HELLO) + fault("ThrottlingException", "m"), "rate_limit"),
    "a malformed call": (frames(*HELLO, ended("malformed_tool_use")), "server_error"),
    "a malformed answer": (frames(*HELLO, ended("malformed_model_output")), "server_error"),
    "no frames": (frames(*HELLO) + b"<html>502 Bad Gateway", "invalid_response"),
    "no JSON": (frames(START) + frame({**STOPPED}, b"{"), "invalid_response"),
    "no object": (frames(START) + frame({**STOPPED}, b"[]"), "invalid_response"),
    "text that is none": (
        frames(START, ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": 1}})),
        "invalid_response",
    ),
}


@pytest.mark.parametrize(("data", "kind"), FAILURES.values(), ids=FAILURES)
def test_what_ends_a_stream(data: bytes, kind: str) -> None:
    outcome = in_all_ways(reader(call(stream=True), FRAMES), data)
    assert (outcome.failed or ("",))[0] == kind
    assert (in_all_ways(reader(call(), FRAMES), data).failed or ("",))[0] == kind


def test_an_exception_is_told_with_its_words() -> None:
    original = {"message": "The model failed.", "originalMessage": "out of memory", "originalStatusCode": 500}
    outcome = read(call(stream=True), FRAMES, [exception("modelStreamErrorException", **original)])
    assert outcome.failed == ("server_error", "The model failed.: out of memory", "modelStreamErrorException")


def test_nothing_counts_after_the_end() -> None:
    data = frames(*HELLO, ended(), counted()) + exception("throttlingException", message="m") + b"<html>"
    outcome = in_all_ways(reader(call(stream=True), FRAMES), data)
    assert (outcome.failed, outcome.done) == (None, True)


def test_a_whole_answer_cannot_fail_any_more() -> None:
    data = frames(*HELLO, ended()) + exception("internalServerException", message="m")
    (answer,) = in_all_ways(reader(call(), FRAMES), data).events
    assert answer["choices"][0]["message"]["content"] == "a"


def test_no_finish_reason_is_made_up() -> None:
    for data in (frames(*HELLO), frames(*HELLO, ended())[:-3]):
        events: list[Any] = read(call(stream=True), FRAMES, [data]).events
        assert not any(choice["finish_reason"] for event in events for choice in event["choices"])
        assert (read(call(), FRAMES, [data]).failed or ("",))[0] == "invalid_response"
