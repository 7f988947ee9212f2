"""What providers tell of their own models refines the catalog while the server already serves."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from trunkline.catalog import Catalog, Told
from trunkline.server.probe import probe
from trunkline.server.state import Gateway

Lists = Sequence[tuple[str, str, Mapping[str, Told]]]
"""(provider, the built-in one that it is like, what is told by model)."""


async def refine(gateway: Gateway, rebuild: Callable[[Lists], Catalog]) -> None:
    """Swaps in the catalog that `rebuild` makes of what was told; a provider that tells nothing changes nothing."""
    asked = [one for one in gateway.config.providers.values() if one.refines and not one.off]
    answers = [await probe(one) for one in asked]  # one by one: nobody waits for them, and requests do run
    lists = [(one.name, one.like, health.told) for one, health in zip(asked, answers, strict=True) if health.told]
    if lists:
        gateway.pipeline.catalog = await asyncio.to_thread(rebuild, lists)
        gateway.event("models_refined", providers=len(lists), models=sum(len(told) for _, _, told in lists))
