"""Whose model is asked where, and in which format."""

from typing import Any

import pytest

from tests.wires.support import HI
from tests.wires.vertex.support import CLAUDE, GEMINI, OPEN, refused, write
from trunkline.types import Json

# Model -> method and place, unary and as a stream.
PLACES: dict[str, tuple[str, str]] = {
    GEMINI: (f"/publishers/google/models/{GEMINI}:generateContent",
             f"/publishers/google/models/{GEMINI}:streamGenerateContent?alt=sse"),
    "google/gemini-3-pro-preview": (
        "/publishers/google/models/gemini-3-pro-preview:generateContent",
        "/publishers/google/models/gemini-3-pro-preview:streamGenerateContent?alt=sse"),
    "publishers/google/models/gemini-2.5-pro": (
        "/publishers/google/models/gemini-2.5-pro:generateContent",
        "/publishers/google/models/gemini-2.5-pro:streamGenerateContent?alt=sse"),
    CLAUDE: (f"/publishers/anthropic/models/{CLAUDE}:rawPredict",
             f"/publishers/anthropic/models/{CLAUDE}:streamRawPredict"),
    "anthropic/claude-haiku-4-5": (
        "/publishers/anthropic/models/claude-haiku-4-5:rawPredict",
        "/publishers/anthropic/models/claude-haiku-4-5:streamRawPredict"),
    "publishers/anthropic/models/claude-haiku-4-5": (
        "/publishers/anthropic/models/claude-haiku-4-5:rawPredict",
        "/publishers/anthropic/models/claude-haiku-4-5:streamRawPredict"),
    OPEN: ("/endpoints/openapi/chat/completions", "/endpoints/openapi/chat/completions"),
    "endpoints/1234567890": (
        "/endpoints/1234567890:generateContent",
        "/endpoints/1234567890:streamGenerateContent?alt=sse"),
    # A name reaches no further than its segment.
    "google/../../x?y=#": (
        "/publishers/google/models/..%2F..%2Fx%3Fy%3D%23:generateContent",
        "/publishers/google/models/..%2F..%2Fx%3Fy%3D%23:streamGenerateContent?alt=sse"),
    "xai/grok-4.3": ("/endpoints/openapi/chat/completions", "/endpoints/openapi/chat/completions"),
    "google/gemma-4-26b-a4b-it-maas": ("/endpoints/openapi/chat/completions", "/endpoints/openapi/chat/completions"),
}  # fmt: skip


@pytest.mark.parametrize(("model", "places"), PLACES.items(), ids=PLACES)
def test_where(model: str, places: tuple[str, str]) -> None:
    limit = {"max_tokens": 100}
    assert (write(limit, model).path, write(limit, model, stream=True).path) == places


def test_gemini() -> None:
    written = write({"messages": [{"role": "system", "content": "s"}, HI], "temperature": 0.5, "user": "u"})
    assert written.request == {
        "systemInstruction": {"parts": [{"text": "s"}]},
        "contents": [{"role": "user", "parts": [{"text": "hi"}]}],
        "generationConfig": {"temperature": 0.5},
    }
    assert written.dropped == ("user",)


def test_what_only_vertex_has_passes_by_its_own_name() -> None:
    body: Json = {
        "labels": {"team": "a"},
        "modelArmorConfig": {"promptTemplateName": "n"},
        "audio_timestamp": True,
        "enterpriseWebSearch": {},
    }
    request = write(body).request
    assert request["labels"] == {"team": "a"}
    assert request["modelArmorConfig"] == {"promptTemplateName": "n"}
    assert request["generationConfig"] == {"audioTimestamp": True}
    assert request["tools"] == [{"enterpriseWebSearch": {}}]


def test_what_only_the_gemini_api_has_is_lost_and_named() -> None:
    assert write({"fileSearch": {}, "enableEnhancedCivicAnswers": True}).dropped == (
        "enableEnhancedCivicAnswers",
        "fileSearch",
    )


def test_claude() -> None:
    body = {"messages": [{"role": "system", "content": "s"}, HI], "max_tokens": 100, "temperature": 0.5, "seed": 1}
    written = write(body, CLAUDE)
    assert written.request == {
        "anthropic_version": "vertex-2023-10-16",
        "max_tokens": 100,
        "system": [{"type": "text", "text": "s"}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
        "temperature": 0.5,
    }
    assert written.dropped == ("seed",)
    assert write(body, CLAUDE, stream=True).request == {**written.request, "stream": True}


def test_a_long_answer_comes_as_a_stream_whoever_asked() -> None:
    written = write({"max_tokens": 64_000}, CLAUDE)
    assert written.path.endswith(":streamRawPredict")
    assert written.request["stream"]


def test_what_only_anthropic_does_is_lost_and_named() -> None:
    body = {"service_tier": "default", "speed": "fast", "container": "c", "mcp_servers": [{}], "inference_geo": "us"}
    written = write({**body, "top_k": 5, "max_tokens": 5}, CLAUDE)
    assert written.dropped == ("container", "inference_geo", "mcp_servers", "service_tier", "speed")
    assert written.request.keys() == {"anthropic_version", "max_tokens", "messages", "top_k"}


def test_open_models_are_asked_as_openai_s() -> None:
    body = {"messages": [HI], "max_tokens": 5, "seed": 1, "top_k": 3}
    assert write(body, OPEN).request == {**body, "model": OPEN}
    assert write(body, OPEN, stream=True).request["stream_options"] == {"include_usage": True}


def image(url: str) -> Json:
    return {"type": "image_url", "image_url": {"url": url}}


FAR = image("https://x/y.png")
CALLED: Json = {"role": "assistant", "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f"}}]}
CANNOT: dict[str, tuple[Json, str, Any]] = {
    "a picture far away": ({"messages": [{"role": "user", "content": [FAR]}]}, CLAUDE, "messages"),
    "one in a tool's result": (
        {"messages": [HI, CALLED, {"role": "tool", "tool_call_id": "1", "content": [FAR]}]},
        CLAUDE,
        "messages",
    ),
    "an uploaded file": (
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {"file_id": "file_1"}}]}]},
        CLAUDE,
        "messages",
    ),
    "n": ({"n": 2}, CLAUDE, "n"),
    "logprobs": ({"logprobs": True}, CLAUDE, "logprobs"),
    "logit_bias": ({"logit_bias": {"1": 1}}, GEMINI, "logit_bias"),
}


@pytest.mark.parametrize(("body", "model", "param"), CANNOT.values(), ids=CANNOT)
def test_what_cannot_be_asked(body: Json, model: str, param: Any) -> None:
    assert refused(body, model) == ("unsupported_parameter", param)


def test_a_picture_that_is_sent_along_is_seen() -> None:
    content = [image("data:image/png;base64,iVBORw0KGgo=")]
    (message,) = write({"messages": [{"role": "user", "content": content}]}, CLAUDE).request["messages"]
    assert message["content"][0]["source"]["type"] == "base64"


@pytest.mark.parametrize("model", ["mistral-medium-3@001", "mistralai/codestral-2", "codestral-2", "../../x"])
def test_whose_format_we_do_not_speak(model: str) -> None:
    assert refused({}, model) == ("no_capable_target", "model")


@pytest.mark.parametrize("model", [CLAUDE, OPEN])
def test_who_makes_no_embeddings(model: str) -> None:
    assert refused({"input": "hi"}, model, kind="embeddings") == ("no_capable_target", "model")
