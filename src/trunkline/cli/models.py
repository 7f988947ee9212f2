"""`trunkline models`: the routes of a file, and what is known of the models behind it."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import orjson

from trunkline.catalog import Catalog, Entry, describe, shipped, smallest
from trunkline.cli.files import CallError, read_config, show_problems
from trunkline.config.problems import near_or_all
from trunkline.pipeline.resolve import group_targets, listed_targets
from trunkline.types import Config, Json

ROUTE = "route"


@dataclass(frozen=True, slots=True)
class Line:
    """A route or a model. `known` is what `describe` and `smallest` tell."""

    name: str
    provider: str
    known: Json
    shutdown: date | None = None

    def gone(self, today: date) -> bool:
        """The provider has said that it no longer serves it."""
        return self.shutdown is not None and self.shutdown <= today

    def price(self, rate: str) -> float | None:
        """USD per million tokens."""
        price: float | None = (self.known["pricing"] or {}).get(rate)
        return price


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the caller asks for. `max_cost` is in USD per million tokens, prompt and answer each."""

    capabilities: Sequence[str] = ()
    provider: str | None = None
    max_cost: Decimal | None = None

    def fits(self, line: Line) -> bool:
        """What is unknown does not fit a wish."""
        if not set(self.capabilities) <= set(line.known["capabilities"] or ()):
            return False
        if self.provider not in (None, line.provider):
            return False
        prices = [line.price("input"), line.price("output")]
        return self.max_cost is None or all(price is not None and price <= self.max_cost for price in prices)


def models(args: argparse.Namespace) -> int:
    """1 where the file is wrong or nothing fits. Raises CallError for a provider that nobody knows."""
    loaded, source = read_config(args.config)
    if loaded.config is None:
        show_problems(loaded, source, sys.stderr)
        return 1
    catalog, today = shipped().corrected(loaded.corrections), datetime.now(UTC).date()
    provider = _provider(args.provider, loaded.config, catalog)
    wanted = Wanted(capabilities=args.capability, provider=provider, max_cost=args.max_cost)
    fitting = [line for line in lines(loaded.config, catalog, provider) if wanted.fits(line)]
    shown = ordered([line for line in fitting if args.all or not line.gone(today)], args.sort)
    if len(shown) < len(fitting):
        print(f"{len(fitting) - len(shown)} more were shut down: --all shows them", file=sys.stderr)
    if args.json:
        print(_json(shown))
    elif shown:
        print("\n".join(table(shown)))
    else:
        print("no model fits", file=sys.stderr)
    return 0 if shown else 1


def lines(config: Config, catalog: Catalog, provider: str | None = None) -> Iterator[Line]:
    """Every route, then every model of the providers that are on and of the one that is named."""
    for name, route in config.routes.items():
        targets = dict.fromkeys((target.provider.name, target.model) for target in group_targets(route.group))
        yield Line(name, ROUTE, smallest([catalog.find(*target) for target in targets]))
    serving = {name for name, found in config.providers.items() if not found.off} | ({provider} - {None})
    named = {(target.provider.name, target.model) for target in listed_targets(config)}
    catalogued = {(entry.provider, entry.model) for entry in catalog.entries.values()}
    for owner, model in named | catalogued:
        if owner in serving:
            yield _line(f"{owner}/{model}", owner, catalog.find(owner, model))


def _line(name: str, provider: str, entry: Entry | None) -> Line:
    return Line(name, provider, describe(entry), entry.shutdown_date if entry else None)


def _provider(name: str | None, config: Config, catalog: Catalog) -> str | None:
    """Raises CallError."""
    known = {*config.providers, *(entry.provider for entry in catalog.entries.values())}
    if name is not None and name not in known:
        raise CallError(f'unknown provider "{name}"{near_or_all(name, sorted(known))}')
    return name


def _descending(value: float | None) -> tuple[bool, float]:
    return value is None, -(value or 0)


def _cost(line: Line) -> tuple[bool, float]:
    told, answered = line.price("input"), line.price("output")
    return (told is None or answered is None), (told or 0) + (answered or 0)


_KEYS: dict[str, Callable[[Line], tuple[bool, float] | tuple[str]]] = {
    "name": lambda line: (line.name,),
    "provider": lambda line: (line.provider,),
    "context": lambda line: _descending(line.known["context_length"]),
    "output": lambda line: _descending(line.known["max_output_tokens"]),
    "cost": _cost,
}
SORTS = tuple(_KEYS)


def ordered(chosen: Sequence[Line], sort: str) -> list[Line]:
    """Routes before models; those of one rank by name."""
    return sorted(chosen, key=lambda line: (line.provider != ROUTE, *_KEYS[sort](line), line.name))


_HEAD = ("MODEL", "PROVIDER", "CONTEXT", "OUTPUT", "IN $/M", "OUT $/M", "CACHED $/M", "UNTIL", "CAPABILITIES", "TAGS")
_RIGHT = frozenset({2, 3, 4, 5, 6})


def table(chosen: Sequence[Line]) -> list[str]:
    """Lines of text in columns as wide as they need; `-` is unknown."""
    cells = [_HEAD, *(_cells(line) for line in chosen)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return ["  ".join(_aligned(row, widths)).rstrip() for row in cells]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        yield cell.rjust(width) if place in _RIGHT else cell.ljust(width)


def _cells(line: Line) -> tuple[str, ...]:
    figures = [line.known["context_length"], line.known["max_output_tokens"]]
    prices = [line.price(rate) for rate in ("input", "output", "cached_input")]
    words = [line.known["capabilities"], line.known["tags"]]
    return (
        line.name,
        line.provider,
        *("-" if figure is None else f"{figure:,}" for figure in figures),
        *("-" if price is None else f"{price:.10g}" for price in prices),
        str(line.shutdown or "-"),
        *(" ".join(word or ()) or "-" for word in words),
    )


def _json(chosen: Sequence[Line]) -> str:
    found = [
        {"id": line.name, "provider": line.provider, **line.known, "shutdown_date": line.shutdown} for line in chosen
    ]
    return orjson.dumps({"models": found}, option=orjson.OPT_INDENT_2).decode()
