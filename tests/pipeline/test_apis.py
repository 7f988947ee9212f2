"""Which API serves a request: rows of (provider's model, request, path below which address)."""

import json
from typing import Any

import pytest

from tests.config.reading import loaded, told
from tests.pipeline.build import call, route
from trunkline.catalog import shipped
from trunkline.pipeline.apis import reached
from trunkline.pipeline.prepare import Prepared, prepare
from trunkline.pipeline.price import known
from trunkline.types import Call, Json, Target
from trunkline.wires.auth import SCHEMES

TEXT = """
server: {auth: none}
providers:
  openai: {api_key: "${X:-k}"}
  azure: {api_key: "${X:-k}", base_url: "https://r.openai.azure.com", deployments: {gpt-5-codex: mine}}
  old: {kind: azure, api_key: "${X:-k}", base_url: "https://r.openai.azure.com", api_version: "2024-10-21"}
  foundry: {kind: azure, api_key: "${X:-k}", base_url: "https://r.services.ai.azure.com/api/projects/p/openai/v1"}
  azure_ai: {api_key: "${X:-k}", base_url: "https://r.services.ai.azure.com", deployments: {claude-opus-4-6: mine}}
  deepseek: {api_key: "${X:-k}"}
  perplexity: {api_key: "${X:-k}"}
  openrouter: {api_key: "${X:-k}"}
  xai: {api_key: "${X:-k}"}
  anthropic: {api_key: "${X:-k}"}
  house: {kind: openai, base_url: "http://127.0.0.1:8000/v1", drop: [user]}
  demo:
models:
  openai/gpt-4o: {api: responses}
  openai/gpt-5.5: {api: chat}
  openai/gpt-5.4-pro: {api: chat}
  house/claude: {api: messages}
  house/gpt: {api: responses}
  openrouter/x/claude: {api: messages}
  deepseek/deepseek-flash: {api: messages}
  anthropic/claude-opus-4-6: {api: messages}
"""
LOADED = loaded(TEXT)
CATALOG = shipped().corrected(LOADED.corrections)

HI: Json = {"messages": [{"role": "user", "content": "hi"}]}
TOOLS: Json = {"tools": [{"type": "function", "function": {"name": "f"}}]}
THINKING: Json = {**TOOLS, "reasoning_effort": "high"}
IDLE: Json = {**TOOLS, "reasoning_effort": "none"}

OPENAI, AZURE, FOUNDRY = "https://api.openai.com/v1", "https://r.openai.azure.com", "https://r.services.ai.azure.com"
DATED = f"{AZURE}/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"

ROWS: dict[str, tuple[str, Json, str]] = {
    "as ever": ("openai/gpt-4.1", {}, f"{OPENAI}/chat/completions"),
    "with tools": ("openai/gpt-4.1", TOOLS, f"{OPENAI}/chat/completions"),
    "the catalog's word": ("openai/gpt-5-pro", {}, f"{OPENAI}/responses"),
    "of a snapshot": ("openai/gpt-5-pro-2025-10-06", {}, f"{OPENAI}/responses"),
    "by a name that nobody knows yet": ("openai/gpt-9-codex", {}, f"{OPENAI}/responses"),
    "deep research": ("openai/o9-deep-research", {}, f"{OPENAI}/responses"),
    "tools of a model that reasons": ("openai/gpt-5.4-mini", THINKING, f"{OPENAI}/responses"),
    "that is told not to": ("openai/gpt-5.4-mini", IDLE, f"{OPENAI}/chat/completions"),
    "that does not unless told to": ("openai/gpt-5.4-mini", TOOLS, f"{OPENAI}/chat/completions"),
    "that does unless told not to": ("openai/gpt-5.6", TOOLS, f"{OPENAI}/responses"),
    "no tools": ("openai/gpt-5.6", {"reasoning_effort": "high", "tools": []}, f"{OPENAI}/chat/completions"),
    "an older model that takes both": ("openai/gpt-5", THINKING, f"{OPENAI}/chat/completions"),
    "a newer one": ("openai/gpt-6.1-sol", TOOLS, f"{OPENAI}/responses"),
    "a model that talks": ("openai/gpt-5.4-chat-latest", TOOLS, f"{OPENAI}/chat/completions"),
    "the file's word": ("openai/gpt-4o", {}, f"{OPENAI}/responses"),
    "against what a name says": ("openai/gpt-5.5", TOOLS, f"{OPENAI}/chat/completions"),
    "against what the catalog says": ("openai/gpt-5.4-pro", {}, f"{OPENAI}/chat/completions"),
    "Azure": ("azure/gpt-5-codex", {}, f"{AZURE}/openai/v1/responses"),
    "Azure with tools": ("azure/gpt-5.6", TOOLS, f"{AZURE}/openai/v1/responses"),
    "Azure by its dated API": ("old/gpt-4o", {}, DATED),
    "Azure, whatever the date": ("old/gpt-5-pro", {}, f"{AZURE}/openai/v1/responses"),
    "a project": ("foundry/gpt-5-pro", {}, f"{FOUNDRY}/api/projects/p/openai/v1/responses"),
    "Claude at Azure": ("foundry/claude-opus-4-6", {}, f"{FOUNDRY}/anthropic/v1/messages"),
    "Foundry": ("azure_ai/gpt-5.4-pro", {}, f"{FOUNDRY}/openai/v1/responses"),
    "Claude at Foundry": ("azure_ai/claude-opus-4-6", {}, f"{FOUNDRY}/anthropic/v1/messages"),
    "xAI": ("xai/grok-4.20-multi-agent", {}, "https://api.x.ai/v1/responses"),
    "Perplexity": ("perplexity/openai/gpt-5", {}, "https://api.perplexity.ai/v1/responses"),
    "DeepSeek": ("deepseek/deepseek-flash", {}, "https://api.deepseek.com/anthropic/v1/messages"),
    "OpenRouter": ("openrouter/x/claude", {}, "https://openrouter.ai/api/v1/messages"),
    "any server": ("house/gpt", {}, "http://127.0.0.1:8000/v1/responses"),
    "any server with Claude": ("house/claude", {}, "http://127.0.0.1:8000/v1/messages"),
    "any server with a name": ("house/codex", TOOLS, "http://127.0.0.1:8000/v1/chat/completions"),
    "who has it as the usual one": ("anthropic/claude-opus-4-6", {}, "https://api.anthropic.com/v1/messages"),
    "who has but one": ("demo/gpt-5-pro", {}, "demo://local/v1/chat/completions"),
}


