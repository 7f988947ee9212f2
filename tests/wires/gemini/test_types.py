"""Whatever is asked for, what goes out is a request by the types of Google's own SDK: no unknown key anywhere."""

from typing import Any

import pytest
from google.genai import types
from pydantic import BaseModel, ValidationError

from tests.wires.gemini.support import BUDGET, HI, LEVEL, NEWEST, assistant, function, result, tool_call, write
from trunkline.types import Json

# Of the SDK's types, those that are what goes over the wire. Each refuses keys that it does not know.
FIELDS: dict[str, tuple[type[BaseModel], bool]] = {
    "contents": (types.Content, True),
    "systemInstruction": (types.Content, False),
    "tools": (types.Tool, True),
    "toolConfig": (types.ToolConfig, False),
    "safetySettings": (types.SafetySetting, True),
    "generationConfig": (types.GenerationConfig, False),
}
PLAIN: dict[str, type] = {"cachedContent": str, "labels": dict, "serviceTier": str, "continuationToken": str}
# In the SDK's types this stands elsewhere; its converter puts it here.
ELSEWHERE: dict[str, type[BaseModel]] = {"imageConfig": types.ImageConfig}


def check(request: Json) -> None:
    """Raises ValidationError, or AssertionError for a field of the request that nobody knows."""
    for name, value in request.items():
        if name in PLAIN:
            assert isinstance(value, PLAIN[name]), name
            continue
        kind, many = FIELDS[name]
        for one in value if many else [value]:
            kind.model_validate(_without_elsewhere(one) if name == "generationConfig" else one)
    known(request)


def _without_elsewhere(config: Json) -> Json:
    for name, kind in ELSEWHERE.items():
        if name in config:
            kind.model_validate(config[name])
    return {name: value for name, value in config.items() if name not in ELSEWHERE}


def known(request: Json) -> None:
    """The SDK takes any word where it has a list of them, for the sake of newer ones: so the lists are asked."""
    config = request.get("generationConfig", {})
    levels = {level.value for level in types.ThinkingLevel}
    assert config.get("thinkingConfig", {}).get("thinkingLevel", "LOW") in levels
    assert set(config.get("responseModalities", ())) <= {modality.value for modality in types.Modality}
    assert request.get("serviceTier", "standard") in {tier.value for tier in types.ServiceTier}
    calling = request.get("toolConfig", {}).get("functionCallingConfig", {})
    assert calling.get("mode", "AUTO") in {mode.value for mode in types.FunctionCallingConfigMode}
    resolutions = {level.value for level in types.PartMediaResolutionLevel}
    for content in request["contents"]:
        assert content["role"] in ("user", "model")
        assert content["parts"]
        for part in content["parts"]:
            assert len(part.keys() & DATA) == 1, part
            assert part.get("mediaResolution", {}).get("level", "MEDIA_RESOLUTION_LOW") in resolutions


# A part is one of these.
DATA = frozenset({
    "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult",
    "toolCall", "toolResponse",
})  # fmt: skip

SCHEMA: Json = {"type": "object", "properties": {"a": {"const": 1, "pattern": "x"}}, "required": ["a"]}
FORM = {"format": "google-gemini-v1"}
DETAILS: list[Json] = [
    {"type": "reasoning.text", "text": "hm", "signature": "c2ln", **FORM, "position": {}},
    {"type": "reasoning.encrypted", "data": "c2ln", **FORM, "position": {"text": 1, "length": 1}},
    {"type": "reasoning.encrypted", "data": "c2ln", **FORM, "id": "2"},
    {"type": "reasoning.encrypted", "data": "c2ln", **FORM, "position": {"image": 0}},
    {"type": "reasoning.encrypted", "data": "x", "format": "anthropic-claude-v1"},
]
PNG: Json = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
CODE: Json = {"executableCode": {"language": "PYTHON", "code": "1"}}


def said(*parts: Json) -> Json:
    return {"messages": [{"role": "user", "content": list(parts)}]}


