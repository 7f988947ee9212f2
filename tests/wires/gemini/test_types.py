"""Whatever is asked for, what goes out is a request by the types of Google's own SDK: no unknown key anywhere."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from google.genai import types
from pydantic import ValidationError

from tests.wires.features import COMMON, said
from tests.wires.gemini.support import BUDGET, LEVEL, NEWEST, assistant, function, result, tool_call, write
from tests.wires.strict import strict
from tests.wires.support import HI
from trunkline.types import Json

# Of the SDK's types, those that are what goes over the wire.
FIELDS: dict[str, Callable[[Any], None]] = {
    "contents": strict(list[types.Content]),
    "systemInstruction": strict(types.Content),
    "tools": strict(list[types.Tool]),
    "toolConfig": strict(types.ToolConfig),
    "safetySettings": strict(list[types.SafetySetting]),
    "generationConfig": strict(types.GenerationConfig),
    "cachedContent": strict(str),
    "labels": strict(dict[str, str]),
    "serviceTier": strict(types.ServiceTier),
    "continuationToken": strict(str),
}
# In the SDK's types this stands elsewhere; its converter puts it here.
ELSEWHERE = {"imageConfig": strict(types.ImageConfig)}


def check(request: Json, fields: Mapping[str, Callable[[Any], None]] = FIELDS) -> None:
    """Raises ValidationError, or AssertionError for what nobody knows."""
    for name, value in request.items():
        assert name in fields, name
        fields[name](_without_elsewhere(value) if name == "generationConfig" else value)
    for content in request["contents"]:
        assert content["role"] in ("user", "model")
        assert content["parts"]
        for part in content["parts"]:
            assert len(part.keys() & DATA) == 1, part


def _without_elsewhere(config: Json) -> Json:
    for name, check_one in ELSEWHERE.items():
        if name in config:
            check_one(config[name])
    return {name: value for name, value in config.items() if name not in ELSEWHERE}


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

FEATURES: dict[str, Json] = {
    **COMMON,
    "sampling": {
        "messages": [HI], "max_tokens": 5, "temperature": 0.5, "top_p": 0.1, "top_k": 3, "stop": ["a"], "seed": 2**40,
        "presence_penalty": 2, "frequency_penalty": -2, "logprobs": True, "top_logprobs": 2, "user": "u",
    },
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
    "a named tool": {"messages": [HI], "tools": [function()], "tool_choice": function()},
    "a harder schema": {"messages": [HI],
               "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}}},
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
