"""The same asked through Google's own SDK: what it sends is what we send."""

from collections.abc import Callable
from typing import Any

import pytest
from google.genai import Client, types

from tests.corpus.gemini_asking import spelled
from tests.kit.replies import json_reply
from tests.kit.upstream import Upstream
from tests.wires.gemini.support import BUDGET, LEVEL, assistant, function, result, tool_call, write
from tests.wires.support import HI
from trunkline.types import Json, Kind

ANSWER = {"candidates": [{"content": {"role": "model", "parts": [{"text": "hi"}]}, "finishReason": "STOP"}]}
SCHEMA: Json = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
MODE = types.FunctionCallingConfigMode


def google(upstream: Upstream) -> Any:
    address = types.HttpOptions(base_url=f"http://127.0.0.1:{upstream.port}", api_version="v1beta")
    return Client(api_key="AIza-1", http_options=address)


def user(*parts: types.Part) -> types.Content:
    return types.Content(role="user", parts=list(parts))


TEXT = [user(types.Part(text="hi"))]
TURNS = [
    *TEXT,
    types.Content(
        role="model",
        parts=[
            types.Part(
                function_call=types.FunctionCall(id="1", name="f", args={"q": "x"}), thought_signature=b"signature"
            )
        ],
    ),
    user(types.Part(function_response=types.FunctionResponse(id="1", name="f", response={"output": "r"}))),
]
DECLARED = types.FunctionDeclaration(name="f", description="d", parameters_json_schema=SCHEMA)
CALLED = assistant(tool_call(arguments='{"q": "x"}', signature="c2lnbmF0dXJl"))

# What OpenAI's client says, and what Google's: model, contents, configuration.
GENERATED: dict[str, tuple[Json, str, Any, types.GenerateContentConfig]] = {
    "sampling": (
        {
            "messages": [{"role": "system", "content": "s"}, HI],
            "temperature": 0.5, "top_p": 0.25, "top_k": 4, "max_tokens": 9, "stop": ["x"], "seed": 7, "n": 2,
            "presence_penalty": 0.5, "frequency_penalty": -0.5, "logprobs": True, "top_logprobs": 2,
            "reasoning_effort": "low", "service_tier": "flex",
        },
        BUDGET,
        TEXT,
        types.GenerateContentConfig(
            system_instruction=types.Content(parts=[types.Part(text="s")]),
            temperature=0.5, top_p=0.25, top_k=4, max_output_tokens=9, stop_sequences=["x"], seed=7, candidate_count=2,
            presence_penalty=0.5, frequency_penalty=-0.5, response_logprobs=True, logprobs=2,
            thinking_config=types.ThinkingConfig(thinking_budget=1024, include_thoughts=True),
            service_tier=types.ServiceTier.FLEX,
        ),
    ),
    "tools": (
        {"messages": [HI, CALLED, result()], "tools": [function("f", description="d", parameters=SCHEMA)],
         "tool_choice": function("f")},
        LEVEL,
        TURNS,
        types.GenerateContentConfig(
            tools=[types.Tool(function_declarations=[DECLARED])],
            tool_config=types.ToolConfig(
                function_calling_config=types.FunctionCallingConfig(mode=MODE.ANY, allowed_function_names=["f"])
            ),
        ),
    ),
    "search": (
        {"web_search_options": {}}, BUDGET, TEXT,
        types.GenerateContentConfig(tools=[types.Tool(google_search=types.GoogleSearch())]),
    ),
    "a schema": (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": SCHEMA}},
         "reasoning_effort": "high"},
        LEVEL, TEXT,
        types.GenerateContentConfig(
            response_mime_type="application/json", response_json_schema=SCHEMA,
            thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.HIGH, include_thoughts=True),
        ),
    ),
    "pictures": (
        {"messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}},
            {"type": "file", "file": {"file_data": "https://x.test/a.pdf"}},
        ]}],
         "modalities": ["text", "image"], "imageConfig": {"aspectRatio": "1:1"},
         "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "OFF"}]},
        LEVEL,
        [user(
            types.Part(
                inline_data=types.Blob(mime_type="image/png", data=b"\0\0\0"),
                media_resolution=types.PartMediaResolution(
                    level=types.PartMediaResolutionLevel.MEDIA_RESOLUTION_LOW
                ),
            ),
            types.Part(file_data=types.FileData(file_uri="https://x.test/a.pdf", mime_type="application/pdf")),
        )],
        types.GenerateContentConfig(
            response_modalities=["TEXT", "IMAGE"], image_config=types.ImageConfig(aspect_ratio="1:1"),
            safety_settings=[types.SafetySetting(category=types.HarmCategory.HARM_CATEGORY_HARASSMENT,
                                                 threshold=types.HarmBlockThreshold.OFF)],
        ),
    ),
}  # fmt: skip


def sent(upstream: Upstream, answer: Json, ask: Callable[[], Any]) -> tuple[str, Json]:
    """Path and body of what the SDK sends."""
    upstream.play(json_reply(200, answer))
    ask()
    request = upstream.requests[-1]
    assert dict(request.headers)["x-goog-api-key"] == "AIza-1"
    body: Json = spelled(request.json)
    return request.path, {name: value for name, value in body.items() if value != {}}


def ours(body: Json, model: str, kind: Kind = "chat") -> tuple[str, Json]:
    written = write(body, model, kind=kind)
    return written.path, spelled(written.request)


@pytest.mark.parametrize(("body", "model", "contents", "config"), GENERATED.values(), ids=GENERATED)
def test_generate(body: Json, model: str, contents: Any, config: Any, upstream: Upstream) -> None:
    client = google(upstream)
    theirs = sent(
        upstream, ANSWER, lambda: client.models.generate_content(model=model, contents=contents, config=config)
    )
    assert ours(body, model) == theirs


def test_the_path_of_a_stream(upstream: Upstream) -> None:
    client = google(upstream)
    ask = lambda: list(client.models.generate_content_stream(model=BUDGET, contents="hi"))  # noqa: E731
    assert sent(upstream, ANSWER, ask)[0] == write({}, BUDGET, stream=True).path


def test_embeddings(upstream: Upstream) -> None:
    client = google(upstream)
    answer = {"embeddings": [{"values": [1.0]}, {"values": [1.0]}]}
    config = types.EmbedContentConfig(task_type="RETRIEVAL_QUERY", output_dimensionality=3)
    model = "gemini-embedding-001"
    theirs = sent(
        upstream, answer, lambda: client.models.embed_content(model=model, contents=["a", "b"], config=config)
    )
    for one in theirs[1]["requests"]:
        one["content"].pop("role", None)
    assert ours({"input": ["a", "b"], "task_type": "RETRIEVAL_QUERY", "dimensions": 3}, model, "embeddings") == theirs
