"""Parameters: rows of (body, generationConfig, what was lost)."""

from typing import Any

import pytest

from tests.wires.gemini.support import BUDGET, LEVEL, OLD, SAID_HI, config, function, refused, write, written_for
from tests.wires.support import HI
from trunkline.types import Json
from trunkline.wires.gemini.dialect import GEMINI, VERTEX

PARAMETERS: dict[str, tuple[Json, Json, tuple[str, ...]]] = {
    "nothing": ({}, {}, ()),
    "sampling": ({"temperature": 0, "top_p": 0.5, "top_k": 4}, {"temperature": 0, "topP": 0.5, "topK": 4}, ()),
    "a limit": ({"max_tokens": 5}, {"maxOutputTokens": 5}, ()),
    "the newer limit": ({"max_completion_tokens": 5}, {"maxOutputTokens": 5}, ()),
    "stop": ({"stop": "a"}, {"stopSequences": ["a"]}, ()),
    "stops": ({"stop": ["a", "b"]}, {"stopSequences": ["a", "b"]}, ()),
    "an empty stop": ({"stop": ["", "b"]}, {"stopSequences": ["b"]}, ("stop=trimmed",)),
    "a seed": ({"seed": 7}, {"seed": 7}, ()),
    "a seed beyond 32 bits": ({"seed": 2**40}, {"seed": 2**31 - 1}, ("seed=clamped",)),
    "a seed below": ({"seed": -(2**40)}, {"seed": -(2**31)}, ("seed=clamped",)),
    "penalties": ({"presence_penalty": -2, "frequency_penalty": 1.5},
                  {"presencePenalty": -2, "frequencyPenalty": 1.5}, ()),
    "a penalty of 2": ({"presence_penalty": 2}, {"presencePenalty": 1.99}, ("presence_penalty=clamped",)),
    "choices": ({"n": 3}, {"candidateCount": 3}, ()),
    "one choice": ({"n": 1}, {}, ()),
    "logprobs": ({"logprobs": True}, {"responseLogprobs": True}, ()),
    "top logprobs": ({"logprobs": True, "top_logprobs": 3}, {"responseLogprobs": True, "logprobs": 3}, ()),
    "no top logprobs": ({"logprobs": True, "top_logprobs": 0}, {"responseLogprobs": True}, ()),
    "pictures": ({"modalities": ["text", "image"]}, {"responseModalities": ["TEXT", "IMAGE"]}, ()),
    "text": ({"modalities": ["text"]}, {}, ()),
    "what asks for nothing": ({"logit_bias": {}, "store": False, "service_tier": "auto"}, {}, ()),
    "JSON": ({"response_format": {"type": "json_object"}}, {"responseMimeType": "application/json"}, ()),
    "any text": ({"response_format": {"type": "text"}}, {}, ()),
    "a schema": (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}},
        {"responseMimeType": "application/json", "responseJsonSchema": {"type": "object"}}, ()),
    "a schema with a rule too many": (
        {"response_format": {"type": "json_schema", "json_schema": {"schema": {"type": "string", "pattern": "a"}}}},
        {"responseMimeType": "application/json",
         "responseJsonSchema": {"type": "string", "description": '{pattern: "a"}'}}, ("response_format=simplified",)),
    "a schema that is none": (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "n"}}},
        {"responseMimeType": "application/json"}, ()),
    "Gemini's own": (
        {"mediaResolution": "MEDIA_RESOLUTION_LOW", "speechConfig": {"a": 1}, "imageConfig": {"aspectRatio": "1:1"}},
        {"mediaResolution": "MEDIA_RESOLUTION_LOW", "speechConfig": {"a": 1}, "imageConfig": {"aspectRatio": "1:1"}},
        ()),
    "Gemini's own in snake case": (
        {"thinking_config": {"thinkingBudget": 9}}, {"thinkingConfig": {"thinkingBudget": 9}}, ()),
    "Gemini's own as a whole": ({"temperature": 1, "generationConfig": {"temperature": 0.5, "topK": 3}},
                                {"temperature": 0.5, "topK": 3}, ()),
    "without counterpart": (
        {"user": "u", "metadata": {"a": "b"}, "store": True, "verbosity": "low", "prompt_cache_key": "k",
         "prediction": {}, "safety_identifier": "s", "x": 1, "cache_control": {}},
        {},
        ("cache_control", "metadata", "prediction", "prompt_cache_key", "safety_identifier", "store", "user",
         "verbosity", "x")),
}  # fmt: skip


@pytest.mark.parametrize(("body", "wanted", "dropped"), PARAMETERS.values(), ids=PARAMETERS)
def test_parameters(body: Json, wanted: Json, dropped: tuple[str, ...]) -> None:
    written = write(body)
    assert written.request == {"contents": [SAID_HI], **({"generationConfig": wanted} if wanted else {})}
    assert written.dropped == dropped


