"""A model as `/v1/models` and the tables show it."""

from collections.abc import Sequence
from decimal import Decimal

from trunkline.catalog.entry import Entry
from trunkline.types import Json

_SHOWN_RATES = ("input", "output", "cached_input")


def describe(entry: Entry | None) -> Json:
    """What OpenAI's model object has no field for. Unknown figures are null; prices in USD per million tokens, of a
    prompt below every tier."""
    if entry is None:
        entry = Entry(provider="", model="")
    return {
        "context_length": entry.context_window,
        "max_output_tokens": entry.max_output_tokens,
        "pricing": _pricing(entry),
        "capabilities": sorted(entry.capabilities) or None,
        "tags": list(entry.tags),
        "recommended_for": list(entry.recommended_for),
    }


def smallest(entries: Sequence[Entry | None]) -> Json:
    """What holds whichever of a route's targets serves: the smallest figures, the capabilities and tags that all of
    them have. None among them is a target nobody told of; what one of them does not tell is null."""
    described = [describe(entry) for entry in entries] or [describe(None)]
    pricing = [d["pricing"] or dict.fromkeys(_SHOWN_RATES) for d in described]
    prices = {rate: _least([p[rate] for p in pricing]) for rate in _SHOWN_RATES}
    return {
        "context_length": _least([d["context_length"] for d in described]),
        "max_output_tokens": _least([d["max_output_tokens"] for d in described]),
        "pricing": prices if any(price is not None for price in prices.values()) else None,
        "capabilities": _shared([d["capabilities"] for d in described]),
        "tags": _shared([d["tags"] for d in described]),
        "recommended_for": _shared([d["recommended_for"] for d in described]),
    }


def _pricing(entry: Entry) -> Json | None:
    if entry.price is None:
        return None
    return {rate: _number(getattr(entry.price.rates, rate)) for rate in _SHOWN_RATES}


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _least(values: list[int | float | None]) -> int | float | None:
    known = [value for value in values if value is not None]
    return min(known) if len(known) == len(values) else None


def _shared(lists: list[list[str] | None]) -> list[str] | None:
    """In the order of the first; None where one of them is."""
    if any(found is None for found in lists):
        return None
    first, *others = [found for found in lists if found is not None]
    return [word for word in first if all(word in other for other in others)]
