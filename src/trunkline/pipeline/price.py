"""What an answer cost: by its own figure where it has one, else by its tokens and the catalog's prices."""

from decimal import Decimal

from trunkline.catalog import Catalog, billed_usage, cost_usd, reported_cost
from trunkline.types import Json, Target

FREE = Decimal(0)


def price(catalog: Catalog, target: Target, named: str | None, usage: Json | None) -> Decimal | None:
    """USD, None where nobody knows. `named` is the model that the answer names: that is what is billed."""
    reported = reported_cost(usage)
    if reported is not None:
        return reported
    entry = catalog.billed(target.provider.name, target.model, named)
    return cost_usd(entry, billed_usage(usage))
