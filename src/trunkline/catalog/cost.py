"""What a request costs, in USD: by the provider's own figure, else by its tokens and the catalog's prices."""

from decimal import Decimal
from typing import Any

from trunkline.catalog.entry import Entry, Rates
from trunkline.hub.usage import Usage, count, read_usage

_MILLION = Decimal(1_000_000)
_TICKS = Decimal(10_000_000_000)  # of xAI's make one dollar

# Above this a figure is a provider's mistake, not a bill.
_MOST_USD = 1_000_000


def cost_usd(entry: Entry | None, usage: Usage | None) -> Decimal | None:
    """None where a price that counts here is unknown, or the tokens are.

    The whole request is billed by the tier that its prompt reaches. For an estimate, give a Usage of what is expected.
    """
    if entry is None or entry.price is None or usage is None:
        return None
    rates = entry.price.at(usage.input)
    parts = [*_input(usage, rates), *_output(usage, rates)]
    if any(rate is None and tokens for tokens, rate in parts):
        return None
    return sum((tokens * rate for tokens, rate in parts if rate is not None), Decimal(0)) / _MILLION


Part = tuple[int, Decimal | None]


def _input(usage: Usage, rates: Rates) -> list[Part]:
    """The prompt in parts that add up to it, each with its rate."""
    left = usage.input
    cached, left = _take(usage.cached, left)
    written, left = _take(usage.cache_write, left)
    hour, five_minutes = _take(usage.cache_write_1h, written)
    audio, plain = _take(usage.audio_input, left)
    write = _either(rates.cache_write, rates.input)
    return [
        (plain, rates.input),
        (cached, _either(rates.cached_input, rates.input)),
        (five_minutes, write),
        (hour, _either(rates.cache_write_1h, write)),
        (audio, _either(rates.audio_input, rates.input)),
    ]


def _output(usage: Usage, rates: Rates) -> list[Part]:
    """The answer in parts that add up to it, each with its rate."""
    reasoning, left = _take(usage.reasoning, usage.output)
    audio, plain = _take(usage.audio_output, left)
    return [
        (plain, rates.output),
        (reasoning, _either(rates.reasoning, rates.output)),
        (audio, _either(rates.audio_output, rates.output)),
    ]


def _take(wanted: int, left: int) -> tuple[int, int]:
    """A part is never more than the whole (xAI has told more cached tokens than prompt tokens)."""
    taken = min(wanted, left)
    return taken, left - taken


def _either(rate: Decimal | None, otherwise: Decimal | None) -> Decimal | None:
    return otherwise if rate is None else rate


def billed_usage(usage: Any) -> Usage | None:
    """What a provider bills, from a `usage` object: Cohere's `billed_units` where there are any, since its preamble
    is counted in the prompt and not billed; cached tokens are no part of them."""
    units = usage.get("billed_units") if isinstance(usage, dict) else None
    if isinstance(units, dict) and not units.keys().isdisjoint(("input_tokens", "output_tokens")):
        return Usage(input=count(units.get("input_tokens")), output=count(units.get("output_tokens")))
    return read_usage(usage)


def reported_cost(usage: Any) -> Decimal | None:
    """What the answer itself says that it cost, in USD: OpenRouter, Perplexity (`usage.cost`), xAI (ticks)."""
    if not isinstance(usage, dict):
        return None
    ticks = _amount(usage.get("cost_in_usd_ticks"), most=_MOST_USD * int(_TICKS))
    if ticks is not None:
        return ticks / _TICKS
    cost = usage.get("cost")
    if isinstance(cost, dict):
        return _amount(cost.get("total_cost"))
    if usage.get("is_byok") is True:
        return _own_key(usage, cost)
    return _amount(cost)


def _own_key(usage: dict[str, Any], fee: Any) -> Decimal | None:
    """With a key of one's own at OpenRouter `cost` is its fee alone: the model is billed by its maker."""
    details = usage.get("cost_details")
    upstream = _amount(details.get("upstream_inference_cost")) if isinstance(details, dict) else None
    charged = _amount(fee)
    return None if upstream is None or charged is None else upstream + charged


def _amount(value: Any, most: int = _MOST_USD) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        return None
    return Decimal(str(value))


def cost_text(cost: Decimal | None) -> str:
    """A plain decimal without an exponent: `0.00035`, `0`; `unknown` for None."""
    if cost is None:
        return "unknown"
    text = f"{cost:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
