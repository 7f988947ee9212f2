"""Whatever is asked for, what goes out is a request by the types of Cohere's own SDK: no unknown key anywhere."""

import inspect
import typing

import orjson
import pytest
from cohere.v2.client import V2Client
from pydantic import ValidationError

from tests.wires.cohere.support import OLD, PLAIN, SEES, THINKS, target, write
from tests.wires.features import COMMON, PNG, SCHEMA
from tests.wires.strict import strict
from tests.wires.support import HI, call
from trunkline.types import Json
from trunkline.wires import cohere

CHAT, EMBED = (typing.get_type_hints(method) for method in (V2Client.chat, V2Client.embed))


def check(request: Json, hints: Json) -> None:
    """Raises ValidationError, or AssertionError for what the SDK's types would let pass: its models keep what they do
    not know, and its enumerations take anything."""
    for name, value in request.items():
        if name != "stream":
            assert name in hints, f"`{name}` is unknown"
            strict(hints[name])(value)


F: Json = {"type": "function", "function": {"name": "f-1", "description": "d", "parameters": SCHEMA, "strict": True}}
CALL: Json = {"id": "a.1", "type": "function", "function": {"name": "f-1", "arguments": '{"a": 1}'}}
FORM = {"type": "reasoning.text", "format": "cohere-v2"}
THOUGHTS: list[Json] = [
    {**FORM, "text": "hm", "index": 0},
    {**FORM, "text": "I will", "index": 1, "part": "tool_plan"},
]
DOCUMENT: Json = {"id": "1", "data": {"text": "t"}}

FEATURES: dict[str, Json] = {
    **COMMON,
    "text": {
        "messages": [HI],
        "max_tokens": 5,
        "temperature": 1.5,
        "top_p": 1,
        "top_k": 3,
        "stop": ["a"],
        "user": "u",
        "seed": -1,
        "frequency_penalty": -1,
        "presence_penalty": 0.5,
        "logprobs": True,
    },
    "parts": {
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "a", "cache_control": {"type": "ephemeral"}}]},
            {"role": "assistant", "content": [{"type": "text", "text": "b"}], "name": "n", "audio": None},
            HI,
        ]
    },
    "tools": {
        "messages": [
            HI,
            {
                "role": "assistant",
                "content": "x",
                "tool_calls": [CALL, {**CALL, "id": "2"}, {"id": "3", "type": "custom", "custom": {"name": "g"}}],
                "reasoning_details": THOUGHTS,
            },
            {"role": "tool", "tool_call_id": "a.1", "content": [{"type": "text", "text": "r"}]},
            {"role": "tool", "tool_call_id": "2", "content": "", "is_error": True},
            {"role": "tool", "tool_call_id": "3", "content": [{"type": "document", "document": DOCUMENT}]},
            HI,
        ],
        "tools": [F, {"type": "custom", "custom": {"name": "g", "description": "d"}}],
        "parallel_tool_calls": False,
    },
    "schema beside tools": {
        "messages": [HI],
        "tools": [F],
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}},
    },
    "their own": {
        "messages": [HI],
        "documents": [DOCUMENT, "d"],
        "citation_options": {"mode": "FAST"},
        "safety_mode": "STRICT",
        "priority": 1,
        "k": 1,
        "p": 0.5,
        "strict_tools": True,
        "thinking": {"type": "enabled", "token_budget": 5},
    },
    "forced": {"messages": [HI], "tools": [F], "tool_choice": "required"},
    "one tool": {"messages": [HI], "tools": [F], "tool_choice": {"type": "function", "function": {"name": "f-1"}}},
    "images": {
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "a"},
                    {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}},
                    {"type": "image_url", "image_url": {"url": "https://x/y.png", "detail": "original"}},
                ],
            }
        ]
    },
}
# What not every model can do, and those who can.
ONLY = {"forced": (PLAIN, THINKS), "one tool": (PLAIN, THINKS), "images": (SEES, THINKS)}
CASES = [(name, model) for name in FEATURES for model in ONLY.get(name, (PLAIN, THINKS, SEES, OLD))]


@pytest.mark.parametrize(("name", "model"), CASES)
def test_every_feature(name: str, model: str) -> None:
    check(write(FEATURES[name], model).request, CHAT)
    check(write(FEATURES[name], model, stream=False).request, CHAT)


def test_embeddings() -> None:
    body: Json = {"input": ["a"], "dimensions": 256, "truncate": "END", "encoding_format": "base64", "user": "u"}
    check(orjson.loads(cohere.encode(call("embeddings", body=body), body, target()).content), EMBED)


def test_the_native_names_are_those_of_the_sdk() -> None:
    """All that Cohere takes can be reached: by OpenAI's name for it, or by its own."""
    reached = {name for body in FEATURES.values() for name in write(body, THINKS).request}
    assert {*CHAT, "stream"} - {"self", "return", "request_options"} == reached
    assert inspect.signature(V2Client.chat).parameters.keys() - {"self"} == CHAT.keys() - {"return"}


WRONG: dict[str, Json] = {
    "a key nobody knows": {"x": 1},
    "a message's key": {"messages": [{"role": "user", "content": "a", "x": 1}]},
    "a block's key": {"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "x": 1}]}]},
    "a kind of block": {"messages": [{"role": "user", "content": [{"type": "x", "text": "a"}]}]},
    "a tool's key": {"tools": [{"type": "function", "function": {"name": "f", "parameters": {}, "strict": True}}]},
    "a choice": {"tool_choice": "auto"},
    "a detail": {
        "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u", "detail": "x"}}]}]
    },
    "a kind of thinking": {"thinking": {"type": "adaptive"}},
    "a format's key": {"response_format": {"type": "json_object", "schema": {}}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_itself_sees(wrong: Json) -> None:
    with pytest.raises((ValidationError, AssertionError)):
        check({**write({}).request, **wrong}, CHAT)