FEATURES: dict[str, Json] = {
    "sampling": {
        "messages": [HI], "max_tokens": 5, "temperature": 0.5, "top_p": 0.1, "top_k": 3, "stop": ["a"], "seed": 2**40,
        "presence_penalty": 2, "frequency_penalty": -2, "logprobs": True, "top_logprobs": 2, "user": "u",
    },
    "system": {"messages": [{"role": "system", "content": "s"}, HI, {"role": "developer", "content": "d"}]},
    "pictures": said(
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://x.test/y.png"}},
    ),
    "files": said(
        {"type": "file", "file": {"file_data": "data:application/pdf;base64,AAAA", "filename": "a.pdf"}},
        {"type": "file", "file": {"file_id": "files/a"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
        {"type": "video_url", "video_url": {"url": "https://youtu.be/a"}},
        {"type": "x", "fileData": {"fileUri": "u"}, "videoMetadata": {"fps": 1}},
    ),
    "tools": {
        "messages": [
            HI,
            assistant(tool_call("1", signature="c2ln"), tool_call("2"), content="ab", reasoning_details=DETAILS,
                      images=[PNG], extra_content={"google": {"parts": [{"part": CODE}]}}),
            result("2", '{"a": 1}'),
            result("1", "r", is_error=True),
            HI,
        ],
        "tools": [function("f", description="d", parameters=SCHEMA, strict=True),
                  {"type": "custom", "custom": {"name": "g"}}],
        "parallel_tool_calls": False,
    },
    "a history of nobody's": {"messages": [HI, assistant(tool_call()), result()], "tools": [function()]},
    "Google's own tools": {"messages": [HI], "web_search_options": {}, "urlContext": {}, "codeExecution": {},
                           "googleMaps": {}},
    "allowed tools": {
        "messages": [HI],
        "tools": [function()],
        "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [function()]}},
    },
    "no tool": {"messages": [HI], "tools": [function()], "tool_choice": "none"},
    "a named tool": {"messages": [HI], "tools": [function()], "tool_choice": function()},
    "schema": {"messages": [HI],
               "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}}},
    "JSON": {"messages": [HI], "response_format": {"type": "json_object"}},
    "reasoning": {"messages": [HI], "reasoning_effort": "high"},
    "no reasoning": {"messages": [HI], "reasoning_effort": "none"},
    "pictures out": {"messages": [HI], "modalities": ["text", "image"], "imageConfig": {"aspectRatio": "1:1"}},
    "account": {"messages": [HI], "service_tier": "flex", "labels": {"a": "b"}, "metadata": {"a": "b"}},
    "their own": {
        "messages": [HI],
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}],
        "cachedContent": "cachedContents/a",
        "thinkingConfig": {"thinkingBudget": 1},
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
        "speechConfig": {"languageCode": "de"},
        "toolConfig": {"retrievalConfig": {"languageCode": "de"}},
    },
}  # fmt: skip


@pytest.mark.parametrize("model", [BUDGET, LEVEL, NEWEST, "gemini-2.5-pro", "gemini-3-pro-image"])
@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_every_feature(body: Json, model: str) -> None:
    check(write(body, model).request)
    check(write(body, model, stream=True).request)


def test_several_answers() -> None:
    check(write({"n": 3}).request)


def test_results_with_pictures() -> None:
    body = {"messages": [assistant(tool_call()), result(content=[PNG])]}
    check(write(body, LEVEL).request)


WRONG: dict[str, Json] = {
    "a key nobody knows": {"x": 1},
    "a part's key": {"contents": [{"role": "user", "parts": [{"text": "a", "x": 1}]}]},
    "a part of two kinds": {"contents": [{"role": "user", "parts": [{"text": "a", "inlineData": {}}]}]},
    "a content without parts": {"contents": [{"role": "user", "parts": []}]},
    "a function's key": {"tools": [{"functionDeclarations": [{"name": "f", "x": 1}]}]},
    "a setting": {"generationConfig": {"maxTokens": 1}},
    "a level": {"generationConfig": {"thinkingConfig": {"thinkingLevel": "LOUD"}}},
    "a mode": {"toolConfig": {"functionCallingConfig": {"mode": "SOME"}}},
    "a tier": {"serviceTier": "default"},
}


@pytest.mark.filterwarnings("ignore:.*is not a valid:UserWarning")
@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_itself_sees(wrong: Json) -> None:
    with pytest.raises((ValidationError, AssertionError, KeyError, ValueError)):
        check({**write({}).request, **wrong})


EMBEDDING: dict[str, Any] = {"taskType": "RETRIEVAL_QUERY", "title": "t", "dimensions": 8}


def test_embeddings() -> None:
    request = write({"input": ["a", "b"], **EMBEDDING}, kind="embeddings").request
    for one in request["requests"]:
        types.Content.model_validate(one["content"])
        rest = {name: value for name, value in one.items() if name not in ("model", "content")}
        types.EmbedContentConfig.model_validate(rest)
