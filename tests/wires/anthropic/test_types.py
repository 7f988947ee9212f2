"""Whatever is asked for, what goes out is a request by the types of Anthropic's own SDK: no unknown key anywhere."""

from typing import Any

import pytest
from anthropic import types
from anthropic.types.message_create_params import MessageCreateParams
from pydantic import ValidationError

from tests.wires.anthropic.support import ADAPTIVE, BUDGET, NEWEST, write
from tests.wires.features import CALL, COMMON, PDF, PNG, F, said
from tests.wires.strict import strict
from tests.wires.support import HI
from trunkline.types import Json

# The types are those of version 2026-10-21, which has no sampling any more; `mcp_servers` is a beta.
ELSEWHERE = {"temperature", "top_p", "top_k", "mcp_servers"}

BLOCKS: dict[str, Any] = {
    "text": types.TextBlockParam,
    "image": types.ImageBlockParam,
    "document": types.DocumentBlockParam,
    "tool_use": types.ToolUseBlockParam,
    "tool_result": types.ToolResultBlockParam,
    "thinking": types.ThinkingBlockParam,
    "redacted_thinking": types.RedactedThinkingBlockParam,
}


REQUEST = strict(MessageCreateParams)
BLOCK = {name: strict(kind) for name, kind in BLOCKS.items()}


def check(request: Json) -> None:
    """Raises ValidationError. Blocks are looked at one by one: beside their types the SDK takes its own answers."""
    REQUEST({k: v for k, v in request.items() if k not in ELSEWHERE})
    for message in request["messages"]:
        for block in message["content"]:
            check_block(block)


def check_block(block: Json) -> None:
    BLOCK[block["type"]](block)
    for inner in block.get("content", ()):
        check_block(inner)


FORM = {"format": "anthropic-claude-v1"}
THOUGHTS: list[Json] = [
    {"type": "reasoning.text", "text": "hm", "signature": "s", **FORM, "index": 0},
    {"type": "reasoning.encrypted", "data": "d", **FORM, "index": 1, "position": {"text": 1, "calls": 0}},
]

FEATURES: dict[str, Json] = {
    **COMMON,
    "text": {"messages": [HI], "max_tokens": 5, "temperature": 0.5, "stop": ["a"], "user": "u", "seed": 1},
    "images": said(
        {"type": "image_url", "image_url": {"url": PNG, "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://x/y.png"}},
    ),
    "files": said(
        {"type": "file", "file": {"file_data": PDF, "filename": "a.pdf"}},
        {"type": "file", "file": {"file_data": "data:text/plain;base64,YQ=="}},
    ),
    "cache": {
        **said({"type": "text", "text": "a", "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"}}),
        "cache_control": {"type": "ephemeral"},
    },
    "tools": {
        "messages": [
            HI,
            {
                "role": "assistant",
                "content": "x",
                "tool_calls": [CALL, {**CALL, "id": "2"}],
                "reasoning_details": THOUGHTS,
            },
            {"role": "tool", "tool_call_id": "a.1", "content": [{"type": "image_url", "image_url": {"url": PNG}}]},
            {"role": "tool", "tool_call_id": "2", "content": "r", "is_error": True},
            HI,
        ],
        "tools": [F, {"type": "custom", "custom": {"name": "g", "description": "d"}}],
        "parallel_tool_calls": False,
    },
    "their own tools": {"messages": [HI], "tools": [{"type": "web_search_20260318", "name": "web_search"}]},
    "their thinking": {"messages": [HI], "thinking": {"type": "enabled", "budget_tokens": 2048}},
    "tier": {"messages": [HI], "service_tier": "default", "metadata": {"user_id": "u"}},
    "their own": {
        "messages": [HI],
        "speed": "fast",
        "inference_geo": "us",
        "container": "c",
        "output_config": {"effort": "low"},
    },
}


@pytest.mark.parametrize("model", [ADAPTIVE, BUDGET, NEWEST, "claude-sonnet-5-5", "claude-opus-4-8"])
@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_every_feature(body: Json, model: str) -> None:
    check(write(body, model).request)
    check(write(body, model, stream=False).request)


@pytest.mark.parametrize("choice", ["required", {"type": "function", "function": {"name": "f"}}])
def test_forced_tools(choice: Any) -> None:
    check(write({"tools": [F], "tool_choice": choice}).request)


WRONG: dict[str, Json] = {
    "a key nobody knows": {"x": 1},
    "a block's key": {"messages": [{"role": "user", "content": [{"type": "text", "text": "a", "x": 1}]}]},
    "a tool's key": {"tools": [{"name": "f", "input_schema": {"type": "object"}, "x": 1}]},
    "a level": {"output_config": {"effort": "x"}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_itself_sees(wrong: Json) -> None:
    with pytest.raises((ValidationError, AssertionError)):
        check({**write({}).request, **wrong})
