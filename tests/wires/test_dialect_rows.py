"""What the built-in rows refuse, and where they send."""

from collections.abc import Iterator

import pytest

from tests.wires.dialect_support import encoded, target
from trunkline.config.rows import ProviderRow, rows
from trunkline.errors import ApiError
from trunkline.types import Json, Kind
from trunkline.wires.dialect import CHUNK, REQUEST, WHOLE

USER: Json = {"role": "user", "content": "hi"}
CALL: Json = {"id": "call_abc", "type": "function", "function": {"name": "f", "arguments": "{}"}}
TOOL: Json = {"type": "function", "function": {"name": "f"}}
THOUGHT: Json = {"role": "assistant", "content": "4", "reasoning_content": "2 and 2"}
SCHEMA: Json = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}
USAGE = {"stream_options": {"include_usage": True}}


def test_a_schema_goes_in_words_where_there_is_only_json_mode() -> None:
    _, sent, dropped = encoded("deepseek", {"messages": [USER], "response_format": SCHEMA})
    told, user = sent["messages"]
    assert (told["role"], user, dropped) == ("system", USER, ("response_format=json_object",))
    assert '{"type":"object"}' in told["content"]
    assert "JSON" in told["content"]
    assert sent["response_format"] == {"type": "json_object"}


REFUSED: list[tuple[str, Json, str]] = [
    ("groq", {"n": 2}, "n"),
    ("groq", {"logprobs": True}, "logprobs"),
    ("groq", {"logit_bias": {"1": 1}}, "logit_bias"),
    ("deepseek", {"n": 2}, "n"),
    ("deepseek", {"logit_bias": {"1": 1}}, "logit_bias"),
    ("cerebras", {"logit_bias": {"1": 1}}, "logit_bias"),
    ("perplexity", {"tools": [TOOL]}, "tools"),
    ("mistral", {"logprobs": True}, "logprobs"),
    ("mistral", {"modalities": ["text", "audio"]}, "modalities"),
    ("mistral", {"audio": {"voice": "x"}}, "audio"),
    ("nvidia", {"n": 2}, "n"),
    ("together", {"modalities": ["audio"]}, "modalities"),
    ("azure_ai", {"n": 2}, "n"),
]


@pytest.mark.parametrize(("row", "said", "param"), REFUSED)
def test_what_would_change_the_meaning_is_refused(row: str, said: Json, param: str) -> None:
    with pytest.raises(ApiError) as error:
        encoded(row, {"messages": [USER], **said})
    assert (error.value.code, error.value.status, error.value.param) == ("unsupported_parameter", 400, param)
    assert "up/m" in str(error.value)


def test_token_ids_are_for_one_model_only() -> None:
    with pytest.raises(ApiError, match="token ids") as error:
        encoded("mistral", {"input": [[1, 2]]}, kind="embeddings")
    assert error.value.param == "input"


def test_embeddings_by_mistrals_names() -> None:
    body = {"input": ["a"], "dimensions": 8, "encoding_format": "base64", "user": "u"}
    sent = {"model": "m", "input": ["a"], "output_dimension": 8, "encoding_format": "float"}
    assert encoded("mistral", body, kind="embeddings") == ("/embeddings", sent, ("user",))


AZURE = "base_url: 'https://n.openai.azure.com'"
PATHS: list[tuple[str, str, Kind, str]] = [
    ("azure", AZURE, "chat", "https://n.openai.azure.com/openai/v1/chat/completions"),
    (
        "azure",
        f"{AZURE}, api_version: 2024-10-21",
        "chat",
        "https://n.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21",
    ),
    (
        "azure",
        f"{AZURE}, api_version: 2024-10-21, deployments: {{m: 'my/gpt?'}}",
        "embeddings",
        "https://n.openai.azure.com/openai/deployments/my%2Fgpt%3F/embeddings?api-version=2024-10-21",
    ),
    (
        "azure_ai",
        "base_url: 'https://n.services.ai.azure.com'",
        "chat",
        "https://n.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
    ),
    (
        "azure_ai",
        "base_url: 'https://n.services.ai.azure.com/openai/v1'",
        "chat",
        "https://n.services.ai.azure.com/openai/v1/chat/completions",
    ),
    ("perplexity", "base_url: 'https://api.perplexity.ai'", "chat", "https://api.perplexity.ai/chat/completions"),
]


@pytest.mark.parametrize(("row", "more", "kind", "url"), PATHS)
def test_where_it_is_sent(row: str, more: str, kind: Kind, url: str) -> None:
    body: Json = {"messages": [USER]} if kind == "chat" else {"input": "a"}
    path, _, _ = encoded(row, body, kind=kind, more=more)
    assert target(row, more).provider.base_url + path == url


def test_a_deployment_is_the_model_that_is_sent() -> None:
    _, sent, _ = encoded("azure", {"messages": [USER]}, more=f"{AZURE}, deployments: {{m: mine}}")
    assert sent["model"] == "mine"


def test_every_name_in_the_table_is_a_function_and_every_function_is_named() -> None:
    table = rows()
    assert table.dialect.request.keys() == REQUEST.keys()
    assert table.dialect.reply.keys() == WHOLE.keys() == CHUNK.keys()
    used_requests = {name for row in table.providers.values() for name in _requests(row)}
    used_replies = {name for row in table.providers.values() for name in row.reply}
    assert used_requests == set(REQUEST)
    assert used_replies == set(WHOLE)


def _requests(row: ProviderRow) -> Iterator[str]:
    yield from row.request
    for rule in row.models:
        yield from rule.request
