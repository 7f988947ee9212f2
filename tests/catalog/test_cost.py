"""What a request costs: rows computed by hand, nothing counted twice, the provider's own figure first."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY
from trunkline.catalog import Entry, Price, Rates, Tier, billed_usage, cost_text, cost_usd, reported_cost, shipped
from trunkline.hub.usage import Usage
from trunkline.types import Json

COSTS: dict[str, tuple[str, Usage, str]] = {
    "prompt and answer": ("openai/gpt-4o", Usage(input=1000, output=500), "0.0075"),  # 0.0025 + 0.005
    "cached": ("openai/gpt-4o", Usage(input=1000, output=500, cached=600), "0.00675"),  # 0.001 + 0.00075 + 0.005
    "all cached": ("openai/gpt-4o", Usage(input=1000, cached=1000), "0.00125"),
    "reasoning is part of the answer": ("openai/gpt-5", Usage(input=100, output=900, reasoning=800), "0.009125"),
    "no price for cached": ("openai/gpt-4-turbo", Usage(input=1000, cached=1000), "0.01"),
    # Claude Sonnet 4.6: 100 plain at 3, 2,000 read at 0.30, 400 written at 3.75, 50 out at 15.
    "cache written": (
        "anthropic/claude-sonnet-4-6",
        Usage(input=2500, output=50, cached=2000, cache_write=400),
        "0.00315",
    ),
    # The same, of the 400 written 100 for an hour at 6.
    "cache written for an hour": (
        "anthropic/claude-sonnet-4-6",
        Usage(input=2500, output=50, cached=2000, cache_write=400, cache_write_1h=100),
        "0.003375",
    ),
    "at the threshold": ("gemini/gemini-2.5-pro", Usage(input=200_000, output=1000), "0.26"),
    "above it, all of it": ("gemini/gemini-2.5-pro", Usage(input=200_001, output=1000), "0.5150025"),
    "above it, cached": ("gemini/gemini-2.5-pro", Usage(input=300_000, output=0, cached=300_000), "0.075"),
    "claude haiku above 100k": ("anthropic/claude-haiku-5-5", Usage(input=100_100, output=100), "0.0503"),
    "embeddings": ("openai/text-embedding-3-small", Usage(input=1000), "0.00002"),
    "free": ("ollama/llama3", Usage(input=1000, output=1000), "0"),
    "nothing": ("openai/gpt-4o", Usage(), "0"),
    "more cached than prompt": ("xai/grok-4.3", Usage(input=7, output=1, cached=163), "0.0000039"),
    "parts beyond the prompt": ("openai/gpt-4o", Usage(input=10, cached=6, cache_write=9, audio_input=9), "0.0000175"),
    "reasoning beyond the answer": ("openai/gpt-5", Usage(output=10, reasoning=82), "0.0001"),
    # Audio in at 40 USD and out at 80, text at 2.50 and 10.
    "audio": (
        "openai/gpt-4o-audio-preview",
        Usage(input=100, output=100, audio_input=60, audio_output=80),
        "0.0091",
    ),
}


@pytest.mark.parametrize("name", COSTS)
def test_cost(name: str) -> None:
    model, usage, usd = COSTS[name]
    assert cost_text(cost_usd(shipped().entries[model], usage)) == usd


def entry(rates: Rates, *tiers: Tier) -> Entry:
    return Entry(provider="p", model="m", price=Price(rates, tiers))


ONE = Decimal(1)

UNKNOWN: dict[str, tuple[Entry | None, Usage | None]] = {
    "no entry": (None, Usage(input=1)),
    "no price": (Entry(provider="p", model="m"), Usage(input=1)),
    "no price, no tokens": (Entry(provider="p", model="m"), Usage()),
    "no usage": (entry(Rates(input=ONE, output=ONE)), None),
    "an answer without a price": (entry(Rates(input=ONE)), Usage(input=1, output=1)),
    "a prompt without a price": (entry(Rates(output=ONE)), Usage(input=1, output=1)),
    "a tier without a price": (entry(Rates(input=ONE, output=ONE), Tier(10, Rates())), Usage(input=11)),
}


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_unknown_price_is_never_zero(name: str) -> None:
    cost = cost_usd(*UNKNOWN[name])
    assert cost is None
    assert cost_text(cost) == "unknown"


def test_a_price_that_does_not_count_here_may_be_unknown() -> None:
    assert cost_usd(entry(Rates(input=ONE)), Usage(input=1_000_000)) == 1


def test_the_highest_tier_reached_counts() -> None:
    model = entry(Rates(input=ONE), Tier(10, Rates(input=ONE * 2)), Tier(20, Rates(input=ONE * 3)))
    assert [cost_usd(model, Usage(input=n)) for n in (10, 11, 20, 21)] == [
        Decimal(usd).scaleb(-6) for usd in (10, 22, 40, 63)
    ]


TOKENS = st.integers(0, 200_000)
USD = st.decimals(0, 100, places=4, allow_nan=False, allow_infinity=False)
RATES = st.builds(Rates, **dict.fromkeys(Rates.__dataclass_fields__, USD))


@PROPERTY
@given(RATES, TOKENS, TOKENS, TOKENS, TOKENS, TOKENS)
def test_the_cost_is_the_sum_of_its_parts(
    rates: Rates, plain: int, cached: int, five: int, hour: int, out: int
) -> None:
    model = entry(rates)
    whole = Usage(
        input=plain + cached + five + hour, output=out, cached=cached, cache_write=five + hour, cache_write_1h=hour
    )
    parts = [
        Usage(input=plain),
        Usage(input=cached, cached=cached),
        Usage(input=five, cache_write=five),
        Usage(input=hour, cache_write=hour, cache_write_1h=hour),
        Usage(output=out),
    ]
    costs = [cost_usd(model, part) for part in parts]
    assert cost_usd(model, whole) == sum(cost for cost in costs if cost is not None)


@PROPERTY
@given(RATES, st.builds(Usage, *[TOKENS] * len(Usage.__dataclass_fields__)))
def test_no_token_is_billed_twice(rates: Rates, usage: Usage) -> None:
    """Whatever the parts claim: at one price for all, they cost what prompt and answer cost."""
    flat = Rates(**dict.fromkeys(Rates.__dataclass_fields__, ONE))
    assert cost_usd(entry(flat), usage) == Decimal(usage.input + usage.output).scaleb(-6)
    least, most = (pick(getattr(rates, f) for f in Rates.__dataclass_fields__) for pick in (min, max))
    cost = cost_usd(entry(rates), usage)
    assert cost is not None
    assert least * (usage.input + usage.output) <= cost * 1_000_000 <= most * (usage.input + usage.output)


REPORTED: dict[str, tuple[Any, str]] = {
    "OpenRouter": ({"cost": 0.0001961, "is_byok": False}, "0.0001961"),
    "OpenRouter, tiny": ({"cost": 3.6e-6}, "0.0000036"),
    "OpenRouter, free": ({"cost": 0, "is_byok": False}, "0"),
    "a key of one's own: the fee is not all": ({"cost": 0, "is_byok": True}, "unknown"),
    "a key of one's own, upstream told": (
        {"cost": 0.01, "is_byok": True, "cost_details": {"upstream_inference_cost": 0.2}},
        "0.21",
    ),
    "Perplexity": ({"cost": {"input_tokens_cost": 5e-05, "request_cost": 0.005, "total_cost": 0.0051}}, "0.0051"),
    "Perplexity without a total": ({"cost": {"request_cost": 0.005}}, "unknown"),
    "xAI": ({"cost_in_usd_ticks": 6881000}, "0.0006881"),
    "xAI, nothing": ({"cost_in_usd_ticks": 0}, "0"),
    "nobody": ({"prompt_tokens": 3}, "unknown"),
    "text": ({"cost": "0.1"}, "unknown"),
    "true": ({"cost": True}, "unknown"),
    "negative": ({"cost": -1}, "unknown"),
    "infinite": ({"cost": float("inf")}, "unknown"),
    "NaN": ({"cost": float("nan")}, "unknown"),
    "more than anybody pays": ({"cost": 10**18}, "unknown"),
    "null": ({"cost": None, "cost_in_usd_ticks": None}, "unknown"),
    "no usage": (None, "unknown"),
    "a list": ([1], "unknown"),
}


@pytest.mark.parametrize(("usage", "usd"), REPORTED.values(), ids=REPORTED)
def test_reported_cost(usage: Any, usd: str) -> None:
    assert cost_text(reported_cost(usage)) == usd


KEYS = st.sampled_from(
    ["cost", "cost_in_usd_ticks", "is_byok", "cost_details", "total_cost", "upstream_inference_cost"]
)


@PROPERTY
@given(ANY_JSON | st.dictionaries(KEYS, ANY_JSON | st.dictionaries(KEYS, ANY_JSON)))
def test_anything_reported_is_an_amount_or_nothing(usage: Any) -> None:
    cost = reported_cost(usage)
    assert cost is None or 0 <= cost <= 2_000_000


COHERE: Json = {
    "prompt_tokens": 503,
    "completion_tokens": 16,
    "prompt_tokens_details": {"cached_tokens": 448},
    "billed_units": {"input_tokens": 8.0, "output_tokens": 16.0},
}

BILLED: dict[str, tuple[Any, Usage | None]] = {
    "Cohere bills without its preamble": (COHERE, Usage(input=8, output=16)),
    "Cohere without units": ({**COHERE, "billed_units": None}, Usage(input=503, output=16, cached=448)),
    "units that count no tokens": (
        {**COHERE, "billed_units": {"search_units": 1}},
        Usage(input=503, output=16, cached=448),
    ),
    "Cohere embeds": ({"prompt_tokens": 3, "billed_units": {"input_tokens": 3}}, Usage(input=3)),
    "the others": ({"prompt_tokens": 5, "completion_tokens": 2}, Usage(input=5, output=2)),
    "writes to the cache, and audio": (
        {
            "prompt_tokens": 50,
            "completion_tokens": 20,
            "prompt_tokens_details": {"cached_tokens": 10, "cache_write_tokens": 8, "audio_tokens": 4},
            "completion_tokens_details": {"reasoning_tokens": 5, "audio_tokens": 6},
            "cache_creation": {"ephemeral_5m_input_tokens": 5, "ephemeral_1h_input_tokens": 3},
        },
        Usage(50, 20, 10, 5, cache_write=8, cache_write_1h=3, audio_input=4, audio_output=6),
    ),
    "none": (None, None),
    "a list": ([COHERE], None),
}


@pytest.mark.parametrize(("raw", "usage"), BILLED.values(), ids=BILLED)
def test_billed_usage(raw: Any, usage: Usage | None) -> None:
    assert billed_usage(raw) == usage


TEXTS = {
    "0": "0",
    "0.0": "0",
    "0E-10": "0",
    "1E+3": "1000",
    "100": "100",
    "0.1000": "0.1",
    "2E-8": "0.00000002",
}


@pytest.mark.parametrize("cost", TEXTS)
def test_a_cost_is_written_without_an_exponent(cost: str) -> None:
    assert cost_text(Decimal(cost)) == TEXTS[cost]
