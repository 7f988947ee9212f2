"""The parameters around the conversation: (request, what it adds to ours)."""

from typing import Any

import pytest

from tests.wires.responses.support import REASONS, TALKS, asked, refused, target, write
from tests.wires.support import HI, call
from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires import responses

HIDDEN = {"include": ["reasoning.encrypted_content"]}
SCHEMA: Json = {"type": "object", "properties": {}}
NAMED: Json = {"name": "n", "schema": SCHEMA}
FORMAT: Json = {"type": "json_schema", "name": "n", "schema": SCHEMA}

SAID: dict[str, tuple[Json, Json]] = {
    "nothing": ({}, {}),
    "the limit": ({"max_completion_tokens": 50}, {"max_output_tokens": 50}),
    "its older name": ({"max_tokens": 50}, {"max_output_tokens": 50}),
    "sampling": ({"temperature": 0.5, "top_p": 0.5}, {"temperature": 0.5, "top_p": 0.5}),
    "who asks": (
        {"user": "u", "safety_identifier": "s", "metadata": {"a": "b"}, "prompt_cache_key": "k"},
        {"user": "u", "safety_identifier": "s", "metadata": {"a": "b"}, "prompt_cache_key": "k"},
    ),
    "the cache": (
        {"prompt_cache_options": {"mode": "explicit"}, "prompt_cache_retention": "24h"},
        {"prompt_cache_options": {"mode": "explicit"}, "prompt_cache_retention": "24h"},
    ),
    "a tier": ({"service_tier": "flex"}, {"service_tier": "flex"}),
    "moderation": ({"moderation": {"model": "m"}}, {"moderation": {"model": "m"}}),
    "log probabilities": (
        {"logprobs": True, "top_logprobs": 2},
        {"include": ["message.output_text.logprobs"], "top_logprobs": 2},
    ),
    "JSON": ({"response_format": {"type": "json_object"}}, {"text": {"format": {"type": "json_object"}}}),
    "a schema": (
        {"response_format": {"type": "json_schema", "json_schema": {**NAMED, "strict": True, "description": None}}},
        {"text": {"format": {**FORMAT, "strict": True}}},
    ),
    "a schema that nobody wants enforced": (
        {"response_format": {"type": "json_schema", "json_schema": NAMED}},
        {"text": {"format": {**FORMAT, "strict": False}}},
    ),
    "text as ever": ({"response_format": {"type": "text"}}, {}),
    "verbosity": ({"verbosity": "low"}, {"text": {"verbosity": "low"}}),
    "their own words": (
        {"text": {"verbosity": "high"}, "verbosity": "low", "truncation": "auto", "max_tool_calls": 2},
        {"text": {"verbosity": "high"}, "truncation": "auto", "max_tool_calls": 2},
    ),
    "more to be told": (
        {"include": ["web_search_call.results"]},
        {"include": ["web_search_call.results"]},
    ),
    "effort of a model that shows what it thinks": ({"reasoning_effort": "low"}, {"reasoning": {"effort": "low"}}),
    "what asks for nothing": (
        {"n": 1, "stop": [], "logit_bias": {}, "store": False, "modalities": ["text"], "frequency_penalty": 0},
        {},
    ),
}


@pytest.mark.parametrize(("body", "added"), SAID.values(), ids=SAID)
def test_parameters(body: Json, added: Json) -> None:
    assert asked(body) == added
    assert write(body).dropped == ()


EFFORT: dict[str, tuple[Json, Json]] = {
    "whoever asks for effort reads a summary": (
        {"reasoning_effort": "low"},
        {"reasoning": {"effort": "low", "summary": "auto"}},
    ),
    "no effort": ({"reasoning_effort": "none"}, {"reasoning": {"effort": "none"}}),
    "no summary": (
        {"reasoning_effort": "low", "reasoning": {"summary": None}},
        {"reasoning": {"effort": "low"}},
    ),
    "a summary of another kind": (
        {"reasoning": {"effort": "high", "summary": "detailed"}},
        {"reasoning": {"effort": "high", "summary": "detailed"}},
    ),
    "nothing said": ({}, {}),
}


@pytest.mark.parametrize(("body", "added"), EFFORT.values(), ids=EFFORT)
def test_a_model_that_keeps_its_reasoning_to_itself(body: Json, added: Json) -> None:
    """Its encrypted reasoning is always asked for."""
    assert asked(body, REASONS) == {**HIDDEN, **added}


def test_nothing_is_asked_for_twice() -> None:
    both = asked({"include": ["reasoning.encrypted_content", "x"], "logprobs": True}, REASONS)
    assert both["include"] == ["reasoning.encrypted_content", "message.output_text.logprobs", "x"]


LOST: dict[str, tuple[Json, str]] = {
    "stop": ({"stop": ["a"]}, "stop"),
    "seed": ({"seed": 1}, "seed"),
    "a penalty": ({"presence_penalty": 1}, "presence_penalty"),
    "a prediction": ({"prediction": {"type": "content", "content": "x"}}, "prediction"),
    "storing": ({"store": True}, "store"),
    "running in the background": ({"background": True}, "background"),
    "what nobody knows": ({"top_k": 5}, "top_k"),
}


@pytest.mark.parametrize(("body", "name"), LOST.values(), ids=LOST)
def test_what_is_lost_is_named(body: Json, name: str) -> None:
    assert asked(body) == {}
    assert write(body).dropped == (name,)


REFUSED: dict[str, tuple[Json, str]] = {
    "several answers": ({"n": 2}, "n"),
    "biases": ({"logit_bias": {"1": 5}}, "logit_bias"),
    "a voice": ({"audio": {"voice": "a", "format": "mp3"}}, "audio"),
    "sound": ({"modalities": ["text", "audio"]}, "modalities"),
    "a former answer by its id": ({"previous_response_id": "resp_1"}, "previous_response_id"),
    "a conversation by its id": ({"conversation": "conv_1"}, "conversation"),
    "a format nobody knows": ({"response_format": {"type": "grammar"}}, "response_format"),
    "a schema that is none": ({"response_format": {"type": "json_schema"}}, "response_format"),
    "a choice nobody knows": ({"tool_choice": "some"}, "tool_choice"),
}


@pytest.mark.parametrize(("body", "name"), REFUSED.values(), ids=REFUSED)
def test_what_would_change_the_meaning_is_refused(body: Json, name: str) -> None:
    assert refused(body) == ("unsupported_parameter", name)


STREAMS: dict[str, tuple[bool, str, Any]] = {
    "one answer": (False, TALKS, None),
    "a stream": (True, TALKS, True),
    "a stream of a model that has none": (True, "gpt-5-pro", None),
    "a stream of its successor": (True, "gpt-5.2-pro", True),
}


@pytest.mark.parametrize(("stream", "model", "sent"), STREAMS.values(), ids=STREAMS)
def test_streams(stream: bool, model: str, sent: Any) -> None:
    request = write({"stream_options": {"include_usage": True}}, model, stream=stream).request
    assert request.get("stream") is sent
    assert "stream_options" not in request


def test_there_are_no_embeddings() -> None:
    with pytest.raises(ApiError, match="no embeddings"):
        responses.encode(call("embeddings"), {"input": "x", "messages": [HI]}, target())
