"""Finds an Ollama on its usual port while the server already serves: a slow or absent one delays nothing."""

import asyncio
from collections.abc import Callable, Sequence

from trunkline.server.state import Gateway
from trunkline.types import Config

PATIENCE = 2.0  # seconds


async def list_models(base_url: str) -> list[str]:
    """The ids at `base_url`/models, none where nobody answers like an OpenAI-compatible server."""
    # Costs 80 ms to import, and only a server without a file looks for anything.
    import httpx

    try:
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False, follow_redirects=False) as client:
            reply = await client.get(f"{base_url}/models")
        rows = reply.raise_for_status().json().get("data")
        return [row["id"] for row in rows if isinstance(row.get("id"), str)]
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, AttributeError, TypeError, KeyError):
        return []


async def add_ollama(gateway: Gateway, base_url: str, rebuild: Callable[[Sequence[str]], Config | None]) -> None:
    """Swaps in the configuration that names what was found; leaves everything as it is where nothing was."""
    models = await list_models(base_url)
    config = await asyncio.to_thread(rebuild, models) if models else None
    if config is not None:
        gateway.config = config
        gateway.event("ollama_found", models=len(models))
