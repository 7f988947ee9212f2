"""Whatever is asked for, what goes out is a request by botocore's model of the service: no unknown key anywhere, and
every value one that it lists."""

import re
from base64 import b64decode
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from tests.wires.bedrock.support import (
    BUDGET,
    CLAUDE,
    GPT_OSS,
    LLAMA,
    MINE,
    MISTRAL,
    NEWEST,
    NOVA,
    NOVA_2,
    PDF,
    PNG,
    TITAN,
    refused,
    write,
)
from tests.wires.features import COMMON, SCHEMA, F, said
from tests.wires.support import HI
from trunkline.types import Json

SERVICE = botocore.session.Session().get_service_model("bedrock-runtime")
OPERATIONS = {"converse": "Converse", "converse-stream": "ConverseStream"}


def check(request: Json, path: str = "/converse") -> None:
    """Raises AssertionError or binascii.Error."""
    shape = SERVICE.operation_model(OPERATIONS[path.rpartition("/")[2]]).input_shape
    read = decoded({**request, "modelId": "m"}, shape, "")
    errors = ParamValidator().validate(read, shape)
    assert not errors.has_errors(), errors.generate_report()


def decoded(value: Any, shape: Any, where: str) -> Any:
    """The value with its bytes as bytes; lists of values and patterns, at which botocore does not look, are held to."""
    kind = shape.type_name
    if kind == "blob":
        return b64decode(value, validate=True)
    if kind == "string" and isinstance(value, str):
        assert value in (shape.enum or [value]), f"{where}: {value}"
        pattern, most = shape.metadata.get("pattern"), shape.metadata.get("max", len(value))
        assert pattern is None or re.fullmatch(pattern, value), f"{where}: {value}"
        assert len(value) <= most, f"{where}: {len(value)} characters"
    if kind in ("float", "integer") and isinstance(value, int | float):
        assert value <= shape.metadata.get("max", value), f"{where}: {value}"
    if kind == "list" and isinstance(value, list):
        return [decoded(one, shape.member, f"{where}[{index}]") for index, one in enumerate(value)]
    if kind == "map" and isinstance(value, dict):
        assert len(value) <= shape.metadata.get("max", len(value)), f"{where}: {len(value)} pairs"
        return {decoded(k, shape.key, where): decoded(v, shape.value, f"{where}.{k}") for k, v in value.items()}
    if kind == "structure" and isinstance(value, dict) and not shape.is_document_type:
        known = shape.members
        return {k: decoded(v, known[k], f"{where}.{k}") if k in known else v for k, v in value.items()}
    return value


