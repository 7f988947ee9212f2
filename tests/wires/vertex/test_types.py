"""Whatever is asked for, what goes out is a request by the types of the publishers' own SDKs."""

import pytest
from google.genai import types
from pydantic import ValidationError

from tests.wires.anthropic.test_types import FEATURES as ASKED_OF_CLAUDE
from tests.wires.anthropic.test_types import check as check_claude
from tests.wires.features import COMMON, SCHEMA
from tests.wires.gemini.support import assistant, function, result, tool_call
from tests.wires.gemini.test_types import FIELDS, check
from tests.wires.strict import strict
from tests.wires.support import HI
from tests.wires.vertex.support import refused, write
from trunkline.types import Json

PNG = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}}
PDF = {"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0=", "filename": "a.pdf"}}
BUCKET = {"type": "image_url", "image_url": {"url": "gs://bucket/a.png"}}
WAV = {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}
TOOLS = [function(parameters=SCHEMA, description="d", strict=True), {"type": "custom", "custom": {"name": "g"}}]
HISTORY = [HI, assistant(tool_call(arguments='{"a": 1}'), content="x"), result(), HI]

FEATURES: dict[str, Json] = {
    **COMMON,
    "text": {"temperature": 0.5, "top_p": 0.5, "max_tokens": 5, "stop": ["a"], "seed": 1, "presence_penalty": 0.5},
    "parts": {"messages": [{"role": "user", "content": [PNG, PDF, BUCKET, WAV]}]},
    "tools": {"messages": HISTORY, "tools": TOOLS, "tool_choice": "required"},
    "a tool": {"tools": TOOLS, "tool_choice": {"type": "function", "function": {"name": "f"}}},
    "their own tools": {"tools": [{"type": "google_search"}], "enterpriseWebSearch": {}, "retrieval": {}},
    "logprobs": {"logprobs": True, "top_logprobs": 2},
    "candidates": {"n": 2},
    "tier": {"service_tier": "flex"},
    "their own": {
        "labels": {"a": "b"},
        "safety_settings": [{"category": "HARM_CATEGORY_HATE_SPEECH", "threshold": "BLOCK_NONE"}],
        "cached_content": "projects/p/locations/l/cachedContents/1",
        "modelArmorConfig": {"promptTemplateName": "n"},
        "audioTimestamp": True,
        "mediaResolution": "MEDIA_RESOLUTION_LOW",
        "routingConfig": {"autoMode": {"modelRoutingPreference": "BALANCED"}},
    },
}

OF_VERTEX = {**FIELDS, "modelArmorConfig": strict(types.ModelArmorConfig)}


@pytest.mark.parametrize("model", ["gemini-2.0-flash", "gemini-2.5-flash", "gemini-3-pro-preview", "gemini-3.8-flash"])
@pytest.mark.parametrize("body", FEATURES.values(), ids=FEATURES)
def test_gemini(body: Json, model: str) -> None:
    check(write(body, model).request, OF_VERTEX)


WRONG: dict[str, Json] = {
    "a field": {"x": 1},
    "a part's": {"contents": [{"role": "user", "parts": [{"x": 1}]}]},
    "a tool's": {"tools": [{"x": {}}]},
    "the configuration's": {"generationConfig": {"x": 1}},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_check_itself_sees(wrong: Json) -> None:
    with pytest.raises((ValidationError, AssertionError)):
        check({**write({}).request, **wrong}, OF_VERTEX)


# On Vertex they fetch nothing.
FETCHED = {"images"}


@pytest.mark.parametrize("model", ["claude-opus-4-6", "claude-sonnet-4-5@20250929", "claude-opus-5-5"])
@pytest.mark.parametrize("name", ASKED_OF_CLAUDE)
def test_claude(name: str, model: str) -> None:
    body = ASKED_OF_CLAUDE[name]
    if name in FETCHED:
        assert refused(body, model) == ("unsupported_parameter", "messages")
        return
    request = write(body, model, stream=True).request
    assert request.pop("anthropic_version") == "vertex-2023-10-16"
    check_claude({"model": model, **request})
