"""Parameters: (body, what of the request it comes to, what is lost), and those that are refused."""

from typing import Any

import pytest

from tests.wires.anthropic.support import ADAPTIVE, BUDGET, NEWEST, OLDEST, refused, target, write
from tests.wires.support import call
from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires import anthropic

Row = tuple[str, Json, Json, tuple[str, ...]]

F: Json = {"type": "function", "function": {"name": "f"}}
TOOL: Json = {"name": "f", "input_schema": {"type": "object", "properties": {}}}
SCHEMA: Json = {"type": "object", "properties": {"a": {"type": "string"}}}
ADAPTS: Json = {"type": "adaptive", "display": "summarized"}


def json_schema(schema: Json) -> Json:
    return {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "strict": True, "schema": schema}}}


# Name -> model, body, what the request holds beside model, messages, stream and the default max_tokens; what is lost.
ROWS: dict[str, Row] = {
    "nothing": (ADAPTIVE, {}, {}, ()),
    "limit": (ADAPTIVE, {"max_tokens": 5}, {"max_tokens": 5}, ()),
    "limit by its newer name": (ADAPTIVE, {"max_completion_tokens": 5}, {"max_tokens": 5}, ()),
    "limit above the model's": (BUDGET, {"max_completion_tokens": 64_001}, {}, ("max_completion_tokens=clamped",)),
    "limit of a server nobody knows": ("kimi-k3", {}, {"max_tokens": 32_000}, ()),
    "temperature": (ADAPTIVE, {"temperature": 0.5}, {"temperature": 0.5}, ()),
    "temperature 0": (ADAPTIVE, {"temperature": 0}, {"temperature": 0}, ()),
    "temperature above 1": (ADAPTIVE, {"temperature": 1.5}, {"temperature": 1}, ("temperature=clamped",)),
    "the default temperature": (NEWEST, {"temperature": 1, "top_p": 1}, {}, ()),
    "sampling where it is refused": (
        NEWEST,
        {"temperature": 0.5, "top_p": 0.5, "top_k": 1},
        {},
        ("temperature", "top_k", "top_p"),
    ),
    "top_p": (ADAPTIVE, {"top_p": 0.5, "top_k": 3}, {"top_p": 0.5, "top_k": 3}, ()),
    "temperature and top_p": (BUDGET, {"temperature": 0.5, "top_p": 0.5}, {"temperature": 0.5}, ("top_p",)),
    "temperature and top_p of old": (
        OLDEST,
        {"temperature": 0.5, "top_p": 0.5},
        {"temperature": 0.5, "top_p": 0.5},
        (),
    ),
    "stop": (ADAPTIVE, {"stop": "a"}, {"stop_sequences": ["a"]}, ()),
    "stops": (ADAPTIVE, {"stop": ["a", "b"], "stop_sequences": ["c"]}, {"stop_sequences": ["a", "b", "c"]}, ()),
    "blank stops": (ADAPTIVE, {"stop": ["\n", "a"]}, {"stop_sequences": ["a"]}, ("stop=trimmed",)),
    "user": (ADAPTIVE, {"user": "u"}, {"metadata": {"user_id": "u"}}, ()),
    "safety identifier": (ADAPTIVE, {"user": "u", "safety_identifier": "s"}, {"metadata": {"user_id": "s"}}, ()),
    "metadata": (ADAPTIVE, {"metadata": {"user_id": "u", "x": "y"}}, {"metadata": {"user_id": "u"}}, ("metadata",)),
    "tier default": (ADAPTIVE, {"service_tier": "default"}, {"service_tier": "standard_only"}, ()),
    "tier auto": (ADAPTIVE, {"service_tier": "auto"}, {}, ()),
    "tier flex": (ADAPTIVE, {"service_tier": "flex"}, {}, ("service_tier",)),
    "no counterpart": (
        ADAPTIVE,
        {"seed": 1, "frequency_penalty": 0.5, "prediction": {}, "verbosity": "low", "prompt_cache_key": "k", "x": 1},
        {},
        ("frequency_penalty", "prediction", "prompt_cache_key", "seed", "verbosity", "x"),
    ),
    "what asks for nothing": (
        ADAPTIVE,
        {
            "n": 1,
            "logprobs": False,
            "logit_bias": {},
            "presence_penalty": 0,
            "store": False,
            "modalities": ["text"],
            "tools": [],
        },
        {},
        (),
    ),
    "native": (
        ADAPTIVE,
        {
            "cache_control": {"type": "ephemeral"},
            "speed": "standard",
            "inference_geo": "us",
            "container": "c",
            "diagnostics": {},
        },
        {
            "cache_control": {"type": "ephemeral"},
            "speed": "standard",
            "inference_geo": "us",
            "container": "c",
            "diagnostics": {},
        },
        (),
    ),
    "tools": (ADAPTIVE, {"tools": [F]}, {"tools": [TOOL]}, ()),
    "choice auto": (ADAPTIVE, {"tools": [F], "tool_choice": "auto"}, {"tools": [TOOL]}, ()),
    "choice none": (
        ADAPTIVE,
        {"tools": [F], "tool_choice": "none"},
        {"tools": [TOOL], "tool_choice": {"type": "none"}},
        (),
    ),
    "choice none, no parallel": (
        ADAPTIVE,
        {"tools": [F], "tool_choice": "none", "parallel_tool_calls": False},
        {"tools": [TOOL], "tool_choice": {"type": "none"}},
        (),
    ),
    "choice required": (
        ADAPTIVE,
        {"tools": [F], "tool_choice": "required"},
        {"tools": [TOOL], "tool_choice": {"type": "any"}},
        (),
    ),
    "choice of one": (
        ADAPTIVE,
        {"tools": [F], "tool_choice": {"type": "function", "function": {"name": "f"}}},
        {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "f"}},
        (),
    ),
    "choice among": (
        ADAPTIVE,
        {
            "tools": [F, {"type": "function", "function": {"name": "g"}}],
            "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [F]}},
        },
        {"tools": [TOOL], "tool_choice": {"type": "any"}},
        (),
    ),
    "no parallel calls": (
        NEWEST,
        {"tools": [F], "parallel_tool_calls": False},
        {"tools": [TOOL], "tool_choice": {"type": "auto", "disable_parallel_tool_use": True}},
        (),
    ),
    "no tools, no parallel calls": (ADAPTIVE, {"parallel_tool_calls": False, "tool_choice": "none"}, {}, ()),
    "a tool described": (
        ADAPTIVE,
        {
            "tools": [
                {
                    "type": "function",
                    "cache_control": {"type": "ephemeral"},
                    "function": {"name": "f", "description": "d", "parameters": SCHEMA, "strict": False},
                }
            ]
        },
        {"tools": [{"name": "f", "description": "d", "input_schema": SCHEMA, "cache_control": {"type": "ephemeral"}}]},
        (),
    ),
    "a strict tool": (
        ADAPTIVE,
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": SCHEMA, "strict": True}}]},
        {"tools": [{"name": "f", "input_schema": {**SCHEMA, "additionalProperties": False}, "strict": True}]},
        (),
    ),
    "a strict tool of old": (
        OLDEST,
        {"tools": [{"type": "function", "function": {"name": "f", "parameters": SCHEMA, "strict": True}}]},
        {"tools": [{"name": "f", "input_schema": SCHEMA}]},
        ("tools=not_strict",),
    ),
    "a tool of free text": (
        ADAPTIVE,
        {"tools": [{"type": "custom", "custom": {"name": "f", "format": {"type": "text"}}}]},
        {
            "tools": [
                {
                    "name": "f",
                    "input_schema": {
                        "type": "object",
                        "properties": {"input": {"type": "string"}},
                        "required": ["input"],
                    },
                }
            ]
        },
        (),
    ),
    "their own tools": (
        ADAPTIVE,
        {"tools": [{"type": "web_search_20260318", "name": "web_search", "max_uses": 3}, {"type": "custom", **TOOL}]},
        {"tools": [{"type": "web_search_20260318", "name": "web_search", "max_uses": 3}, {"type": "custom", **TOOL}]},
        (),
    ),
    "schema": (
        ADAPTIVE,
        json_schema(SCHEMA),
        {"output_config": {"format": {"type": "json_schema", "schema": {**SCHEMA, "additionalProperties": False}}}},
        (),
    ),
    "JSON mode": (
        ADAPTIVE,
        {"response_format": {"type": "json_object"}},
        {
            "system": [
                {"type": "text", "text": "Answer with one valid JSON object and nothing else: no prose, no code fence."}
            ]
        },
        ("response_format=instruction",),
    ),
    "text mode": (ADAPTIVE, {"response_format": {"type": "text"}}, {}, ()),
}


