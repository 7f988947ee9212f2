"""The name under which an answer is kept: two requests share one only where the same answer fits both.

It is the hash of one JSON array, so no two different inputs read the same (contract 3.5 and "Cache").
"""

import hashlib
from collections.abc import Iterator
from typing import Any

import orjson

from trunkline.types import CachePolicy, Call, ClientKey, Group, Json, Route

FORMAT = 1
"""Goes up when a key or a stored entry changes its meaning: what older versions stored is then not found."""

# How an answer is delivered, attributed or billed is not part of it (contract "Cache"); nor is `prompt_cache_*`.
IGNORED = frozenset({"stream", "stream_options", "user", "metadata", "store", "safety_identifier", "service_tier"})


def cache_key(call: Call) -> str | None:
    """64 hex digits, or None where the route keeps no answers."""
    route = call.route
    if route.cache is None:
        return None
    body = _canonical(call.body)
    name = route.name
    if route.cache.scope == "global" and route.fingerprint:
        # Global: routes defined alike share, and what tells them apart is not the name asked for.
        name = ""
        body.pop("model", None)
    told = [
        FORMAT,
        call.kind,
        route.cache.scope,
        _scope_value(route.cache, call.key, route),
        name,
        route.fingerprint,
        _reach(call.key, route.group),
        body,
    ]
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _scope_value(policy: CachePolicy, key: ClientKey | None, route: Route) -> str:
    if policy.scope == "key":
        return key.digest if key else ""
    return route.name if policy.scope == "route" else ""


def _canonical(body: Json) -> Json:
    """Nulls are absence, the two names of the token limit are one, and the newer wins (contract "Parameters")."""
    said = {
        name: value
        for name, value in body.items()
        if value is not None and name not in IGNORED and not name.startswith("prompt_cache_")
    }
    if "max_tokens" in said:
        said.setdefault("max_completion_tokens", said.pop("max_tokens"))
    return said


def _reach(key: ClientKey | None, group: Group) -> list[Any]:
    """What the key's own lists leave of the route's targets: they shape the answer too (contract 3.5, "target set").

    Without it a key could be served, from the cache, by a model that it must not use (faults row 103).
    """
    nested = sorted(set(_nested(group)))
    if key is None:
        return [nested, None]
    allowed = [name for name in nested if key.routes is None or name in key.routes]
    return [allowed, None if key.models is None else sorted(key.models)]


def _nested(group: Group) -> Iterator[str]:
    for member in (*group.members, *(fallback.to for fallback in group.fallbacks)):
        if isinstance(member, Group):
            yield member.name
            yield from _nested(member)
