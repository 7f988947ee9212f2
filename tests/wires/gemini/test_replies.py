"""Whole answers, and the same in a stream: rows of (response, message)."""

from typing import Any

import pytest

from tests.wires.gemini.support import (
    folded,
    function_call,
    message,
    said,
    streamed,
    tool_call,
    whole,
)
from trunkline.types import Json

PNG: Json = {"inlineData": {"mimeType": "image/png", "data": "AAAA"}}
PICTURE: Json = {"index": 0, "type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
SOUND: Json = {"inlineData": {"mimeType": "audio/L16;rate=24000", "data": "AAAA"}}
CODE: Json = {"executableCode": {"language": "PYTHON", "code": "1"}}


def google(**extra: Any) -> Json:
    return {"extra_content": {"google": extra}}


MESSAGES: dict[str, tuple[list[Json], Json, str]] = {
    "text": ([{"text": "a"}, {"text": "b"}], {"content": "ab"}, "stop"),
    "nothing": ([], {"content": None}, "stop"),
    "empty text": ([{"text": ""}], {"content": None}, "stop"),
    "a thought": ([{"text": "h", "thought": True}, {"text": "m", "thought": True}, {"text": "a", "thought": False}],
                  {"content": "a", "reasoning_content": "hm"}, "stop"),
    "a call": ([function_call("f", "1", a=1)],
               {"content": None, "tool_calls": [tool_call("1", arguments='{"a":1}')]}, "tool_calls"),
    "calls without ids": (
        [{"text": "a"}, function_call("f"), function_call("f", None, a=2)],
        {"content": "a", "tool_calls": [tool_call("call_R1_0"), tool_call("call_R1_1", arguments='{"a":2}')]},
        "tool_calls"),
    "arguments that are none": ([{"functionCall": {"id": "1", "name": "f", "args": None}}],
                                {"content": None, "tool_calls": [tool_call("1")]}, "tool_calls"),
    "a picture": ([{"text": "a"}, PNG], {"content": "a", "images": [PICTURE]}, "stop"),
    "a draft of a picture": ([{**PNG, "thought": True}, PNG], {"content": None, "images": [PICTURE]}, "stop"),
    "sound": ([SOUND], {"content": None, **google(parts=[{"part": SOUND}])}, "stop"),
    "code that Google ran": (
        [{"text": "a"}, CODE, {"text": "b"}],
        {"content": "ab", **google(parts=[{"part": CODE, "text": 1}])}, "stop"),
    "a part nobody knows": ([{"hologram": {}}, {}], {"content": None, **google(parts=[{"part": {"hologram": {}}}])},
                            "stop"),
}  # fmt: skip


@pytest.mark.parametrize(("parts", "wanted", "finish"), MESSAGES.values(), ids=MESSAGES)
def test_parts(parts: list[Json], wanted: Json, finish: str) -> None:
    completion = whole(said(*parts))
    (choice,) = completion["choices"]
    assert (choice["message"], choice["finish_reason"]) == ({"role": "assistant", **wanted}, finish)
    assert folded(said(*parts)) == {"role": "assistant", **wanted}
    assert streamed(said(*parts))[-1]["choices"][0]["finish_reason"] == finish


def test_who_answered() -> None:
    completion = whole(said({"text": "a"}))
    assert (completion["id"], completion["model"], completion["object"]) == ("chatcmpl-R1", "g-1", "chat.completion")
    (chunk, *_) = streamed(said({"text": "a"}))
    assert (chunk["id"], chunk["model"]) == ("chatcmpl-R1", "g-1")


def test_who_answered_where_it_does_not_say() -> None:
    answer = {"candidates": said(function_call(), {"text": "a"})["candidates"]}
    completion = whole(answer)
    assert (completion["id"], completion["model"]) == ("chatcmpl-req-0123456789ab", "gemini-2.5-flash")
    assert completion["choices"][0]["message"]["tool_calls"][0]["id"] == "call_0123456789ab_0"


def test_the_calls_of_several_answers_differ() -> None:
    answer = said(function_call())
    answer["candidates"].append({**answer["candidates"][0], "index": 1})
    ids = [choice["message"]["tool_calls"][0]["id"] for choice in whole(answer, {"n": 2})["choices"]]
    assert ids == ["call_R1_0", "call_R1_1_0"]


def test_free_text() -> None:
    body = {"tools": [{"type": "custom", "custom": {"name": "f"}}]}
    for answer, text in (
        (said(function_call("f", "1", input="x")), "x"),
        (said(function_call("f", "1", x=1)), '{"x":1}'),
    ):
        wanted = [{"id": "1", "type": "custom", "custom": {"name": "f", "input": text}}]
        assert message(answer, body)["tool_calls"] == wanted
        assert folded(answer, body=body)["tool_calls"] == wanted


BLOCKED: dict[str, Json] = {
    "no candidates": {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 3}},
    "an empty list": {"candidates": [], "promptFeedback": {"blockReason": "JAILBREAK"}},
}


@pytest.mark.parametrize("answer", BLOCKED.values(), ids=BLOCKED)
def test_a_blocked_prompt(answer: Json) -> None:
    """One choice without words, in both modes; why stands beside it."""
    (choice,) = whole(answer)["choices"]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("content_filter", None)
    assert choice["message"]["extra_content"] == {"google": {"promptFeedback": answer["promptFeedback"]}}
    assert streamed(answer)[-1]["choices"][0]["finish_reason"] == "content_filter"
    assert folded(answer) == choice["message"]


def test_what_openai_has_no_field_for() -> None:
    """Once, whole, at the end: the last word of it counts."""
    extra: dict[str, Any] = {"urlContextMetadata": {"a": 1}, "safetyRatings": [{"b": 1}], "citationMetadata": {"c": 1}}
    first = said({"text": "a"}, finish=None, safetyRatings=[{"b": 0}])
    assert folded(first, said({"text": "b"}, **extra))["extra_content"] == {"google": extra}


def test_logprobs() -> None:
    chosen = [{"token": "a", "logProbability": -0.5, "tokenId": 1}, {"token": "b", "logProbability": -1}]
    tops = [{"candidates": [{"token": "a", "logProbability": -0.5}, {"token": "c", "logProbability": -2.5}]}]
    answer = said({"text": "a"}, {"text": "b"}, logprobsResult={"chosenCandidates": chosen, "topCandidates": tops})
    wanted = [
        {
            "token": "a",
            "logprob": -0.5,
            "bytes": None,
            "top_logprobs": [
                {"token": "a", "logprob": -0.5, "bytes": None},
                {"token": "c", "logprob": -2.5, "bytes": None},
            ],
        },
        {"token": "b", "logprob": -1, "bytes": None, "top_logprobs": []},
    ]
    assert whole(answer)["choices"][0]["logprobs"] == {"content": wanted, "refusal": None}
    told = [choice["logprobs"] for chunk in streamed(answer) for choice in chunk["choices"] if choice.get("logprobs")]
    assert told == [{"content": wanted, "refusal": None}]


def test_logprobs_of_a_piece_without_words() -> None:
    answer = said(logprobsResult={"chosenCandidates": [{"token": "a", "logProbability": -0.5}]})
    assert [choice["logprobs"]["content"][0]["token"] for choice in whole(answer)["choices"]] == ["a"]
