"""The shipped catalog: the packaged `models.json`, one model a line, made by `build`."""

from collections.abc import Iterator, Mapping
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
    """The packaged catalog, read once; each entry is made when somebody first asks for it."""
    models = orjson.loads(files("trunkline.catalog").joinpath("models.json").read_bytes())["models"]
    made: dict[str, Entry] = {}
    folded: dict[str, str] = {}
    for name in models:
        folded.setdefault(name.lower(), name)
    return Catalog(Entries(models, made, {name: name for name in models}), Entries(models, made, folded))


class Entries(Mapping[str, Entry]):
    """Entries by `names`, made from `rows` on demand: to make all 2,300 of them takes 60 ms and 7 MB."""

    def __init__(self, rows: Mapping[str, Any], made: dict[str, Entry], names: Mapping[str, str]) -> None:
        self._rows = rows
        self._made = made
        self._names = names

    def __getitem__(self, key: str) -> Entry:
        name = self._names[key]
        entry = self._made.get(name)
        if entry is None:
            entry = self._made[name] = read_entry(name, self._rows[name])
        return entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, key: object) -> bool:
        return key in self._names


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
        api=row.get("api"),
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
