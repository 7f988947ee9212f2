"""What is known of the models: limits, prices, capabilities; and what a request costs.

Pure but for `shipped`, which loads the packaged file, and the script that makes it (`build`).
"""

from trunkline.catalog.cost import billed_usage, cost_text, cost_usd, reported_cost
from trunkline.catalog.entry import APIS, CAPABILITIES, Api, Correction, Entry, Price, Rates, Tier, merged
from trunkline.catalog.find import Catalog
from trunkline.catalog.rows import shipped
from trunkline.catalog.show import describe, smallest
from trunkline.catalog.told import Told, read_told

__all__ = [
    "APIS",
    "CAPABILITIES",
    "Api",
    "Catalog",
    "Correction",
    "Entry",
    "Price",
    "Rates",
    "Tier",
    "Told",
    "billed_usage",
    "cost_text",
    "cost_usd",
    "describe",
    "merged",
    "read_told",
    "reported_cost",
    "shipped",
    "smallest",
]