def agrees(model: str, body: Json, wanted: Json, dropped: tuple[str, ...]) -> None:
    request, lost, *_ = write(body, model)
    most = {BUDGET: 64_000, OLDEST: 8_192}.get(model, 128_000)
    rest: dict[str, Any] = {k: v for k, v in request.items() if k not in ("model", "messages", "stream")}
    assert (rest, lost) == ({"max_tokens": most, **wanted}, dropped)
    assert request["model"] == model


@pytest.mark.parametrize(("model", "body", "wanted", "dropped"), ROWS.values(), ids=ROWS)
def test_a_request(model: str, body: Json, wanted: Json, dropped: tuple[str, ...]) -> None:
    agrees(model, body, wanted, dropped)


REFUSED: dict[str, tuple[str, Json, str]] = {
    "n": (ADAPTIVE, {"n": 2}, "n"),
    "logprobs": (ADAPTIVE, {"logprobs": True}, "logprobs"),
    "logit_bias": (ADAPTIVE, {"logit_bias": {"1": 5}}, "logit_bias"),
    "audio": (ADAPTIVE, {"audio": {"voice": "x"}}, "audio"),
    "modalities": (ADAPTIVE, {"modalities": ["text", "audio"]}, "modalities"),
    "a grammar": (
        ADAPTIVE,
        {"tools": [{"type": "custom", "custom": {"name": "f", "format": {"type": "grammar"}}}]},
        "tools[0]",
    ),
    "forced": (NEWEST, {"tools": [F], "tool_choice": "required"}, "tool_choice"),
    "forced to one": (
        NEWEST,
        {"tools": [F], "tool_choice": {"type": "function", "function": {"name": "f"}}},
        "tool_choice",
    ),
    "forced to none there": (ADAPTIVE, {"tool_choice": "required"}, "tool_choice"),
    "a choice nobody knows": (ADAPTIVE, {"tools": [F], "tool_choice": "x"}, "tool_choice"),
    "a schema of old": (OLDEST, json_schema(SCHEMA), "response_format"),
    "a format nobody knows": (ADAPTIVE, {"response_format": {"type": "grammar"}}, "response_format"),
}


