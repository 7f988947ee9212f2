"""The shipped catalog: the packaged `models.json`, one model a line, made by `build`."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from trunkline.catalog.entry import CAPABILITIES, Entry, Price, Rates, Tier, inputs
from trunkline.catalog.find import Catalog


@cache
def shipped() -> Catalog:
    """The packaged catalog, read once."""
    data = orjson.loads(files("trunkline.catalog").joinpath("models.json").read_bytes())
    return Catalog.of(read_entry(name, row) for name, row in data["models"].items())


def read_entry(name: str, row: Mapping[str, Any]) -> Entry:
    """One line of the file, by its `provider/model`: what is left out is unknown, `cannot` goes without saying what
    follows from the kind. Raises ValueError, KeyError or TypeError where it is no such line."""
    provider, _, model = name.partition("/")
    able = frozenset(row.get("can", "").split())
    lacks = kind_lacks(able) | frozenset(row.get("cannot", "").split())
    able |= {"json_mode"} if "json_schema" in able else frozenset()
    if unknown := (able | lacks).difference(CAPABILITIES):
        raise ValueError(f"no capability: {', '.join(sorted(unknown))}")
    return Entry(
        provider=provider,
        model=model,
        context_window=row.get("context"),
        max_output_tokens=row.get("output"),
        price=_price(row["price"]) if "price" in row else None,
        capabilities=able,
        lacks=lacks,
        inputs=(*inputs(able), *row.get("inputs", "").split()),
        outputs=("embedding",) if "embeddings" in able else ("text", *row.get("outputs", "").split()),
        api=row.get("api", "chat"),
        tags=tuple(row.get("tags", "").split()),
        recommended_for=tuple(row.get("for", "").split()),
        shutdown_date=date.fromisoformat(row["shutdown"]) if "shutdown" in row else None,
    )


def kind_lacks(able: frozenset[str]) -> frozenset[str]:
    """What a model lacks for being of its kind: one that chats embeds nothing, one that embeds does nothing else."""
    return frozenset(CAPABILITIES) - able if "embeddings" in able else frozenset({"embeddings"})


def _price(row: Mapping[str, Any]) -> Price:
    tiers = [Tier(tier["tokens"], _rates(tier)) for tier in row.get("above", ())]
    return Price(_rates(row), tuple(tiers))


def _rates(row: Mapping[str, Any]) -> Rates:
    return Rates(**{name: Decimal(str(usd)) for name, usd in row.items() if name not in ("above", "tokens")})
