"""The shipped catalog against figures collected by hand, and every entry against what an entry may be."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import trunkline.catalog
from tests.catalog.figures import ABSENT, FIGURES, SHUTDOWNS, TIERS
from trunkline.catalog import APIS, CAPABILITIES, Entry, Rates, shipped
from trunkline.config.rows import rows

HERE = Path(trunkline.catalog.__file__).parent
OVERRIDES = yaml.safe_load((HERE / "overrides.yaml").read_text())


@pytest.mark.parametrize("name", FIGURES)
def test_figures(name: str) -> None:
    """Where the longest answer is the whole window, a model has no limit of its own."""
    context, output, told, answered, cached = FIGURES[name]
    entry = shipped().entries[name]
    assert entry.price
    assert context in (None, entry.context_window)
    assert output in (None, entry.max_output_tokens or entry.context_window)
    assert entry.price.rates.input == Decimal(told)
    assert entry.price.rates.output == Decimal(answered or 0)
    assert cached is None or entry.price.rates.cached_input == Decimal(cached)


@pytest.mark.parametrize("name", TIERS)
def test_long_prompts(name: str) -> None:
    above, told, answered, cached = TIERS[name]
    price = shipped().entries[name].price
    assert price
    assert [tier.above for tier in price.tiers] == [above]
    rates = price.tiers[0].rates
    assert (rates.input, rates.output, rates.cached_input) == (Decimal(told), Decimal(answered), Decimal(cached))
    assert (price.at(above), price.at(above + 1)) == (price.rates, rates)


@pytest.mark.parametrize("name", SHUTDOWNS)
def test_shutdown_dates(name: str) -> None:
    assert shipped().entries[name].shutdown_date == SHUTDOWNS[name]


@pytest.mark.parametrize("name", ["xai/grok-4", "xai/grok-4-0709", "xai/grok-4-fast-reasoning"])
def test_a_retired_name_that_still_answers_has_no_shutdown_date(name: str) -> None:
    entry = shipped().entries[name]
    assert (entry.shutdown_date, entry.tags) == (None, ("redirected",))
    served = shipped().entries["xai/grok-4.3"].price
    assert entry.price == served


@pytest.mark.parametrize("name", ABSENT)
def test_what_is_named_and_absent_is_explained(name: str) -> None:
    assert name not in shipped().entries
    assert OVERRIDES["absent"][name]


@pytest.mark.parametrize("name", [name for name in FIGURES if name.startswith("anthropic/claude-")])
def test_cache_writes_of_claude(name: str) -> None:
    """1.25 x the prompt's price for five minutes, 2 x for an hour."""
    price = shipped().entries[name].price
    assert price
    rates = price.rates
    assert rates.input
    if rates.cache_write is not None:
        assert rates.cache_write in (rates.input * Decimal("1.25"), Decimal("0.3"))  # Claude 3 Haiku rounds 0.3125
    if rates.cache_write_1h is not None and name != "anthropic/claude-3-haiku-20240307":
        assert rates.cache_write_1h == rates.input * 2


@pytest.mark.parametrize(
    ("name", "can", "cannot"),
    [
        ("openai/gpt-4o", {"tools", "vision", "pdf", "json_mode", "json_schema"}, {"reasoning", "audio", "embeddings"}),
        ("openai/gpt-3.5-turbo", {"tools"}, {"vision", "reasoning"}),
        ("openai/text-embedding-3-small", {"embeddings"}, {"tools", "vision", "json_mode", "reasoning", "code"}),
        ("openai/gpt-5.3-codex", {"code", "reasoning", "tools"}, {"embeddings"}),
        ("gemini/gemini-2.5-pro", {"audio", "pdf", "vision", "tools", "reasoning", "web_search"}, {"embeddings"}),
        ("xai/grok-4", {"reasoning", "vision", "tools"}, {"audio"}),
        ("sambanova/Meta-Llama-3.3-70B-Instruct", {"tools", "json_schema"}, {"embeddings"}),
        ("openai/gpt-6.1-terra", set(), {"embeddings"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_capabilities(name: str, can: set[str], cannot: set[str]) -> None:
    entry = shipped().entries[name]
    assert can <= entry.capabilities
    assert cannot <= entry.lacks


@pytest.mark.parametrize(
    ("name", "api"), [("openai/gpt-5-pro", "responses"), ("azure/gpt-5-codex", "responses"), ("openai/gpt-5", None)]
)
def test_api(name: str, api: str | None) -> None:
    assert shipped().entries[name].api == api


def test_each_entry_is_sound() -> None:
    for name, entry in shipped().entries.items():
        assert entry.id == name
        check(entry)


def check(entry: Entry) -> None:
    name = entry.id
    assert entry.api in (None, *APIS), name
    assert entry.capabilities | entry.lacks <= set(CAPABILITIES), name
    assert not entry.capabilities & entry.lacks, name
    assert entry.context_window is None or 1 <= entry.context_window <= 20_000_000, name
    assert entry.max_output_tokens is None or 1 <= entry.max_output_tokens <= (entry.context_window or 10**7), name
    if entry.price is not None:
        thresholds = [tier.above for tier in entry.price.tiers]
        assert thresholds == sorted(set(thresholds)), name
        for rates in (entry.price.rates, *(tier.rates for tier in entry.price.tiers)):
            check_rates(name, rates)


def check_rates(name: str, rates: Rates) -> None:
    assert rates.input is not None, name
    told = [getattr(rates, rate) for rate in Rates.__dataclass_fields__]
    assert all(0 <= usd <= 1000 for usd in told if usd is not None), name


def test_a_window_is_never_told_as_a_longest_prompt() -> None:
    for entry in shipped().entries.values():
        assert (entry.context_window, entry.max_output_tokens) != (272_000, 128_000), entry.id


def test_providers_go_by_their_built_in_names() -> None:
    ours = {row["name"] for row in OVERRIDES["providers"].values()}
    assert {entry.provider for entry in shipped().entries.values()} <= ours
    assert ours & rows().providers.keys() >= {"openai", "ollama"}


def test_the_source_is_told() -> None:
    assert OVERRIDES["source"]["sha256"] in (HERE / "models.json").read_text().splitlines()[0]
