"""The names that a model goes by, and the names that are another model's."""

from decimal import Decimal

import pytest

from trunkline.catalog import Catalog, Correction, Entry, Price, Rates, merged, shipped

FOUND: dict[str, tuple[str, str, str | None]] = {
    "exact": ("openai", "gpt-4o", "gpt-4o"),
    "a snapshot with an entry of its own": ("openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
    "a snapshot without one": ("openai", "gpt-5.5-2026-04-14", "gpt-5.5"),
    "a snapshot of Anthropic": ("anthropic", "claude-opus-5-20260519", "claude-opus-5"),
    "a snapshot of Azure": ("azure", "gpt-5.2_2025-12-11", "gpt-5.2"),
    "a snapshot of Vertex": ("vertex", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5@20250929"),
    "a snapshot of Vertex without one": ("vertex", "claude-sonnet-4-6@20260218", "claude-sonnet-4-6"),
    "another case": ("sambanova", "meta-llama-3.3-70b-instruct", "Meta-Llama-3.3-70B-Instruct"),
    "Gemini's answers": ("gemini", "models/gemini-2.5-pro", "gemini-2.5-pro"),
    "Vertex in full": ("vertex", "publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro"),
    "Fireworks in short": ("fireworks", "glm-5p2", "glm-5p2"),
    "Ollama's default tag": ("ollama", "llama3.1:latest", "llama3.1"),
    "a geography with its price": (
        "bedrock",
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    ),
    "an ARN": (
        "bedrock",
        "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0",
        "amazon.nova-lite-v1:0",
    ),
    "a slash in the id": ("groq", "openai/gpt-oss-20b", "openai/gpt-oss-20b"),
    "another model of the family": ("openai", "gpt-5-experimental", None),
    "a version is no date": ("mistral", "mistral-large-2311", None),
    "a date that is none": ("openai", "gpt-4o-2024-99-99", None),
    "a tag that is another price": ("openrouter", "openai/gpt-4o:nitro", None),
    "another provider's": ("anthropic", "gpt-4o", None),
    "no provider": ("nobody", "gpt-4o", None),
    "empty": ("openai", "", None),
    "a prefix alone": ("bedrock", "eu.", None),
    "an opaque ARN": ("bedrock", "arn:aws:bedrock:us-east-1:1:application-inference-profile/abc", None),
}


@pytest.mark.parametrize("name", FOUND)
def test_find(name: str) -> None:
    provider, model, expected = FOUND[name]
    found = shipped().find(provider, model)
    assert (found and found.model) == expected
    if found:
        assert found.price is not None


def test_a_geography_without_a_price_keeps_the_limits_only() -> None:
    base = shipped().find("bedrock", "amazon.nova-lite-v1:0")
    found = shipped().find("bedrock", "jp.amazon.nova-lite-v1:0")
    assert base
    assert found
    assert (found.context_window, found.capabilities) == (base.context_window, base.capabilities)
    assert (found.model, found.price) == ("jp.amazon.nova-lite-v1:0", None)


FREE = Correction(price=Price(Rates(input=Decimal(0), output=Decimal(0))))
OWN = shipped().corrected({"house/llama": FREE, "openai/gpt-4o": FREE})

BILLED: dict[str, tuple[str, str, str | None, str | None]] = {
    "the model that the answer names": ("xai", "grok-4", "grok-4.3", "xai/grok-4.3"),
    "its snapshot": ("openai", "gpt-5.5", "gpt-5.5-2026-04-14", "openai/gpt-5.5"),
    "a deployment": ("azure", "my-deployment", "gpt-4o-2024-11-20", "azure/gpt-4o-2024-11-20"),
    "an answer that names none": ("cohere", "command-a-03-2025", None, "cohere/command-a-03-2025"),
    "an empty name": ("cohere", "command-a-03-2025", "", "cohere/command-a-03-2025"),
    "a model nobody knows is not billed as the one asked for": ("xai", "grok-4", "grok-9", None),
    "a server of one's own": ("house", "llama", "/models/llama.gguf", "house/llama"),
    "the file's own price of the model asked for": ("openai", "gpt-4o", "gpt-4o-2024-08-06", "openai/gpt-4o"),
    "no price of the file's own": ("openai", "gpt-4.1", "gpt-4.1-2025-04-14", "openai/gpt-4.1-2025-04-14"),
    "the file's own, but another answered": ("openai", "gpt-4o", "gpt-4o-mini", "openai/gpt-4o-mini"),
    "nobody knows either": ("house", "other", "other", None),
}


@pytest.mark.parametrize("name", BILLED)
def test_billed(name: str) -> None:
    provider, asked, named, expected = BILLED[name]
    found = OWN.billed(provider, asked, named)
    assert (found and found.id) == expected


def test_a_file_corrects_the_catalog() -> None:
    before, after = shipped().entries["openai/gpt-4o"], OWN.entries["openai/gpt-4o"]
    assert after.price == FREE.price
    assert (after.context_window, after.capabilities) == (before.context_window, before.capabilities)
    assert OWN.find("openai", "GPT-4o") == after
    assert shipped().entries["openai/gpt-4o"] is before


def test_a_file_adds_to_the_catalog() -> None:
    assert OWN.entries["house/llama"] == Entry(provider="house", model="llama", price=FREE.price, own=True)


def test_a_correction_of_another_spelling_goes_by_that_spelling() -> None:
    own = shipped().corrected({"openai/gpt-5.5-2026-04-14": Correction(quality=90)})
    found = own.find("openai", "gpt-5.5-2026-04-14")
    assert found
    assert (found.id, found.quality, found.context_window) == ("openai/gpt-5.5-2026-04-14", 90, 1_050_000)
    assert own.entries["openai/gpt-5.5"].quality is None


def test_listed_capabilities_are_complete() -> None:
    entry = merged(shipped().entries["openai/gpt-4o"], Correction(capabilities=frozenset({"tools", "audio"})))
    assert entry.capabilities == {"tools", "audio"}
    assert {"vision", "pdf", "reasoning", "json_schema"} <= entry.lacks
    assert entry.inputs == ("text", "audio")


def test_silence_changes_nothing_else() -> None:
    entry = shipped().entries["openai/gpt-4o"]
    assert merged(entry, Correction()).price == entry.price
    assert merged(entry, Correction(tags=())).tags == ()


def test_a_catalog_of_nothing_knows_nothing() -> None:
    assert Catalog.of([]).find("openai", "gpt-4o") is None
