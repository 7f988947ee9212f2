"""The Grafana board as tests read it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.observe.traffic import ECHO, GPT, Now, a_bit_of_everything, route
from trunkline.observe.prometheus import Metrics
from trunkline.types import CachePolicy, Config

ROOT = Path(__file__).parents[2]
BOARD: dict[str, Any] = json.loads((ROOT / "grafana" / "trunkline.json").read_text())
VARIABLES: list[dict[str, Any]] = BOARD["templating"]["list"]
QUERIED = [variable for variable in VARIABLES if variable["type"] == "query"]


class Query(NamedTuple):
    """One target of a panel."""

    title: str
    expr: str
    legend: str


def panels() -> Iterator[dict[str, Any]]:
    """All that show something; rows do not."""
    for panel in BOARD["panels"]:
        if panel["type"] == "row":
            yield from panel["panels"]
        else:
            yield panel


QUERIES = [
    Query(f"{panel['title']} [{target['refId']}]", target["expr"], target["legendFormat"])
    for panel in panels()
    for target in panel["targets"]
]


def filled(expr: str, interval: str = "1m") -> str:
    """The query as Grafana sends it when everything is chosen."""
    values = {"__rate_interval": interval, **{variable["name"]: ".+" for variable in VARIABLES}}
    return re.sub(r"\$\{?(\w+)\}?", lambda match: values[match[1]], expr)


def label_values(variable: dict[str, Any]) -> tuple[str, str]:
    """Selector and label of `label_values(selector, label)`."""
    match = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"])
    assert match, f"{variable['name']}: {variable['query']}"
    return match[1], match[2]


def busy() -> Metrics:
    """Metrics that were told of one request of each kind."""
    metrics = Metrics(Now())
    smart = route("smart", GPT, fallbacks=(ECHO,), cache=CachePolicy(ttl=60))
    metrics.prepare(Config(routes={"smart": smart}))
    for each in a_bit_of_everything():
        metrics.served(each)
    return metrics