@pytest.mark.parametrize(("model", "body", "param"), REFUSED.values(), ids=REFUSED)
def test_what_would_change_the_meaning(model: str, body: Json, param: str) -> None:
    assert refused(body, model) == ("unsupported_parameter", param)


def test_a_tool_without_a_name() -> None:
    assert refused({"tools": [{"type": "function", "function": {}}]}) == ("invalid_request", "tools[0]")


def test_more_strict_tools_than_there_may_be() -> None:
    tools = [{"type": "function", "function": {"name": f"f{i}", "strict": True}} for i in range(21)]
    request, dropped, *_ = write({"tools": tools})
    assert (any("strict" in tool for tool in request["tools"]), dropped) == (False, ("tools=not_strict",))


def test_embeddings_are_refused() -> None:
    with pytest.raises(ApiError) as raised:
        anthropic.encode(call("embeddings"), {"input": "x"}, target())
    assert (raised.value.code, raised.value.param) == ("no_capable_target", "model")


def test_long_answers_come_as_streams() -> None:
    """So that no connection idles for minutes."""
    asked = [write(body, stream=False).request.get("stream") for body in ({}, {"max_tokens": 21_333})]
    assert asked == [True, None]
    assert write({"max_tokens": 1}).request["stream"] is True


HEADERS = {
    "plain": ({}, None),
    "fast": ({"speed": "fast"}, "fast-mode-2026-02-01"),
    "MCP, fast": ({"mcp_servers": [], "speed": "fast"}, "mcp-client-2026-09-15,fast-mode-2026-02-01"),
}


@pytest.mark.parametrize(("body", "beta"), HEADERS.values(), ids=HEADERS)
def test_headers(body: Json, beta: str | None) -> None:
    headers = write(body).headers
    assert (headers["anthropic-version"], headers.get("anthropic-beta")) == ("2023-06-01", beta)
