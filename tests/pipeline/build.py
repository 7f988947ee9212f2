"""Small configurations for the tests of the pipeline."""

from collections.abc import Callable, Iterable
from typing import Any

from trunkline.types import Call, ClientKey, Config, Fallback, Group, Provider, Route, Target


def provider(name: str, **fields: Any) -> Provider:
    given = {"wire": "openai", "base_url": f"http://{name}.test/v1", "auth": "bearer", **fields}
    return Provider(name=name, **given)


def target(name: str, **fields: Any) -> Target:
    """`provider/model` -> a target at a provider that is on, unless `off` says why not."""
    owner, _, model = name.partition("/")
    named = {name: fields.pop(name) for name in ("off", "keys", "key_source") if name in fields}
    return Target(provider=provider(owner, **named), model=model, **fields)


def group(name: str, *members: Target | Group, **fields: Any) -> Group:
    return Group(name=name, members=members, **fields)


def route(name: str, *members: Target | Group, **fields: Any) -> Route:
    fallbacks: Iterable[Fallback] = fields.pop("fallbacks", ())
    return Route(name=name, group=group(name, *members, fallbacks=tuple(fallbacks)), **fields)


def config(*routes: Route, **fields: Any) -> Config:
    owners = {t.provider.name: t.provider for r in routes for t in r.group.members if isinstance(t, Target)}
    return Config(routes={r.name: r for r in routes}, providers=owners, **fields)


def key(**fields: Any) -> ClientKey:
    return ClientKey(name="team-a", digest="d", **fields)


def call(where: Route, **fields: Any) -> Call:
    given: dict[str, Any] = {
        "id": "r1",
        "kind": "chat",
        "created": 1,
        "stream": False,
        "body": {"messages": [{"role": "user", "content": "hi"}]},
        "route": where,
        "route_name": where.name,
        "key": None,
        "deadline": 1000.0,
        **fields,
    }
    return Call(**given)


def numbers(*values: float) -> Callable[[], float]:
    """Random numbers that are known in advance."""
    given = iter(values)
    return lambda: next(given)
