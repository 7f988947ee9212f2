"""Whole answers: (answer, what the client is told), as one answer and as a stream."""

from typing import Any

import orjson
import pytest

from tests.wires.bedrock.support import CLAUDE, FRAMES, NOVA, read
from tests.wires.bedrock.test_stream import PAGE, WEB, function
from tests.wires.bedrock.test_tools import form
from tests.wires.support import JSON, as_client, call
from trunkline.hub.completion import fold
from trunkline.hub.usage import Usage, read_usage
from trunkline.types import Json

USAGE = {"inputTokens": 3, "outputTokens": 4, "totalTokens": 7}
FREE: Json = {"tools": [{"type": "custom", "custom": {"name": "free"}}]}
THINKING = {"reasoningContent": {"reasoningText": {"text": "hm", "signature": "s"}}}
DETAIL = {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1", "index": 0}


def answer(*content: Json, stop: Any = "end_turn", **rest: Any) -> Json:
    message = {"role": "assistant", "content": list(content)}
    return {"output": {"message": message}, "stopReason": stop, "usage": USAGE, "metrics": {"latencyMs": 1}, **rest}


def use(identity: str = "1", name: str = "f", **given: Any) -> Json:
    return {"toolUse": {"toolUseId": identity, "name": name, "input": given}}


def cited(words: str, *citations: Json) -> Json:
    return {"citationsContent": {"content": [{"text": words}], "citations": list(citations)}}


NOTE = {"type": "url_citation", "url_citation": {"start_index": 2, "end_index": 4, "title": "t", "url": "https://x"}}
ROWS: dict[str, tuple[str, Json, Json, Json, str]] = {
    "text": (CLAUDE, {}, answer({"text": "a"}, {"text": "b"}), {"content": "ab"}, "stop"),
    "nothing": (CLAUDE, {}, answer(), {"content": None}, "stop"),
    "a limit": (CLAUDE, {}, answer({"text": "a"}, stop="max_tokens"), {"content": "a"}, "length"),
    "a guardrail": (
        CLAUDE, {}, answer({"text": "no"}, stop="guardrail_intervened"), {"content": "no"}, "content_filter"),
    "a reason nobody knows": (CLAUDE, {}, answer({"text": "a"}, stop="x"), {"content": "a"}, "stop"),
    "no reason": (CLAUDE, {}, answer({"text": "a"}, stop=None), {"content": "a"}, "stop"),
    "a block nobody knows": (CLAUDE, {}, answer({"x": {}}, {"text": "a"}), {"content": "a"}, "stop"),
    "calls": (CLAUDE, {}, answer(use("1", a=1), use("2"), stop="tool_use"),
              {"content": None, "tool_calls": [function("1", '{"a":1}'), function("2")]}, "tool_calls"),
    "calls and a stop": (CLAUDE, {}, answer(use()), {"content": None, "tool_calls": [function("1")]}, "tool_calls"),
    "calls and no reason": (
        CLAUDE, {}, answer(use(), stop=None), {"content": None, "tool_calls": [function("1")]}, "tool_calls"),
    "a call of free text": (
        CLAUDE, FREE, answer(use("1", "free", input="x")),
        {"content": None, "tool_calls": [{"id": "1", "type": "custom", "custom": {"name": "free", "input": "x"}}]},
        "tool_calls"),
    "a tool of Amazon's": (
        NOVA, {},
        answer({"toolUse": {"toolUseId": "1", "name": "g", "input": {}, "type": "server_tool_use"}},
               {"toolResult": {"toolUseId": "1", "content": [{"weird": 1}]}}, {"text": "a"}),
        {"content": "a"}, "stop"),
    "reasoning": (CLAUDE, {}, answer(THINKING, {"text": "a"}),
                  {"content": "a", "reasoning_content": "hm", "reasoning_details": [DETAIL]}, "stop"),
    "reasoning kept secret": (
        CLAUDE, {}, answer({"reasoningContent": {"redactedContent": "AAAA"}}, {"text": "a"}),
        {"content": "a", "reasoning_details": [
            {"type": "reasoning.encrypted", "data": "AAAA", "format": "anthropic-claude-v1", "index": 0}]}, "stop"),
    "reasoning in between": (
        CLAUDE, {}, answer({"text": "né"}, THINKING, use(), THINKING),
        {"content": "né", "reasoning_content": "hmhm", "reasoning_details": [
            {**DETAIL, "position": {"text": 2, "calls": 0}},
            {**DETAIL, "index": 1, "position": {"text": 2, "calls": 1}},
        ], "tool_calls": [function("1")]}, "tool_calls"),
    "citations": (CLAUDE, {}, answer({"text": "né"}, cited("bc", WEB, PAGE)),
                  {"content": "nébc", "annotations": [NOTE],
                   "citations": [{**PAGE, "start_index": 2, "end_index": 4}]}, "stop"),
    "a formed answer": (NOVA, form(), answer(use("1", "n", a=1), stop="tool_use"), {"content": '{"a":1}'}, "stop"),
    "a formed answer with a word": (
        NOVA, form(), answer({"text": ""}, use("1", "n", a=1), stop="max_tokens"), {"content": '{"a":1}'}, "length"),
}  # fmt: skip


@pytest.mark.parametrize(("model", "body", "given", "said", "finish"), ROWS.values(), ids=ROWS)
def test_an_answer(model: str, body: Json, given: Json, said: Json, finish: str) -> None:
    (told,) = read(call(body=body), JSON, [orjson.dumps(given)], model).events
    message = {"role": "assistant", "refusal": None, **said}
    assert told["choices"] == [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}]
    assert (told["id"], told["object"], told["model"], told["created"]) == (
        "chatcmpl-req-0123456789ab",
        "chat.completion",
        model,
        42,
    )


