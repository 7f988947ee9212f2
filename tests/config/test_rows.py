"""The built-in providers as data: each loads, knows its key variable, and is off without it."""

from typing import Any

import pytest

from tests.config.reading import config, told
from tests.config.test_defaults import served
from tests.config.test_providers import HEAD, provider
from trunkline.config.rows import rows
from trunkline.types import Provider
from trunkline.wires.auth import SCHEMES

# Built-in name -> the variable that turns it on, and its base URL then.
BUILT_IN = {
    "openai": ("OPENAI_API_KEY", "https://api.openai.com/v1"),
    "groq": ("GROQ_API_KEY", "https://api.groq.com/openai/v1"),
    "together": ("TOGETHER_API_KEY", "https://api.together.xyz/v1"),
    "sambanova": ("SAMBANOVA_API_KEY", "https://api.sambanova.ai/v1"),
    "xai": ("XAI_API_KEY", "https://api.x.ai/v1"),
    "deepseek": ("DEEPSEEK_API_KEY", "https://api.deepseek.com/v1"),
    "openrouter": ("OPENROUTER_API_KEY", "https://openrouter.ai/api/v1"),
    "fireworks": ("FIREWORKS_API_KEY", "https://api.fireworks.ai/inference/v1"),
    "cerebras": ("CEREBRAS_API_KEY", "https://api.cerebras.ai/v1"),
    "perplexity": ("PERPLEXITY_API_KEY", "https://api.perplexity.ai"),
    "nvidia": ("NVIDIA_API_KEY", "https://integrate.api.nvidia.com/v1"),
    "huggingface": ("HF_TOKEN", "https://router.huggingface.co/v1"),
    "mistral": ("MISTRAL_API_KEY", "https://api.mistral.ai/v1"),
}
# Built-in name -> its variable, and where it is to be found.
ELSEWHERE = {
    "azure": ("AZURE_OPENAI_API_KEY", "https://n.openai.azure.com/openai/v1"),
    "azure_ai": ("AZURE_AI_API_KEY", "https://n.services.ai.azure.com"),
    "runpod": ("RUNPOD_API_KEY", "https://api.runpod.ai/v2/e/openai/v1"),
}
KEYLESS = {
    "vllm": "http://127.0.0.1:8000/v1",
    "llamacpp": "http://127.0.0.1:8080/v1",
    "lmstudio": "http://127.0.0.1:1234/v1",
    "ollama": "http://127.0.0.1:11434",
    "demo": "demo://local/v1",
}


@pytest.mark.parametrize(("name", "variable", "url"), [(name, *row) for name, row in BUILT_IN.items()])
def test_a_name_and_a_key_are_enough(name: str, variable: str, url: str) -> None:
    on, off = provider(f"{name}:", {variable: "k"}), provider(f"{name}:")
    assert (on.base_url, on.keys, on.key_source, on.auth, on.off) == (url, ("k",), variable, "bearer", None)
    assert (off.keys, off.off) == ((), f"{variable} is unset")


@pytest.mark.parametrize(("name", "variable", "url"), [(name, *row) for name, row in ELSEWHERE.items()])
def test_some_need_an_address_too(name: str, variable: str, url: str) -> None:
    on, off = (provider(f"{name}: {{base_url: '{url}'}}", environ) for environ in ({variable: "k"}, {}))
    assert (on.keys, on.off, off.off) == (("k",), None, f"{variable} is unset")
    (line,) = told(HEAD + f"  {name}:\n", {variable: "k"})
    assert "base_url: is required" in line


@pytest.mark.parametrize(("name", "url"), KEYLESS.items())
def test_some_need_no_key(name: str, url: str) -> None:
    found = provider(f"{name}:")
    assert (found.base_url, found.auth, found.off, found.local) == (url, "none", None, True)