TOP: dict[str, tuple[Json, Json, tuple[str, ...]]] = {
    "safety": ({"safetySettings": [{"category": "c", "threshold": "OFF"}]},
               {"safetySettings": [{"category": "c", "threshold": "OFF"}]}, ()),
    "safety in snake case": ({"safety_settings": []}, {"safetySettings": []}, ()),
    "cached content": ({"cachedContent": "cachedContents/1"}, {"cachedContent": "cachedContents/1"}, ()),
    "labels": ({"labels": {"a": "b"}}, {"labels": {"a": "b"}}, ()),
    "a tier": ({"service_tier": "flex"}, {"serviceTier": "flex"}, ()),
    "the default tier": ({"service_tier": "default"}, {"serviceTier": "standard"}, ()),
    "a tier of OpenAI's": ({"service_tier": "scale"}, {}, ("service_tier",)),
    "its own tier": ({"serviceTier": "priority"}, {"serviceTier": "priority"}, ()),
    "to be continued": ({"continuationToken": "t"}, {"continuationToken": "t"}, ()),
}  # fmt: skip


@pytest.mark.parametrize(("body", "wanted", "dropped"), TOP.values(), ids=TOP)
def test_the_rest_of_the_request(body: Json, wanted: Json, dropped: tuple[str, ...]) -> None:
    written = write(body)
    assert written.request == {"contents": [SAID_HI], **wanted}
    assert written.dropped == dropped


SCHEMA: Json = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
REFUSED: dict[str, tuple[Json, str, str, bool]] = {
    "nine choices": ({"n": 9}, "n", BUDGET, False),
    "choices in a stream": ({"n": 2}, "n", BUDGET, True),
    "a bias": ({"logit_bias": {"1": 1}}, "logit_bias", BUDGET, False),
    "a voice": ({"modalities": ["text", "audio"], "audio": {"voice": "v"}}, "audio", BUDGET, False),
    "audio": ({"modalities": ["audio"]}, "modalities", BUDGET, False),
    "another format": ({"response_format": {"type": "grammar"}}, "response_format", BUDGET, False),
    "a schema beside tools": ({"response_format": SCHEMA, "tools": [function()]}, "response_format", BUDGET, False),
    "JSON beside tools": (
        {"response_format": {"type": "json_object"}, "tools": [function()]}, "response_format", OLD, False),
}  # fmt: skip


@pytest.mark.parametrize(("body", "param", "model", "stream"), REFUSED.values(), ids=REFUSED)
def test_what_would_change_the_meaning(body: Json, param: str, model: str, stream: bool) -> None:
    assert refused(body, model, stream=stream) == ("unsupported_parameter", param)


def test_newer_models_take_a_schema_beside_tools() -> None:
    assert config({"response_format": SCHEMA, "tools": [function()]}, LEVEL)["responseJsonSchema"] == {"type": "object"}


PATHS: dict[str, tuple[str, bool, str]] = {
    "whole": ("g", False, "/v1beta/models/g:generateContent"),
    "stream": ("g", True, "/v1beta/models/g:streamGenerateContent?alt=sse"),
    "with the prefix": ("models/g", False, "/v1beta/models/g:generateContent"),
    "tuned": ("tunedModels/mine-1", False, "/v1beta/tunedModels/mine-1:generateContent"),
    "nowhere else": ("../files?x=1#", False, "/v1beta/models/..%2Ffiles%3Fx%3D1%23:generateContent"),
    "nowhere else, with the prefix": ("models/a/b:c", False, "/v1beta/models/a%2Fb%3Ac:generateContent"),
}


@pytest.mark.parametrize(("model", "stream", "wanted"), PATHS.values(), ids=PATHS)
def test_the_path(model: str, stream: bool, wanted: str) -> None:
    assert write({}, model, stream=stream).path == wanted


PLACES: dict[str, tuple[Json, Any, tuple[str, ...], Any, tuple[str, ...]]] = {
    "armour": ({"modelArmorConfig": {"a": 1}}, None, ("modelArmorConfig",), {"modelArmorConfig": {"a": 1}}, ()),
    "times": ({"audioTimestamp": True}, None, ("audioTimestamp",), {"generationConfig": {"audioTimestamp": True}}, ()),
    "civics": ({"enableEnhancedCivicAnswers": True}, {"generationConfig": {"enableEnhancedCivicAnswers": True}}, (),
               None, ("enableEnhancedCivicAnswers",)),
    "retrieval": ({"retrieval": {"a": 1}}, None, ("retrieval",), {"tools": [{"retrieval": {"a": 1}}]}, ()),
    "files": ({"fileSearch": {"a": 1}}, {"tools": [{"fileSearch": {"a": 1}}]}, (), None, ("fileSearch",)),
}  # fmt: skip


@pytest.mark.parametrize(("body", "here", "lost_here", "there", "lost_there"), PLACES.values(), ids=PLACES)
def test_what_each_of_googles_places_takes(
    body: Json, here: Json | None, lost_here: tuple[str, ...], there: Json | None, lost_there: tuple[str, ...]
) -> None:
    for dialect, wanted, lost in ((GEMINI, here, lost_here), (VERTEX, there, lost_there)):
        written = written_for(dialect, body)
        assert (written.request, written.dropped) == ({"contents": [SAID_HI], **(wanted or {})}, lost)


def test_messages_need_not_be_touched_by_the_wire() -> None:
    assert write({"messages": [HI], "stream": True, "stream_options": {"include_usage": True}}).dropped == ()
