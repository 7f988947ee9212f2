"""What a route adds to, forces on and takes from a request: pure, before any wire sees it."""

from collections.abc import Mapping
from typing import Any

from trunkline.types import NOTHING, TOKEN_LIMITS, Json, Target


def shape(body: Json, target: Target) -> tuple[Json, tuple[str, ...]]:
    """The hub request for this target and the names of what was narrowed on the way; `body` is not changed.

    Order: route and target defaults, then the client, then what is forced, then ceilings.
    """
    shaped = _over(_over(NOTHING, target.params) if target.params else NOTHING, body)
    if target.force:
        shaped = _over(shaped, target.force)
    clamped = _clamp(shaped, target.limit)
    if target.system and "messages" in shaped:
        shaped["messages"] = [{"role": "system", "content": target.system}, *shaped["messages"]]
    return shaped, tuple(clamped)


def _over(base: Mapping[str, Any], layer: Mapping[str, Any]) -> Json:
    """`layer` over `base`, the two names of the token limit taken as one, nulls as absence."""
    said = {key: value for key, value in layer.items() if value is not None}
    if all(name in said for name in TOKEN_LIMITS):
        del said["max_tokens"]
    if any(name in said for name in TOKEN_LIMITS):
        base = {key: value for key, value in base.items() if key not in TOKEN_LIMITS}
    return {**base, **said}


def _clamp(shaped: Json, limit: Mapping[str, float]) -> list[str]:
    clamped = []
    for name, ceiling in limit.items():
        key = next((k for k in TOKEN_LIMITS if k in shaped), name) if name in TOKEN_LIMITS else name
        value = shaped.get(key)
        if value is None and key in TOKEN_LIMITS:
            shaped[key] = ceiling  # a ceiling holds where the client asked for no limit, too
        elif isinstance(value, int | float) and value > ceiling:
            shaped[key] = ceiling
            clamped.append(f"{key}=clamped")
    return clamped
