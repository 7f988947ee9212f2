"""What the catalog knows of a target, and what its answers cost."""

from decimal import Decimal

from trunkline.catalog import Catalog, Entry, billed_usage, cost_usd, reported_cost
from trunkline.types import Json, Target

FREE = Decimal(0)


def known(catalog: Catalog, target: Target) -> Entry | None:
    """Under the provider's own name, where the user's file may tell of it, else under the one it is like."""
    provider, model = target.provider, target.model
    return catalog.find(provider.name, model) or catalog.find(provider.like, model)


def price(catalog: Catalog, target: Target, named: str | None, usage: Json | None) -> Decimal | None:
    """USD, None where nobody knows: by the answer's own figure where it has one, else by its tokens and the price of
    the model that it names."""
    reported = reported_cost(usage)
    if reported is not None:
        return reported
    provider, model = target.provider, target.model
    entry = catalog.billed(provider.name, model, named) or catalog.billed(provider.like, model, named)
    return cost_usd(entry, billed_usage(usage)) if entry is not None else None
