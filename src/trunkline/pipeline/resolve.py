"""From the name a client asks for to the route that serves it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from trunkline.catalog import Catalog
from trunkline.errors import ApiError
from trunkline.pipeline.plan import allows_model
from trunkline.types import ClientKey, Config, Group, Provider, Route, Target

MOST_COMPARED = 300  # names looked at for near ones: a wrong name must not cost more than a right one


@dataclass(frozen=True, slots=True)
class Resolved:
    """`name`: the route's, or `direct` for a provider/model asked for by itself."""

    route: Route
    name: str


def resolve(config: Config, catalog: Catalog, model: str | None, key: ClientKey | None) -> Resolved:
    """A route, else an exposed `provider/model`, else a bare id that exactly one provider has.

    Raises ApiError: 404 model_not_found with near names, 403 model_not_allowed, 400 where nothing was asked for.
    """
    name = model or config.default_route
    if name is None:
        raise ApiError(
            "invalid_request", "`model` is required: the configuration has no `default_route`.", param="model"
        )
    route = config.routes.get(name)
    if route is not None and ("routes" in config.expose or not model):
        return Resolved(_allowed_route(route, key), name)
    if "models" in config.expose:
        found = _find_model(config, catalog, name)
        if found is not None:
            return Resolved(_direct(config, catalog, *found, key), "direct")
    raise not_found(config, catalog, name, key)


def not_found(config: Config, catalog: Catalog, name: str, key: ClientKey | None) -> ApiError:
    known = exposed_names(config, catalog, key)[:MOST_COMPARED]
    near = get_close_matches(name[:200], known, n=3, cutoff=0.5)
    hint = "did you mean " + ", ".join(f'"{n}"' for n in near) + "?" if near else "GET /v1/models lists what there is."
    return ApiError("model_not_found", f'The model "{name[:200]}" does not exist here: {hint}', param="model")


def exposed_names(config: Config, catalog: Catalog, key: ClientKey | None) -> list[str]:
    """What this key may ask for by name: routes, then the models that the file or the catalog names."""
    names = list(config.routes) if "routes" in config.expose else []
    if key is not None and key.routes is not None:
        return [name for name in names if name in key.routes]
    if "models" not in config.expose:
        return names
    models = dict.fromkeys(target.id for target in listed_targets(config) if not target.provider.off)
    on = {provider.name for provider in config.providers.values() if not provider.off}
    models |= dict.fromkeys(name for name in catalog.entries if name.partition("/")[0] in on)
    return names + [model for model in models if key is None or allows_model(key, model)]


def listed_targets(config: Config) -> Iterator[Target]:
    """Every target that some route names."""
    for route in config.routes.values():
        yield from group_targets(route.group)


def group_targets(node: Target | Group) -> Iterator[Target]:
    """Every target below a group, fallbacks too."""
    if isinstance(node, Target):
        yield node
        return
    for member in node.members:
        yield from group_targets(member)
    for fallback in node.fallbacks:
        yield from group_targets(fallback.to)


def _allowed_route(route: Route, key: ClientKey | None) -> Route:
    if key is not None and key.routes is not None and route.name not in key.routes:
        raise ApiError(
            "model_not_allowed",
            f'The key "{key.name}" may not ask for "{route.name}"; it may ask for: {", ".join(sorted(key.routes))}.',
            param="model",
            should_retry=False,
        )
    return route


def _find_model(config: Config, catalog: Catalog, name: str) -> tuple[Provider, str] | None:
    provider_name, slash, model = name.partition("/")
    provider = config.providers.get(provider_name)
    if slash and model and provider is not None:
        return provider, model
    owners = {t.provider.name: t.provider for t in listed_targets(config) if t.model == name and not t.provider.off}
    for one in config.providers.values():
        if not one.off and f"{one.name}/{name}" in catalog.entries:
            owners[one.name] = one
    if len(owners) > 1:
        choices = ", ".join(f'"{owner}/{name}"' for owner in owners)
        raise ApiError("model_not_found", f'"{name}" is served by several providers: ask for {choices}.', param="model")
    return next(((owner, name) for owner in owners.values()), None)


def _direct(config: Config, catalog: Catalog, provider: Provider, model: str, key: ClientKey | None) -> Route:
    target_id = f"{provider.name}/{model}"
    if key is not None and (key.routes is not None or not allows_model(key, target_id)):
        raise ApiError(
            "model_not_allowed",
            f'The key "{key.name}" may not ask for "{target_id}".',
            param="model",
            should_retry=False,
        )
    if provider.off:
        message = f'The provider "{provider.name}" is off: {provider.off}.'
        raise ApiError("model_not_found", message, param="model")
    listed = target_id in catalog.entries or any(target.id == target_id for target in listed_targets(config))
    target = Target(provider=provider, model=model, listed=listed)
    return Route(name="direct", group=Group(name="direct", members=(target,)))
