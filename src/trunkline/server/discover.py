"""Finds an Ollama on its usual port while the server already serves: a slow or absent one delays nothing."""

import asyncio
from collections.abc import Callable, Sequence

from trunkline.server.probe import probe
from trunkline.server.state import Gateway
from trunkline.types import Config, Provider

PATIENCE = 2.0  # seconds


async def list_models(base_url: str) -> tuple[str, ...]:
    """The names at `base_url`/api/tags, those that can chat first; none where nobody answers like an Ollama."""
    provider = Provider(name="ollama", wire="ollama", base_url=base_url, auth="none")
    return (await probe(provider, PATIENCE)).models


async def add_ollama(gateway: Gateway, base_url: str, rebuild: Callable[[Sequence[str]], Config | None]) -> None:
    """Swaps in the configuration that names what was found; leaves everything as it is where nothing was."""
    models = await list_models(base_url)
    config = await asyncio.to_thread(rebuild, models) if models else None
    if config is not None:
        gateway.config = config
        gateway.event("ollama_found", models=len(models))
