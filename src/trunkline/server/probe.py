"""One question to a provider, off the hot path: is it there, does it take the key, which models does it list?"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from trunkline.types import Provider
from trunkline.wires.auth import SCHEMES

PATIENCE = 5.0  # seconds

# Where a wire lists its models, and what must be said to be heard.
LISTS: dict[str, tuple[str, Mapping[str, str]]] = {
    "openai": ("/models", {}),
    "anthropic": ("/v1/models?limit=1000", {"anthropic-version": "2023-06-01"}),
}


@dataclass(frozen=True, slots=True)
class Health:
    """What a provider answered. `detail` is for the reader: what is wrong and what to do; never the key."""

    provider: str
    ok: bool
    detail: str
    models: tuple[str, ...] = ()
    seconds: float = 0.0


async def probe(provider: Provider, patience: float = PATIENCE) -> Health:
    """Lists the provider's models with its first key. Raises nothing."""
    if provider.off:
        return Health(provider.name, False, f"off: {provider.off}")
    if urlsplit(provider.base_url).scheme not in ("http", "https") or provider.wire not in LISTS:
        return Health(provider.name, True, "answers in this process")
    # Costs 80 ms to import, and no request waits for a probe.
    import httpx

    path, extra = LISTS[provider.wire]
    key = provider.keys[0] if provider.keys else ""
    headers = {**SCHEMES[provider.auth](key), **extra, **provider.headers}
    started = time.monotonic()
    try:
        async with httpx.AsyncClient(timeout=patience, trust_env=False, follow_redirects=False) as client:
            reply = await client.get(provider.base_url + path, headers=headers)
        return _read(provider, reply.status_code, _json(reply), time.monotonic() - started)
    except httpx.TimeoutException:
        return Health(provider.name, False, f"no answer within {patience:g} s")
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return Health(provider.name, False, "cannot be reached: check its base_url and the network")


def _json(reply: Any) -> Any:
    try:
        return reply.json()
    except ValueError:
        return None


def _read(provider: Provider, status: int, body: Any, seconds: float) -> Health:
    if status in (401, 403):
        source = f": check {provider.key_source}" if provider.key_source else ": it wants a key, or another one"
        return Health(provider.name, False, f"refused the key (HTTP {status}){source}", seconds=seconds)
    if status == 404:
        return Health(provider.name, True, "is there, and lists no models", seconds=seconds)
    if status != 200:
        return Health(provider.name, False, f"answered HTTP {status}", seconds=seconds)
    models = _models(body)
    if models is None:
        return Health(provider.name, False, "answered something else than a list of models: check its base_url")
    return Health(provider.name, True, f"{len(models)} models", models, seconds)


def _models(body: Any) -> tuple[str, ...] | None:
    """OpenAI's list, or Together's bare array; None where it is neither."""
    rows = body.get("data") if isinstance(body, dict) else body
    if not isinstance(rows, list):
        return None
    return tuple(row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str))
