"""Whatever is asked for, what goes out is a request by the types of OpenAI's own SDK: no unknown key anywhere."""

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
from pydantic import ValidationError

from tests.wires.features import CALL, COMMON, PDF, PNG, SCHEMA, F, said
from tests.wires.responses.support import REASONS, SAID_HI, TALKS, US, write
from tests.wires.strict import strict
from tests.wires.support import HI
from trunkline.types import Json

REQUESTS = {True: strict(ResponseCreateParamsStreaming), False: strict(ResponseCreateParamsNonStreaming)}
TOOL = strict(ToolParam)
ITEMS = {
    "message": strict(EasyInputMessageParam),
    "function_call": strict(ResponseFunctionToolCallParam),
    "function_call_output": strict(response_input_item_param.FunctionCallOutput),
    "custom_tool_call": strict(ResponseCustomToolCallParam),
    "custom_tool_call_output": strict(ResponseCustomToolCallOutputParam),
    "reasoning": strict(ResponseReasoningItemParam),
}


def check(request: Json) -> None:
    """Raises ValidationError. Items and tools are looked at one by one, too: a union of many tells little."""
    REQUESTS["stream" in request](request)
    for item in request["input"]:
        ITEMS[item["type"]](item)
    for tool in request.get("tools", ()):
        TOOL(tool)


G: Json = {"type": "custom", "custom": {"name": "g", "description": "d", "format": {"type": "text"}}}
GRAMMAR: Json = {
    "type": "custom",
    "custom": {"name": "h", "format": {"type": "grammar", "grammar": {"syntax": "lark", "definition": "x"}}},
}
FREE: Json = {"id": "a2", "type": "custom", "custom": {"name": "g", "input": "x"}}
DETAILS: list[Json] = [
    {"type": "reasoning.summary", "summary": "hm", "id": "rs_1", **US, "index": 0},
    {"type": "reasoning.text", "text": "hm", "id": "rs_1", **US, "index": 1},
    {"type": "reasoning.encrypted", "data": "d", "id": "rs_1", **US, "index": 2},
    {"type": "reasoning.summary", "summary": "", "phase": "commentary", **US, "index": 3},
]

FEATURES: dict[str, Json] = {
    **COMMON,
    "text": {"messages": [HI], "max_tokens": 50, "temperature": 0.5, "top_p": 0.5, "stop": ["a"], "seed": 1},
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
            {"role": "tool", "tool_call_id": "a.1", "content": [{"type": "image_url", "image_url": {"url": PNG}}]},
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
    "searching": {
        "messages": [HI],
        "web_search_options": {
            "search_context_size": "low",
            "user_location": {"type": "approximate", "approximate": {"city": "Paris"}},
        },
    },
    "a described schema": {
        "messages": [HI],
        "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA, "description": "d"}},
        "verbosity": "low",
    },
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
    with pytest.raises((ValidationError, AssertionError)):
        check({**write({}).request, **wrong})
