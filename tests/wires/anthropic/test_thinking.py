"""Thinking and token limits: (body, what of the request it comes to, what is lost)."""

import pytest

from tests.wires.anthropic.support import ADAPTIVE, BUDGET, NEWEST, OLDEST, write
from tests.wires.anthropic.test_parameters import ADAPTS, SCHEMA, TOOL, F, Row, agrees, json_schema
from trunkline.types import Json

ROWS: dict[str, Row] = {
    "effort": (ADAPTIVE, {"reasoning_effort": "low"}, {"thinking": ADAPTS, "output_config": {"effort": "low"}}, ()),
    "effort where there is no such level": (
        ADAPTIVE,
        {"reasoning_effort": "xhigh"},
        {"thinking": ADAPTS, "output_config": {"effort": "max"}},
        ("reasoning_effort=max",),
    ),
    "effort minimal": (
        NEWEST,
        {"reasoning_effort": "minimal"},
        {"thinking": ADAPTS, "output_config": {"effort": "low"}},
        ("reasoning_effort=low",),
    ),
    "effort and format": (
        NEWEST,
        {"reasoning_effort": "high", **json_schema(SCHEMA)},
        {
            "thinking": ADAPTS,
            "output_config": {
                "effort": "high",
                "format": {"type": "json_schema", "schema": {**SCHEMA, "additionalProperties": False}},
            },
        },
        (),
    ),
    "effort none": (ADAPTIVE, {"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}}, ()),
    "effort none, always on": (
        NEWEST,
        {"reasoning_effort": "none"},
        {"output_config": {"effort": "low"}},
        ("reasoning_effort=low",),
    ),
    "effort none between tools": (
        "claude-sonnet-5-5",
        {"reasoning_effort": "none"},
        {"thinking": {"type": "between_tools"}},
        ("reasoning_effort=between_tools",),
    ),
    "effort none, off by default": (BUDGET, {"reasoning_effort": "none"}, {}, ()),
    "effort none, unable": (OLDEST, {"reasoning_effort": "none"}, {}, ()),
    "effort, unable": (OLDEST, {"reasoning_effort": "low"}, {}, ("reasoning_effort",)),
    "effort nobody knows": (ADAPTIVE, {"reasoning_effort": "x"}, {}, ("reasoning_effort",)),
    "effort as budget": (
        BUDGET,
        {"reasoning_effort": "medium"},
        {"thinking": {"type": "enabled", "budget_tokens": 8_192}},
        (),
    ),
    "a budget above the limit": (
        BUDGET,
        {"reasoning_effort": "medium", "max_tokens": 100},
        {"thinking": {"type": "enabled", "budget_tokens": 8_192}, "max_tokens": 8_292},
        ("max_tokens=raised",),
    ),
    "a budget above the model": (
        BUDGET,
        {"thinking": {"type": "enabled", "budget_tokens": 70_000}},
        {"thinking": {"type": "enabled", "budget_tokens": 63_999}},
        ("thinking=clamped",),
    ),
    "a budget and sampling": (
        BUDGET,
        {"reasoning_effort": "low", "temperature": 0.5, "top_k": 2},
        {"thinking": {"type": "enabled", "budget_tokens": 1_024}},
        ("temperature", "top_k"),
    ),
    "a budget and a forced tool": (
        BUDGET,
        {"reasoning_effort": "low", "tools": [F], "tool_choice": "required"},
        {"tools": [TOOL], "tool_choice": {"type": "any"}},
        ("reasoning_effort",),
    ),
    "their thinking": (
        NEWEST,
        {"thinking": {"type": "adaptive"}, "reasoning_effort": "low", "output_config": {"effort": "max"}},
        {"thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}},
        (),
    ),
}


@pytest.mark.parametrize(("model", "body", "wanted", "dropped"), ROWS.values(), ids=ROWS)
def test_thinking(model: str, body: Json, wanted: Json, dropped: tuple[str, ...]) -> None:
    agrees(model, body, wanted, dropped)


SIGNED = {"type": "reasoning.text", "text": "hm", "signature": "s", "format": "anthropic-claude-v1"}
CALLED: Json = {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{}"}}]}
RESULT: Json = {"role": "tool", "tool_call_id": "1", "content": "r"}
USER: Json = {"role": "user", "content": "hi"}

# Thinking by budget goes on only where its own blocks are there: (messages, may it).
GOES_ON: dict[str, tuple[list[Json], bool]] = {
    "results without thinking": ([USER, CALLED, RESULT], False),
    "results with thinking": ([USER, {**CALLED, "reasoning_details": [SIGNED]}, RESULT], True),
    "results and a word": ([USER, CALLED, RESULT, USER], True),
    "no call": ([USER, {"role": "assistant", "content": "x"}, USER], True),
    "first turn": ([USER], True),
    "words in its mouth": ([USER, {"role": "assistant", "content": "x"}], False),
}


@pytest.mark.parametrize(("messages", "may"), GOES_ON.values(), ids=GOES_ON)
def test_thinking_in_the_middle_of_tools(messages: list[Json], may: bool) -> None:
    request, dropped, *_ = write({"messages": messages, "reasoning_effort": "low"}, BUDGET)
    assert ("thinking" in request, dropped) == (may, () if may else ("reasoning_effort",))
    if messages[-1]["role"] != "assistant":  # which newer models refuse
        assert write({"messages": messages, "reasoning_effort": "low"}, ADAPTIVE).dropped == ()