AZURE = "base_url: 'https://n.openai.azure.com'"
AZURE_KEY = {"AZURE_OPENAI_API_KEY": "k"}
CLASSIC = "/openai/deployments/{model}{call}?api-version=2024-10-21"
HOUSE = "kind: openai, base_url: 'http://h/v1'"
DEVIATIONS = "request: [stop_as_list], reply: [eos_is_stop]"
# What only the operator knows, or wants otherwise: the entry, the environment, some of the fields.
OWN: list[tuple[str, dict[str, str], dict[str, Any]]] = [
    ("two: {kind: groq}", {"GROQ_API_KEY": "k"}, {"base_url": BUILT_IN["groq"][1], "keys": ("k",)}),
    ("two: {kind: groq, api_key: '${TWO}'}", {"TWO": "2"}, {"keys": ("2",), "request": ("own_service_tiers",)}),
    # A key does not go to an address it was not made for.
    ("two: {kind: groq, base_url: 'http://h/v1'}", {"GROQ_API_KEY": "k"}, {"keys": (), "auth": "none", "off": None}),
    (
        "two: {kind: groq, base_url: 'http://h/v1'}",
        {},
        {"base_url": "http://h/v1", "drop": set(rows().providers["groq"].drop)},
    ),
    ("gpu: {kind: vllm, base_url: 'http://gpu:8000'}", {}, {"base_url": "http://gpu:8000/v1", "local": True}),
    ("vllm:", {"VLLM_BASE_URL": "http://gpu:8000/v1"}, {"base_url": "http://gpu:8000/v1"}),
    ("groq: {kind: groq}", {"GROQ_API_KEY": "k"}, {"keys": ("k",)}),
    (f"eu: {{kind: azure, {AZURE}}}", AZURE_KEY, {"keys": ("k",), "auth": "api-key", "path": "{call}"}),
    (f"azure: {{{AZURE}}}", AZURE_KEY, {"base_url": "https://n.openai.azure.com/openai/v1"}),
    (
        # A token of Entra's instead of a key: https://learn.microsoft.com/azure/ai-foundry/openai/reference
        f"azure: {{{AZURE}, headers: {{Authorization: 'Bearer ${{AZURE_OPENAI_AD_TOKEN}}'}}}}",
        {"AZURE_OPENAI_AD_TOKEN": "t", "AZURE_OPENAI_API_KEY": "unused"},
        {"off": None, "keys": (), "auth": "none", "headers": {"Authorization": "Bearer t"}},
    ),
    ("azure:", {**AZURE_KEY, "AZURE_OPENAI_ENDPOINT": "https://n.openai.azure.com/"}, {"off": None}),
    (
        f"azure: {{{AZURE}, api_version: 2024-10-21, deployments: {{gpt-4o: mine}}}}",
        AZURE_KEY,
        {"base_url": "https://n.openai.azure.com", "path": CLASSIC, "deployments": {"gpt-4o": "mine"}},
    ),
    (
        "azure: {base_url: 'https://n.openai.azure.com/openai/v1', api_version: 2024-10-21}",
        AZURE_KEY,
        {"base_url": "https://n.openai.azure.com", "path": CLASSIC},
    ),
    (f"azure: {{{AZURE}, api_version: '${{V:-}}'}}", AZURE_KEY, {"path": "{call}"}),
    (
        "azure_ai: {base_url: 'https://n.services.ai.azure.com/models'}",
        {"AZURE_AI_API_KEY": "k"},
        {
            "base_url": "https://n.services.ai.azure.com",
            "path": "/models{call}?api-version=2024-05-01-preview",
            "headers": {"extra-parameters": "drop"},
        },
    ),
    (
        "azure_ai: {base_url: 'https://n.services.ai.azure.com', headers: {Extra-Parameters: pass-through}}",
        {"AZURE_AI_API_KEY": "k"},
        {"headers": {"Extra-Parameters": "pass-through"}},
    ),
    (
        "azure_ai: {base_url: 'https://n.services.ai.azure.com/api/projects/p/openai/v1'}",
        {"AZURE_AI_API_KEY": "k"},
        {"base_url": "https://n.services.ai.azure.com/api/projects/p/openai/v1", "path": "{call}"},
    ),
    # The whole of a provider in the file.
    (
        f"own: {{{HOUSE}, rename: {{seed: r_seed}}, drop: [store, n], clamp: {{temperature: [0, 1]}}, {DEVIATIONS}}}",
        {},
        {
            "rename": {"seed": "r_seed"},
            "drop": {"store"},
            "refuse": {"n"},
            "nearest": {"temperature": (0, 1)},
            "request": ("stop_as_list",),
            "reply": ("eos_is_stop",),
            "only": None,
        },
    ),
    (
        "own: {kind: openai, base_url: 'http://h/v1', only: [max_tokens, n]}",
        {},
        {
            "only": {"max_tokens", "n", "model", "messages", "input", "stream", "stream_options"},
            "refuse": {"logprobs", "top_logprobs", "logit_bias", "modalities", "audio", "dimensions"},
        },
    ),
    (
        "cerebras: {allow: [store, logit_bias], request: [stop_as_list]}",
        {},
        {
            "refuse": {"modalities", "audio"},
            "drop": set(rows().providers["cerebras"].drop) - {"store"},
            "request": ("reasoning_renamed", "stop_as_list"),
        },
    ),
    ("fireworks:", {}, {"stream_options": None}),
    ("xai:", {}, {"stream_options": {}, "nearest": {"top_logprobs": (0, 8), "reasoning_effort": {"minimal": "low"}}}),
]


@pytest.mark.parametrize(("text", "environ", "fields"), OWN)
def test_what_the_file_says_over_a_row(text: str, environ: dict[str, str], fields: dict[str, Any]) -> None:
    found = provider(text, environ)
    taken = found.takes.by("m", None)
    assert {name: getattr(found, name) if hasattr(found, name) else getattr(taken, name) for name in fields} == fields


def test_this_file_knows_every_row_that_needs_no_account_of_its_own_kind() -> None:
    named = {name for name, row in rows().providers.items() if row.kind in ("openai", "demo", "ollama")}
    assert named == {*BUILT_IN, *ELSEWHERE, *KEYLESS}


def test_every_scheme_of_a_row_exists() -> None:
    assert {row.auth for row in rows().providers.values()} - {None} <= SCHEMES.keys()


@pytest.mark.parametrize("name", BUILT_IN)
def test_without_a_file_a_key_turns_its_provider_on(name: str) -> None:
    variable, _ = BUILT_IN[name]
    assert set(served({variable: "k"}).providers) == {name, "demo"}


@pytest.mark.parametrize(
    ("environ", "on"),
    [
        ({"VLLM_BASE_URL": "http://gpu:8000/v1"}, {"vllm", "demo"}),
        (AZURE_KEY, {"demo"}),
        ({**AZURE_KEY, "AZURE_OPENAI_ENDPOINT": "https://n.openai.azure.com"}, {"azure", "demo"}),
        ({"OLLAMA_BASE_URL": "http://gpu:11434"}, {"demo"}),
    ],
)
def test_without_a_file_an_address_does_so_too(environ: dict[str, str], on: set[str]) -> None:
    assert set(served(environ).providers) == on


def test_a_row_never_shows_its_key() -> None:
    found: Provider = config(HEAD + "  groq:\n", {"GROQ_API_KEY": "gsk-hunter2"}).providers["groq"]
    assert "hunter2" not in repr(found)