CALL: Json = {"id": "a/1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
CUSTOM_CALL: Json = {"id": "2", "type": "custom", "custom": {"name": "g", "input": "x"}}
MARK: Json = {"cache_control": {"type": "ephemeral", "ttl": "1h"}}
CLAUDES: Json = {"format": "anthropic-claude-v1"}
OTHERS: Json = {"format": "bedrock-converse-v1"}
THOUGHTS: list[Json] = [
    {"type": "reasoning.text", "text": "hm", "signature": "s", **CLAUDES, "index": 0},
    {"type": "reasoning.encrypted", "data": "AAAA", **CLAUDES, "index": 1, "position": {"text": 1, "calls": 0}},
    {"type": "reasoning.text", "text": "hm", "signature": "s", **OTHERS, "index": 2},
]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def file(data: str, name: str = "a_b.v1.pdf") -> Json:
    return {"type": "file", "file": {"file_data": data, "filename": name}}


FEATURES: dict[str, Json] = {
    **COMMON,
    "text": {"messages": [HI], "max_tokens": 5, "temperature": 1.5, "top_p": 0.5, "stop": ["a"], "seed": 1},
    "a system alone": {"messages": [{"role": "system", "content": "s"}]},
    "an assistant that begins": {"messages": [{"role": "assistant", "content": "a"}, HI]},
    "blank text": said({"type": "text", "text": " "}, {"type": "text", "text": "a"}),
    "images": said({"type": "image_url", "image_url": {"url": PNG, "detail": "low"}}, {"type": "text", "text": "a"}),
    "files": said(file(PDF), file(PDF), file(f"data:{WORD};base64,YQ==", "a.docx"), file("data:text/css;base64,YQ==")),
    "videos": said({"type": "video_url", "video_url": {"url": "data:video/mp4;base64,YQ=="}}),
    "cache": {
        **said(
            {"type": "text", "text": "a", "prompt_cache_breakpoint": {"mode": "explicit", "ttl": "30m"}},
            {**file(PDF), **MARK},
        ),
    },
    "cached system": {"messages": [{"role": "system", "content": [{"type": "text", "text": "s", **MARK}]}, HI]},
    "tools": {
        "messages": [
            HI,
            {"role": "assistant", "content": "né", "tool_calls": [CALL, CUSTOM_CALL], "reasoning_details": THOUGHTS},
            {"role": "tool", "tool_call_id": "a/1", "content": [{"type": "text", "text": "r", **MARK}]},
            {"role": "tool", "tool_call_id": "2", "content": '{"a": 1}', "is_error": True},
            HI,
        ],
        "tools": [{**F, **MARK}, {"type": "custom", "custom": {"name": "g", "description": ""}}],
        "parallel_tool_calls": False,
    },
    "tools in the history": {
        "messages": [
            HI,
            {"role": "assistant", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "a/1", "content": ""},
        ],
    },
    "any tool": {"messages": [HI], "tools": [F], "tool_choice": "required"},
    "one tool": {"messages": [HI], "tools": [F], "tool_choice": {"type": "function", "function": {"name": "f"}}},
    "Anthropic's tools": {"messages": [HI], "tools": [{"type": "computer_20250124", "name": "computer"}]},
    "Converse's tools": {
        "messages": [HI],
        "tools": [
            {"type": "systemTool", "systemTool": {"name": "nova_grounding"}},
            {"type": "cachePoint", "cachePoint": {"type": "default"}},
        ],
    },
    "Converse's blocks": said(
        {"guardContent": {"text": {"text": "a", "qualifiers": ["query"]}}},
        {"image": {"format": "png", "source": {"s3Location": {"uri": "s3://bucket/key"}}}},
        {"searchResult": {"source": "s", "title": "t", "content": [{"text": "a"}]}},
        {"cachePoint": {"type": "default"}},
    ),
    "a described schema": {
        "messages": [HI],
        "response_format": {
            "type": "json_schema", "json_schema": {"name": "n", "description": "d", "schema": SCHEMA, "strict": True}
        },
    },
    "sampled": {"messages": [HI], "reasoning_effort": "high", "max_tokens": 100, "temperature": 0.5, "top_k": 5},
    "the least reasoning": {"messages": [HI], "reasoning_effort": "minimal"},
    "Claude's thinking": {"messages": [HI], "thinking": {"type": "enabled", "budget_tokens": 2048}},
    "account": {
        "messages": [HI],
        "service_tier": "flex",
        "user": "u@example.com",
        "metadata": {f"k{i}": "v" for i in range(20)} | {"bad*": "v", "worse": "*"},
    },
    "Converse's own": {
        "messages": [HI],
        "guardrailConfig": {"guardrailIdentifier": "abc", "guardrailVersion": "DRAFT", "streamProcessingMode": "async"},
        "performanceConfig": {"latency": "optimized"},
        "serviceTier": {"type": "priority"},
        "requestMetadata": {"a": "b"},
        "additionalModelRequestFields": {"top_k": 5, "anthropic_beta": ["x"]},
        "additionalModelResponseFieldPaths": ["/stop_sequence"],
        "inferenceConfig": {"maxTokens": 5},
        "outputConfig": {"effort": "low"},
        "anthropic_beta": ["y"],
    },
}  # fmt: skip

MODELS = [CLAUDE, BUDGET, NEWEST, NOVA, NOVA_2, LLAMA, GPT_OSS, MISTRAL, TITAN, MINE, "us.anthropic.claude-sonnet-5"]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_every_feature(body: Json, model: str) -> None:
    """Or a refusal; that of what a model lacks has rows of its own."""
    if refused(body, model) is None:
        for stream in (True, False):
            written = write(body, model, stream=stream)
            check(written.request, written.path)


def test_most_of_it_is_taken() -> None:
    taken = {model: sum(refused(body, model) is None for body in FEATURES.values()) for model in MODELS}
    assert taken[CLAUDE] == len(FEATURES)
    assert min(taken.values()) > len(FEATURES) // 2, taken


WRONG: dict[str, Json] = {
    "a key nobody knows": {"x": 1},
    "a block's key": {"messages": [{"role": "user", "content": [{"text": "a", "x": 1}]}]},
    "two blocks in one": {
        "messages": [{"role": "user", "content": [{"guardContent": {"text": {"text": "a"}, "x": 1}}]}]
    },
    "a role": {"messages": [{"role": "developer", "content": [{"text": "a"}]}]},
    "an id": {"messages": [{"role": "user", "content": [{"toolResult": {"toolUseId": "a/1", "content": []}}]}]},
    "a tool's key": {"toolConfig": {"tools": [{"toolSpec": {"name": "f", "inputSchema": {"json": {}}, "x": 1}}]}},
    "no tools": {"toolConfig": {"tools": []}},
    "a temperature": {"inferenceConfig": {"temperature": 1.5}},
    "a tier": {"serviceTier": {"type": "auto"}},
    "a schema that is no text": {
        "outputConfig": {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": {}}}}}
    },
    "bytes": {"messages": [{"role": "user", "content": [{"image": {"format": "png", "source": {"bytes": "é"}}}]}]},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_itself_sees(wrong: Json) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check({**write({}).request, **wrong})
