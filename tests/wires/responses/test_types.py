"""Whatever is asked for, what goes out is a request by the types of OpenAI's own SDK: no unknown key anywhere."""

from typing import Any, Union

import pytest
from openai.types.responses import (
    ResponseCustomToolCallOutputParam,
    ResponseCustomToolCallParam,
    ResponseFunctionToolCallParam,
    ResponseReasoningItemParam,
    response_input_item_param,
)
from openai.types.responses.easy_input_message_param import EasyInputMessageParam
from openai.types.responses.response_create_params import (
    ResponseCreateParamsNonStreaming,
    ResponseCreateParamsStreaming,
)
from openai.types.responses.tool_param import ToolParam
from pydantic import ConfigDict, TypeAdapter, ValidationError

from tests.wires.responses.support import REASONS, SAID_HI, TALKS, US, write
from tests.wires.support import HI
from trunkline.types import Json

STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)


def adapter(kind: Any) -> "TypeAdapter[Any]":
    """A configuration is taken only beside a type that has none of its own, which a union is."""
    return TypeAdapter(Union[kind, int], config=STRICT)  # noqa: UP007  # `kind` is a value here


REQUESTS = {True: adapter(ResponseCreateParamsStreaming), False: adapter(ResponseCreateParamsNonStreaming)}
TOOL = adapter(ToolParam)
ITEMS = {
    "message": adapter(EasyInputMessageParam),
    "function_call": adapter(ResponseFunctionToolCallParam),
    "function_call_output": adapter(response_input_item_param.FunctionCallOutput),
    "custom_tool_call": adapter(ResponseCustomToolCallParam),
    "custom_tool_call_output": adapter(ResponseCustomToolCallOutputParam),
    "reasoning": adapter(ResponseReasoningItemParam),
}


def check(request: Json) -> None:
    """Raises ValidationError. Items and tools are looked at one by one, too: a union of many tells little."""
    consumed(REQUESTS["stream" in request].validate_python(request))
    for item in request["input"]:
        consumed(ITEMS[item["type"]].validate_python(item))
    for tool in request.get("tools", ()):
        consumed(TOOL.validate_python(tool))


def consumed(value: Any) -> None:
    """Iterables are validated only as they are read."""
    if isinstance(value, dict):
        for child in value.values():
            consumed(child)
    elif hasattr(value, "__iter__") and not isinstance(value, str | bytes):
        for child in value:
            consumed(child)


SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
F: Json = {"type": "function", "function": {"name": "f", "description": "d", "parameters": SCHEMA, "strict": True}}
G: Json = {"type": "custom", "custom": {"name": "g", "description": "d", "format": {"type": "text"}}}
GRAMMAR: Json = {
    "type": "custom",
    "custom": {"name": "h", "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": "x"}}},
}
CALL: Json = {"id": "a1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
FREE: Json = {"id": "a2", "type": "custom", "custom": {"name": "g", "input": "x"}}
DETAILS: list[Json] = [
    {"type": "reasoning.summary", "summary": "hm", "id": "rs_1", **US, "index": 0},
    {"type": "reasoning.text", "text": "hm", "id": "rs_1", **US, "index": 1},
    {"type": "reasoning.encrypted", "data": "d", "id": "rs_1", **US, "index": 2},
    {"type": "reasoning.summary", "summary": "", "phase": "commentary", **US, "index": 3},
]
PNG, PDF = "data:image/png;base64,iVBORw0KGgo=", "data:application/pdf;base64,JVBERi0="


def said(*parts: Json) -> Json:
    return {"messages": [{"role": "user", "content": list(parts)}]}


FEATURES: dict[str, Json] = {
    "text": {"messages": [HI], "max_tokens": 50, "temperature": 0.5, "top_p": 0.5, "stop": ["a"], "seed": 1},
    "instructions": {"messages": [{"role": "system", "content": "s"}, HI, {"role": "developer", "content": "d"}]},
    "images": said(
        {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
    ),
    "files": said(
        {"type": "file", "file": {"file_data": PDF, "filename": "a.pdf"}},
        {"type": "file", "file": {"file_id": "file-1"}},
    ),
    "cache": {
        **said({"type": "text", "text": "a", "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"}}),
        "prompt_cache_key": "k",
        "prompt_cache_options": {"mode": "explicit"},
        "prompt_cache_retention": "24h",
    },
    "tools": {
        "messages": [
            HI,
            {"role": "assistant", "content": "x", "tool_calls": [CALL, FREE], "reasoning_details": DETAILS},
            {"role": "tool", "tool_call_id": "a1", "content": [{"type": "image_url", "image_url": {"url": PNG}}]},
            {"role": "tool", "tool_call_id": "a2", "content": "r"},
            {"role": "assistant", "refusal": "no"},
            HI,
        ],
        "tools": [F, G, GRAMMAR, {"type": "function", "function": {"name": "bare"}}],
        "tool_choice": "auto",
        "parallel_tool_calls": False,
    },
    "their own tools": {
        "messages": [HI],
        "tools": [{"type": "web_search"}],
        "tool_choice": {"type": "web_search_preview"},
    },
    "a forced function": {
        "messages": [HI],
        "tools": [F],
        "tool_choice": {"type": "function", "function": {"name": "f"}},
    },
    "a forced custom tool": {
        "messages": [HI],
        "tools": [G],
        "tool_choice": {"type": "custom", "custom": {"name": "g"}},
    },
    "allowed tools": {
        "messages": [HI],
        "tools": [F],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [F]}},
    },
    "searching": {
        "messages": [HI],
        "web_search_options": {
            "search_context_size": "low",
            "user_location": {"type": "approximate", "approximate": {"city": "Paris"}},
        },
    },
    "schema": {
        "messages": [HI],
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA, "description": "d"}},
        "verbosity": "low",
    },
    "JSON": {"messages": [HI], "response_format": {"type": "json_object"}},
    "reasoning": {"messages": [HI], "reasoning_effort": "high", "max_completion_tokens": 100},
    "log probabilities": {"messages": [HI], "logprobs": True, "top_logprobs": 3},
    "who asks": {
        "messages": [HI],
        "user": "u",
        "safety_identifier": "s",
        "metadata": {"a": "b"},
        "service_tier": "flex",
        "moderation": {"model": "m"},
    },
    "their own": {
        "messages": [HI],
        "truncation": "auto",
        "max_tool_calls": 2,
        "include": ["web_search_call.results"],
        "reasoning": {"summary": "detailed"},
        "text": {"verbosity": "high"},
        "context_management": [{"type": "compaction"}],
        "prompt": {"id": "p"},
    },
}


@pytest.mark.parametrize("model", [TALKS, REASONS, "gpt-5-pro"])
@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_every_feature(body: Json, model: str) -> None:
    check(write(body, model).request)
    check(write(body, model, stream=False).request)


WRONG: dict[str, Json] = {
    "a key nobody knows": {"x": 1},
    "an item's key": {"input": [{**SAID_HI, "x": 1}]},
    "a part's key": {"input": [{**SAID_HI, "content": [{"type": "input_text", "text": "a", "x": 1}]}]},
    "a tool's key": {"tools": [{"type": "function", "name": "f", "parameters": {}, "strict": None, "x": 1}]},
    "an effort": {"reasoning": {"effort": "x"}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_itself_sees(wrong: Json) -> None:
    with pytest.raises(ValidationError):
        check({**write({}).request, **wrong})
