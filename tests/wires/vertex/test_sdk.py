"""The same asked through the publishers' own SDKs: what they send is what we send."""

from collections.abc import Callable
from typing import Any

import pytest
from anthropic import AnthropicVertex
from google.genai import Client, types
from google.oauth2.credentials import Credentials

from tests.corpus.gemini_asking import spelled
from tests.kit.replies import json_reply
from tests.kit.upstream import Upstream
from tests.wires.gemini.support import function, result, tool_call
from tests.wires.support import HI
from tests.wires.vertex.support import CLAUDE, GEMINI, PLACE, write
from trunkline.types import Json, Kind

SCHEMA: Json = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
ANSWER = {"candidates": [{"content": {"role": "model", "parts": [{"text": "hi"}]}, "finishReason": "STOP"}]}
MESSAGE = {"id": "m", "type": "message", "role": "assistant", "model": "c", "content": [], "usage": {}}
EMBEDDED: dict[str, Json] = {
    "text-embedding-005": {"predictions": [{"embeddings": {"values": [1.0], "statistics": {"token_count": 1}}}]},
    "gemini-embedding-2": {"embedding": {"values": [1.0]}},
}


def gemini(upstream: Upstream) -> Any:
    address = types.HttpOptions(base_url=f"http://127.0.0.1:{upstream.port}", api_version="v1")
    account: Any = Credentials
    token = account(token="t")
    return Client(vertexai=True, project="p", location="us-east5", credentials=token, http_options=address)


def claude(upstream: Upstream) -> Any:
    address = f"http://127.0.0.1:{upstream.port}/v1"
    return AnthropicVertex(project_id="p", region="us-east5", access_token="t", base_url=address, max_retries=0)


def turns() -> list[types.Content]:
    called = types.Part(function_call=types.FunctionCall(id="1", name="f", args={"q": "x"}))
    told = types.Part(function_response=types.FunctionResponse(id="1", name="f", response={"output": "r"}))
    return [
        types.Content(role="user", parts=[types.Part(text="hi")]),
        types.Content(role="model", parts=[called]),
        types.Content(role="user", parts=[told]),
    ]


TOOL = types.Tool(function_declarations=[types.FunctionDeclaration(name="f", parameters_json_schema=SCHEMA)])
CALLED: Json = {"role": "assistant", "tool_calls": [tool_call(arguments='{"q": "x"}')]}
# What OpenAI's client says, and what Google's.
GENERATED: dict[str, tuple[Json, Any, types.GenerateContentConfig]] = {
    "text": (
        {"messages": [{"role": "system", "content": "s"}, HI], "temperature": 0.5, "max_tokens": 9, "stop": ["x"]},
        [types.Content(role="user", parts=[types.Part(text="hi")])],
        types.GenerateContentConfig(
            # A role of the instruction makes no difference, and we give none.
            system_instruction=types.Content(parts=[types.Part(text="s")]),
            temperature=0.5,
            max_output_tokens=9,
            stop_sequences=["x"],
        ),
    ),
    "tools": (
        {"messages": [HI, CALLED, result()], "tools": [function(parameters=SCHEMA)], "tool_choice": "required"},
        turns(),
        types.GenerateContentConfig(
            tools=[TOOL],
            tool_config=types.ToolConfig(
                function_calling_config=types.FunctionCallingConfig(mode=types.FunctionCallingConfigMode.ANY)
            ),
        ),
    ),
    "what is Vertex's own": (
        {"labels": {"team": "a"}, "audioTimestamp": True, "thinkingConfig": {"thinkingBudget": 5}},
        [types.Content(role="user", parts=[types.Part(text="hi")])],
        types.GenerateContentConfig(
            labels={"team": "a"}, audio_timestamp=True, thinking_config=types.ThinkingConfig(thinking_budget=5)
        ),
    ),
}


def sent(upstream: Upstream, answer: Json, ask: Callable[[], Any]) -> tuple[str, Json]:
    """Path and body of what an SDK sends."""
    upstream.play(json_reply(200, answer))
    ask()
    request = upstream.requests[-1]
    body: Json = spelled(request.json)
    return request.path.removeprefix(PLACE), {name: value for name, value in body.items() if value != {}}


def ours(body: Json, model: str, kind: Kind = "chat") -> tuple[str, Json]:
    written = write(body, model, kind=kind)
    return written.path, spelled(written.request)


@pytest.mark.parametrize(("body", "contents", "config"), GENERATED.values(), ids=GENERATED)
def test_gemini(body: Json, contents: Any, config: Any, upstream: Upstream) -> None:
    client = gemini(upstream)
    theirs = sent(
        upstream, ANSWER, lambda: client.models.generate_content(model=GEMINI, contents=contents, config=config)
    )
    assert ours(body, GEMINI) == theirs


@pytest.mark.parametrize(("model", "answer"), EMBEDDED.items(), ids=EMBEDDED)
def test_embeddings(model: str, answer: Json, upstream: Upstream) -> None:
    client = gemini(upstream)
    config = types.EmbedContentConfig(task_type="RETRIEVAL_QUERY", output_dimensionality=3, auto_truncate=False)
    theirs = sent(upstream, answer, lambda: client.models.embed_content(model=model, contents="hi", config=config))
    theirs[1].get("content", {}).pop("role", None)
    body: Json = {"input": "hi", "task_type": "RETRIEVAL_QUERY", "dimensions": 3, "auto_truncate": False}
    assert ours(body, model, "embeddings") == theirs


def test_claude(upstream: Upstream) -> None:
    client = claude(upstream)
    asked: Any = {
        "max_tokens": 9,
        "system": [{"type": "text", "text": "s"}],
        "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
        "tools": [{"name": "f", "input_schema": SCHEMA}],
        "tool_choice": {"type": "any"},
    }
    theirs = sent(upstream, MESSAGE, lambda: client.messages.create(model=CLAUDE, **asked))
    body = {"messages": [{"role": "system", "content": "s"}, HI], "max_tokens": 9}
    path, request = ours({**body, "tools": [function(parameters=SCHEMA)], "tool_choice": "required"}, CLAUDE)
    # The newer version of this SDK refuses temperature on every model.
    assert (path, {**request, "anthropicVersion": "2026-10-21"}) == theirs
