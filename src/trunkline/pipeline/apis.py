"""Which of a provider's APIs serves a request. Data alone: the file, the catalog, and the provider's row."""

from dataclasses import replace
from functools import lru_cache

from trunkline.catalog import Entry
from trunkline.narrowing import MOST_REMEMBERED, found
from trunkline.types import Json, Kind, Target


def reached(target: Target, entry: Entry | None, kind: Kind, body: Json) -> Target:
    """The target as it is by the API that serves this request.

    `entry`: what is known of its model; `body`: the hub request after params. What the file or the catalog says of the
    model counts, then what the row says of names like this.
    """
    apis = target.provider.apis
    if not apis:
        return target
    if kind == "embeddings":
        embeds = next((api for api in apis.values() if api.embeds), None)
        return replace(target, provider=embeds.provider) if embeds else target
    name = _by_name(target, body) if entry is None or entry.api is None else entry.api
    api = apis.get(name or "")
    return replace(target, provider=api.provider) if api else target


def _by_name(target: Target, body: Json) -> str | None:
    """Clients may name any model, and its name alone may tell that the usual API would refuse it."""
    provider, model = target.provider, target.model
    for name, api in provider.apis.items():
        if api.serves and _matches(api.serves, model):
            return name
    if body.get("tools") and provider.takes.reasons(model, body.get("reasoning_effort")):
        for name, api in provider.apis.items():
            if api.serves_tools and _matches(api.serves_tools, model):
                return name
    return None


_matches = lru_cache(MOST_REMEMBERED)(found)