@pytest.mark.parametrize(("model", "body", "given", "said", "finish"), ROWS.values(), ids=ROWS)
def test_an_answer_where_a_stream_was_asked_for(model: str, body: Json, given: Json, said: Json, finish: str) -> None:
    """As from models that cannot call tools in one."""
    events = read(call(stream=True, body=body), JSON, [orjson.dumps(given)], model).events
    assert events[-1]["usage"]["total_tokens"] == 7
    (choice,) = fold(as_client(events), None)["choices"]
    assert choice["finish_reason"] == finish
    assert {k: v for k, v in choice["message"].items() if v is not None} == {
        "role": "assistant", **{k: v for k, v in said.items() if v is not None}
    }  # fmt: skip


DETAILS = [{"ttl": "1h", "inputTokens": 5}, {"ttl": "5m", "inputTokens": 2}, {"ttl": "x", "inputTokens": 9}]
COUNTS: dict[str, tuple[Json, Usage]] = {
    "plain": (USAGE, Usage(input=3, output=4)),
    "cache": (
        {**USAGE, "cacheReadInputTokens": 5, "cacheWriteInputTokens": 7},
        Usage(input=15, output=4, cached=5, cache_write=7),
    ),
    "cache by its life": (
        {**USAGE, "cacheWriteInputTokens": 7, "cacheDetails": DETAILS},
        Usage(input=10, output=4, cache_write=7, cache_write_1h=5),
    ),
    "a total of its own": ({**USAGE, "totalTokens": 99}, Usage(input=3, output=4)),
}


@pytest.mark.parametrize(("given", "wanted"), COUNTS.values(), ids=COUNTS)
def test_usage(given: Json, wanted: Usage) -> None:
    (told,) = read(call(), JSON, [orjson.dumps(answer(usage=given))]).events
    assert read_usage(told["usage"]) == wanted
    assert told["usage"]["total_tokens"] == wanted.input + wanted.output


def test_what_rides_along() -> None:
    given = answer(serviceTier={"type": "flex"}, additionalModelResponseFields={"/a": 1})
    (told,) = read(call(), JSON, [orjson.dumps(given)]).events
    assert (told["service_tier"], told["additionalModelResponseFields"]) == ("flex", {"/a": 1})


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "HTML": ("text/html", b"<html>", "invalid_response"),
    "empty": (JSON, b"", "invalid_response"),
    "no JSON": (JSON, b"{", "invalid_response"),
    "a list": (JSON, b"[]", "invalid_response"),
    "no output": (JSON, b"{}", "invalid_response"),
    "no content": (JSON, b'{"output": {"message": {}}}', "invalid_response"),
    "a malformed call": (JSON, orjson.dumps(answer(stop="malformed_tool_use")), "server_error"),
    "text that is none": (JSON, orjson.dumps(answer({"text": 1})), "invalid_response"),
    "frames without any": (FRAMES, b"", "invalid_response"),
}


@pytest.mark.parametrize(("content_type", "body", "kind"), BROKEN.values(), ids=BROKEN)
def test_what_is_no_answer(content_type: str, body: bytes, kind: str) -> None:
    outcome = read(call(), content_type, [body])
    assert (outcome.events, (outcome.failed or ("",))[0]) == ([], kind)
