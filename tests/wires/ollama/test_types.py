"""Whatever is asked for, what goes out is a request by the types of Ollama's own SDK: no unknown key anywhere.

Its models take unknown keys, so each is looked for by name.
"""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from ollama._types import ChatRequest, EmbedRequest, Message, Options, Tool
from pydantic import BaseModel, ValidationError

from tests.wires.ollama.support import LEVELS, NEVER, SWITCH, UNKNOWN, write
from tests.wires.support import HI
from trunkline.types import Json

# The server has them, the SDK's types not yet: https://github.com/ollama/ollama/blob/main/api/types.go
ELSEWHERE = {
    "ChatRequest": {"truncate", "shift"},
    "EmbedRequest": set(),
    "Message": {"tool_call_id"},
    "ToolCall": {"id"},
    "Options": {"min_p"},
}


def unknown(kind: type[BaseModel], value: Json) -> Iterator[str]:
    """The keys that the SDK's type does not have, by their type."""
    name = kind.__name__
    names = {field.alias or key for key, field in kind.model_fields.items()}
    yield from (f"{name}.{key}" for key in value.keys() - names - ELSEWHERE.get(name, set()))
    for key, field in kind.model_fields.items():
        inner = next((one for one in models(field.annotation)), None)
        given = value.get(key)
        for child in given if isinstance(given, list) else [given]:
            # What a schema may say is JSON Schema's to define, not the SDK's.
            if inner is not None and isinstance(child, dict) and inner is not Tool.Function.Parameters:
                yield from unknown(inner, child)


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from models(inner)


def check(request: Json) -> None:
    """Raises ValidationError, or AssertionError for an unknown key."""
    kind: type[BaseModel] = ChatRequest if "messages" in request else EmbedRequest
    kind.model_validate(request)
    for message in request.get("messages", ()):
        # The SDK takes pictures in its own wrapping, and sends the bare base64 that we send.
        images = {"images": [{"value": one} for one in message["images"]]} if "images" in message else {}
        Message.model_validate({**message, **images})
    Options.model_validate(request.get("options", {}))
    assert list(unknown(kind, request)) == []


SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "integer", "minimum": 1}}, "required": ["a"]}
F: Json = {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA, "strict": True}}
CALL: Json = {"id": "a.1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
PNG = "data:image/png;base64,iVBORw0KGgo="

FEATURES: dict[str, Json] = {
    "text": {
        "messages": [HI],
        "max_tokens": 5,
        "temperature": 0.5,
        "stop": ["a"],
        "user": "u",
        "seed": 1,
        "top_p": 0.5,
    },
    "system": {"messages": [{"role": "system", "content": "s"}, HI, {"role": "developer", "content": "d"}]},
    "images": {
        "messages": [
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "a"},
                    {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}},
                    {"type": "input_audio", "input_audio": {"data": "QQ==", "format": "wav"}},
                ],
            }
        ]
    },
    "tools": {
        "messages": [
            HI,
            {
                "role": "assistant",
                "content": "x",
                "reasoning_content": "hm",
                "tool_calls": [CALL, {"id": "2", "type": "custom", "custom": {"name": "g", "input": "i"}}],
            },
            {"role": "tool", "tool_call_id": "a.1", "content": [{"type": "text", "text": "r"}]},
            {"role": "tool", "tool_call_id": "2", "content": "r"},
            HI,
        ],
        "tools": [F, {"type": "custom", "custom": {"name": "g", "description": "d"}}],
        "parallel_tool_calls": False,
    },
    "allowed tools": {
        "messages": [HI],
        "tools": [F],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [F]}},
    },
    "no tool": {"messages": [HI], "tools": [F], "tool_choice": "none"},
    "schema": {
        "messages": [HI],
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}},
    },
    "JSON": {"messages": [HI], "response_format": {"type": "json_object"}},
    "reasoning": {"messages": [HI], "reasoning_effort": "high", "max_completion_tokens": 100},
    "no reasoning": {"messages": [HI], "reasoning_effort": "none"},
    "log probabilities": {"messages": [HI], "logprobs": True, "top_logprobs": 2},
    "their own": {
        "messages": [HI],
        "keep_alive": -1,
        "truncate": False,
        "shift": True,
        "think": "low",
        "format": "json",
        "options": {"num_ctx": 1},
        "min_p": 0.1,
        "top_k": 1,
    },
}


@pytest.mark.parametrize("model", [LEVELS, SWITCH, NEVER, UNKNOWN])
@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_every_feature(body: Json, model: str) -> None:
    check(write(body, model).request)
    check(write(body, model, stream=False).request)


def test_embeddings() -> None:
    asked = {"input": ["a"], "dimensions": 8, "truncate": True, "keep_alive": "5m", "num_ctx": 1, "user": "u"}
    check(write(asked, kind="embeddings").request)


WRONG: dict[str, Json] = {
    "a key nobody knows": {"x": 1},
    "a message's key": {"messages": [{"role": "user", "content": "a", "x": 1}]},
    "content in parts": {"messages": [{"role": "user", "content": [{"type": "text", "text": "a"}]}]},
    "arguments as text": {"messages": [{"role": "assistant", "tool_calls": [{"function": CALL["function"]}]}]},
    "a tool's key": {"tools": [{"type": "function", "function": {"name": "f", "strict": True}}]},
    "an option": {"options": {"x": 1}},
    "an option's type": {"options": {"num_ctx": "x"}},
    "one stop": {"options": {"stop": 1}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_itself_sees(wrong: Json) -> None:
    with pytest.raises((ValidationError, AssertionError)):
        check({**write({}).request, **wrong})