def prepared(name: str, body: Json, **more: Any) -> Prepared:
    assert LOADED.config is not None
    owner, _, model = name.partition("/")
    target = Target(provider=LOADED.config.providers[owner], model=model)
    asked: Call = call(route("r", target), body={**HI, **body}, **more)
    return prepare(asked, target, known(CATALOG, target))


@pytest.mark.parametrize(("name", "body", "url"), ROWS.values(), ids=ROWS)
def test_where_a_request_goes(name: str, body: Json, url: str) -> None:
    ready = prepared(name, body)
    assert ready.target.provider.base_url + ready.encoded.path == url
    assert ready.target.id == name


def test_the_account_is_the_same() -> None:
    """Its key, by the header that the API wants, and its names of models."""
    codex, claude = prepared("azure/gpt-5-codex", {}), prepared("azure_ai/claude-opus-4-6", {})
    assert [json.loads(ready.encoded.content)["model"] for ready in (codex, claude)] == ["mine", "mine"]
    assert SCHEMES[codex.target.provider.auth]("k") == {"api-key": "k"}
    assert SCHEMES[claude.target.provider.auth]("k") == {"x-api-key": "k"}
    assert SCHEMES[prepared("house/claude", {}).target.provider.auth]("k") == {}


def test_what_a_model_takes_is_the_same_and_what_the_usual_api_takes_is_not() -> None:
    """The row's rules about models and the file's own words hold; xAI's other name of a parameter does not."""
    effort = prepared("openai/gpt-5-pro", {"reasoning_effort": "low", "temperature": 0.5, "max_tokens": 5})
    assert effort.dropped == ("max_tokens=clamped", "reasoning_effort=high", "temperature")
    assert json.loads(effort.encoded.content)["max_output_tokens"] == 16
    assert prepared("house/gpt", {"user": "u"}).dropped == ("user",)
    xai = prepared("xai/grok-4.20-multi-agent", {"parallel_tool_calls": False, "tools": [{"type": "web_search"}]})
    assert json.loads(xai.encoded.content)["parallel_tool_calls"] is False


def test_only_openai_is_told_not_to_pad() -> None:
    openai, azure = (prepared(f"{name}/gpt-5.2-pro", {}, stream=True) for name in ("openai", "azure"))
    assert json.loads(openai.encoded.content)["stream_options"] == {"include_obfuscation": False}
    assert "stream_options" not in json.loads(azure.encoded.content)


def test_embeddings_have_one_api() -> None:
    assert LOADED.config is not None
    target = Target(provider=LOADED.config.providers["openai"], model="gpt-4o")
    assert reached(target, known(CATALOG, target), "embeddings", {"input": "x"}) is target


def test_an_api_that_a_provider_does_not_have() -> None:
    [problem] = told(TEXT + "  demo/echo: {api: responses}\n")
    assert problem.endswith('models.demo/echo.api: the provider "demo" has no such API, only: chat')
    [other] = told(TEXT + "  demo/echo: {api: reponses}\n")
    assert "did you mean" in other
