"""Whole answers, to the letter of OpenAI's response object."""

import math
from typing import Any

import pytest
from openai.types.chat import ChatCompletion

from tests.transport.demo.play import USER, chat
from trunkline.transport.demo.answer import LOREM, MOST_TOKENS

CAKE = "Is the cake ready? Yes, it is."


def user(content: Any) -> dict[str, Any]:
    return {"role": "user", "content": content}


def test_the_whole_object() -> None:
    played = chat("fast")
    body = played.json
    assert played.status == 200
    assert played.headers["content-type"] == "application/json"
    assert body.pop("id").startswith("chatcmpl-")
    assert body.pop("created") > 0
    assert body == {
        "object": "chat.completion",
        "model": "fast",
        "system_fingerprint": "fp_demo",
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": USER["content"], "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": math.ceil(len(USER["content"]) / 4),
            "completion_tokens": 5,
            "total_tokens": math.ceil(len(USER["content"]) / 4) + 5,
            "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
            "completion_tokens_details": {
                "reasoning_tokens": 0,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
    }


@pytest.mark.parametrize(
    ("messages", "said"),
    [
        ([user(CAKE)], CAKE),
        ([user("first"), {"role": "assistant", "content": "no"}, user("last")], "last"),
        ([user("asked"), {"role": "system", "content": "be kind"}], "asked"),
        ([user([{"type": "text", "text": "two"}, {"type": "text", "text": "lines"}])], "two\nlines"),
        ([user([{"type": "image_url", "image_url": {"url": "data:,"}}, {"type": "text", "text": "see"}])], "see"),
        ([user("  spaces\n\n\n\n\n\n\n\n\n\n\n kept \t")], "  spaces\n\n\n\n\n\n\n\n\n\n\n kept \t"),
        ([user("Donaudampfschifffahrtsgesellschaft 語 🙂")], "Donaudampfschifffahrtsgesellschaft 語 🙂"),
        ([user("")], "(no text to repeat)"),
        ([{"role": "system", "content": "alone"}], "(no text to repeat)"),
        ([user(CAKE), {"role": "tool", "tool_call_id": "a", "content": "21 °C"}], "The tool said: 21 °C"),
        (
            [{"role": "tool", "tool_call_id": name, "content": name} for name in ("one", "two")],
            "The tool said: one; two",
        ),
    ],
)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_what_is_said(messages: list[Any], said: str, stream: bool) -> None:
    assert chat("fast", *messages, stream=stream).text == said


@pytest.mark.parametrize(
    ("parameters", "said", "finish"),
    [
        ({}, "one two three four five", "stop"),
        ({"max_tokens": 2}, "one two", "length"),
        ({"max_completion_tokens": 3, "max_tokens": 1}, "one two three", "length"),
        ({"max_tokens": 5}, "one two three four five", "stop"),
        ({"stop": " four"}, "one two three", "stop"),
        ({"stop": ["five", "two", "x"]}, "one ", "stop"),
        ({"stop": ["one"]}, "", "stop"),
        ({"stop": None, "seed": 7, "temperature": 0.5, "user": "me"}, "one two three four five", "stop"),
    ],
)
def test_limits_are_kept(parameters: Any, said: str, finish: str) -> None:
    choice = chat("fast", **parameters).json["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == (said, finish)


@pytest.mark.parametrize(
    ("asked", "tokens", "finish"), [(7, 7, "length"), (900, 900, "length"), (10**9, MOST_TOKENS, "length")]
)
def test_lorem_is_as_long_as_it_may_be(asked: int, tokens: int, finish: str) -> None:
    body = chat("lorem", max_tokens=asked).json
    assert body["usage"]["completion_tokens"] == tokens
    assert body["choices"][0]["finish_reason"] == finish
    assert (LOREM * 1000).startswith(body["choices"][0]["message"]["content"])


def test_lorem_ends_by_itself_without_a_limit() -> None:
    choice = chat("lorem").json["choices"][0]
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["content"].endswith("laborum.")


def test_reasoning_comes_beside_the_content_and_is_counted() -> None:
    body = chat("think").json
    message, usage = body["choices"][0]["message"], body["usage"]
    assert message["content"] == USER["content"]
    assert "one two three" in message["reasoning_content"]
    assert usage["completion_tokens"] == usage["completion_tokens_details"]["reasoning_tokens"] + 5


def test_choices_are_numbered_and_counted() -> None:
    body = chat("fast", n=3).json
    assert [choice["index"] for choice in body["choices"]] == [0, 1, 2]
    assert body["usage"]["completion_tokens"] == 15


@pytest.mark.parametrize("alternatives", [None, 0, 1, 4])
def test_logprobs_are_there_when_asked_for(alternatives: int | None) -> None:
    choice = chat("fast", logprobs=True, top_logprobs=alternatives).json["choices"][0]
    tokens = choice["logprobs"]["content"]
    assert "".join(token["token"] for token in tokens) == choice["message"]["content"]
    for token in tokens:
        assert bytes(token["bytes"]).decode() == token["token"]
        assert -1 < token["logprob"] <= 0
        ranked = [other["logprob"] for other in token["top_logprobs"]]
        assert len(ranked) == (alternatives or 0)
        assert ranked == sorted(ranked, reverse=True)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"type": "text"}, "one two three four five"),
        ({"type": "json_object"}, '{"answer":"one two three four five"}'),
        (
            {"type": "json_schema", "json_schema": {"name": "x", "schema": {"properties": {"a": {"type": "integer"}}}}},
            '{"a":1}',
        ),
        ({"type": "json_schema", "json_schema": {"name": "x"}}, '"one two three four five"'),
    ],
)
def test_a_response_format_is_kept(form: Any, said: str) -> None:
    assert chat("fast", response_format=form).text == said


def test_the_same_request_gets_the_same_answer_and_another_another_id() -> None:
    first, again, other = (chat("think", temperature=heat) for heat in (0, 0, 1))
    assert first.body == again.body
    assert first.json["id"] != other.json["id"]


@pytest.mark.parametrize("model", ["echo", "lorem", "think", "no-finish+fast"])
def test_openai_s_own_types_accept_it(model: str) -> None:
    body = chat(model, n=2, logprobs=True, top_logprobs=2).json
    for choice in body["choices"]:
        choice["finish_reason"] = choice["finish_reason"] or "stop"
    ChatCompletion.model_validate(body, strict=True)
