"""Routes: what they name is checked, then each is flattened into groups of targets that need nothing else."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import MappingProxyType
from typing import Any

import orjson

from trunkline.config.description import File
from trunkline.config.graph import check_graph
from trunkline.config.problems import near
from trunkline.config.reader import Reader, Spot
from trunkline.config.route_section import RouteSection, TargetSection, TimeoutsSection
from trunkline.config.rows import rows
from trunkline.errors import MOVES_ON
from trunkline.types import (
    TOKEN_LIMITS,
    CachePolicy,
    Cooldown,
    Fallback,
    Group,
    Provider,
    Retries,
    Route,
    Target,
    Timeouts,
)

# What metrics, logs and headers say where no route was asked for.
_RESERVED = frozenset({"direct", "none"})

# A route that sets these would change what the client asked, not how it is answered.
_CLIENTS = frozenset({"input", "messages", "model", "stream"})


def check_routes(file: File, providers: Mapping[str, Provider], reader: Reader) -> None:
    """Reports names that mean nothing, circles, and targets that are off."""
    edges: dict[str, list[tuple[str, Spot]]] = {}
    own: dict[str, int] = {}
    for name, section in file.routes.items():
        if name in _RESERVED:
            reader.error(section.at, f'"{name}" is what logs say where no route was asked for: take another name')
        links = list(_links(section))
        for reference, at in links:
            _check_reference(reference, at, file, providers, reader)
        edges[name] = [(reference, at) for reference, at in links if reference in file.routes]
        own[name] = len(links) - len(edges[name])
        _check_parameters(section, file, reader)
    check_graph(edges, own, reader)


def _links(section: RouteSection) -> Iterator[tuple[str, Spot]]:
    """Every target and fallback, with the place of its name."""
    yield from ((target.model, _named(target.at, "model")) for target in section.targets if target.model)
    yield from ((fallback.to, _named(fallback.at, "to")) for fallback in section.fallbacks if fallback.to)


def _named(at: Spot, key: str) -> Spot:
    """The word itself, under the path of the entry, however it is written."""
    return Spot((at / key).node, at.path) if at.given(key) else at


def _check_reference(reference: str, at: Spot, file: File, providers: Mapping[str, Provider], reader: Reader) -> None:
    name, slash, model = reference.partition("/")
    if not slash:
        if name in file.providers and name not in file.routes:
            reader.error(at, f'"{name}" is a provider: name a model of it, as in "{name}/MODEL"')
        elif name not in file.routes:
            reader.error(at, f'unknown route "{name}"{near(name, file.routes)}')
    elif name not in file.providers:
        built_in = f': add "{name}:" to providers' if name in rows().providers else near(name, file.providers)
        reader.error(at, f'unknown provider "{name}"{built_in}')
    elif (provider := providers.get(name)) and provider.off:
        reader.warn(at, f'provider "{name}" is off ({provider.off}): this target is skipped')
    if slash and (doubt := reader.doubts(name, model)):
        reader.warn(at, doubt)


def _check_parameters(section: RouteSection, file: File, reader: Reader) -> None:
    holders: list[RouteSection | TargetSection] = [section, *section.targets]
    for holder in holders:
        for kind, given in (("params", holder.params), ("force", holder.force)):
            for name in _CLIENTS & given.keys():
                reader.error(holder.at / kind / name, "is the client's to say")
            if given and isinstance(holder, TargetSection) and holder.model in file.routes:
                reader.error(holder.at / kind, f'a nested route has its own: give them in route "{holder.model}"')
    if all(target.weight == 0 for target in section.targets) and section.targets:
        reader.warn(section.at / "targets", "every target has weight 0: none of them is asked")


def build_routes(file: File, providers: Mapping[str, Provider]) -> Mapping[str, Route]:
    """Every route by name. The file must be free of errors."""
    flatten = _Flatten(file.routes, providers)
    return MappingProxyType({name: _route(name, section, flatten) for name, section in file.routes.items()})


def _route(name: str, section: RouteSection, flatten: "_Flatten") -> Route:
    group = flatten.group(name, (), 1)
    cooldown, cache = section.cooldown, section.cache
    return Route(
        name=name,
        group=group,
        timeouts=_timeouts(section.timeouts),
        cooldown=Cooldown(after=cooldown.after, rest=cooldown.rest, up_to=max(cooldown.rest, cooldown.up_to)),
        cache=CachePolicy(ttl=cache.ttl, scope=cache.scope, stale_if_error=cache.stale_if_error) if cache else None,
        description=section.description,
        fingerprint=fingerprint(group),
    )


@dataclass(frozen=True, slots=True)
class _Flatten:
    """Nested routes to nested groups. `chain` holds the routes passed through below the one asked for."""

    routes: Mapping[str, RouteSection]
    providers: Mapping[str, Provider]

    def group(self, name: str, chain: tuple[str, ...], weight: int) -> Group:
        section = self.routes[name]
        fallbacks = (
            Fallback(to=self._member(section, TargetSection(at=entry.at, model=entry.to), chain), on=on)
            for entry in section.fallbacks
            for on in [frozenset(entry.on) or MOVES_ON]
        )
        return Group(
            name=name,
            strategy=section.strategy,
            members=tuple(self._member(section, target, chain) for target in section.targets),
            fallbacks=tuple(fallbacks),
            weight=weight,
        )

    def _member(self, section: RouteSection, entry: TargetSection, chain: tuple[str, ...]) -> Target | Group:
        provider, slash, model = entry.model.partition("/")
        if not slash:
            return self.group(entry.model, (*chain, entry.model), entry.weight)
        return Target(
            provider=self.providers[provider],
            model=model,
            weight=entry.weight,
            params=MappingProxyType(_over(section.params, entry.params)),
            force=MappingProxyType(_over(section.force, entry.force)),
            limit=MappingProxyType(dict(section.limit)),
            system=section.system or None,
            unsupported=section.unsupported,
            retries=_retries(section),
            timeouts=_timeouts(section.timeouts),
            routes=chain,
        )


def _over(base: Mapping[str, Any], layer: Mapping[str, Any]) -> dict[str, Any]:
    hidden = TOKEN_LIMITS if layer.keys() & set(TOKEN_LIMITS) else ()
    return {**{name: value for name, value in base.items() if name not in hidden}, **layer}


def _retries(section: RouteSection) -> Retries:
    given = section.retries
    return Retries(attempts=given.attempts, backoff=given.backoff, max_backoff=max(given.backoff, given.max_backoff))


def _timeouts(section: TimeoutsSection) -> Timeouts:
    """A `total` of the file holds for streams, too; its absence leaves each its own default."""
    default = Timeouts()
    return Timeouts(
        connect=section.connect,
        first_token=section.first_token,
        idle=section.idle,
        total=section.total or default.total,
        stream_total=section.total or default.stream_total,
        answer=section.answer,
    )


def fingerprint(group: Group) -> str:
    """SHA-256, in hex, of all that shapes an answer: the same file gives the same one in every process."""
    return hashlib.sha256(orjson.dumps(_plain(group), option=orjson.OPT_SORT_KEYS)).hexdigest()


# Whether a provider is on, and by which variable, depends on the environment and is no part of the definition.
_ENVIRONMENT = frozenset({"off", "auth", "key_source"})


def _plain(value: Any) -> Any:
    """JSON of frozen types. Fields that are kept out of a repr are secrets, and kept out of this."""
    if is_dataclass(value):
        told = (f.name for f in fields(value) if f.repr and f.name not in _ENVIRONMENT)
        return {name: _plain(getattr(value, name)) for name in told}
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_plain(inner) for inner in value] if isinstance(value, tuple | list) else value
