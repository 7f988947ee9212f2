"""The board against the rules of Grafana's dashboard-linter, and against what the proxy really exposes."""

import re
from typing import Any

import promql_parser
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.deploy.board import BOARD, QUERIED, QUERIES, VARIABLES, Query, busy, filled, label_values, panels

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
SCRAPED = {"job", "instance"}
UNITS = {"reqps", "s", "short", "percentunit"}

every_panel = pytest.mark.parametrize("panel", list(panels()), ids=lambda panel: panel["title"])
every_query = pytest.mark.parametrize("query", QUERIES, ids=[query.title for query in QUERIES])
every_variable = pytest.mark.parametrize("variable", QUERIED, ids=lambda variable: variable["name"])


@pytest.fixture(scope="module")
def exposed() -> dict[str, set[str]]:
    """Sample name -> its labels, those of the scrape included."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(busy().render()[0].decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set(SCRAPED)).update(sample.labels)
    return found


class TestBoard:
    def test_header(self) -> None:
        found = {name: BOARD[name] for name in ("uid", "schemaVersion", "editable", "id")}
        assert found == {"uid": "trunkline", "schemaVersion": 39, "editable": False, "id": None}

    def test_rows(self) -> None:
        rows = [panel["title"] for panel in BOARD["panels"] if panel["type"] == "row"]
        assert rows == ["Overview", "Latency", "Upstreams", "Tokens", "Cache"]

    def test_ids_are_unique(self) -> None:
        ids = [panel["id"] for panel in BOARD["panels"]]
        assert len(ids) == len(set(ids))

    def test_panels_do_not_overlap(self) -> None:
        taken = [
            (x, y)
            for grid in (panel["gridPos"] for panel in BOARD["panels"])
            for x in range(grid["x"], grid["x"] + grid["w"])
            for y in range(grid["y"], grid["y"] + grid["h"])
        ]
        assert len(taken) == len(set(taken))
        assert max(x for x, _ in taken) == 23

    def test_variables(self) -> None:
        names = [variable["name"] for variable in VARIABLES]
        assert names == ["datasource", "job", "instance", "route", "provider", "model"]
        assert VARIABLES[0]["type"] == "datasource"
        assert VARIABLES[0]["query"] == "prometheus"


@every_variable
def test_a_variable_chooses_any_or_all(variable: dict[str, Any]) -> None:
    found = {name: variable[name] for name in ("datasource", "multi", "includeAll", "allValue", "refresh")}
    expected = {"datasource": DATASOURCE, "multi": True, "includeAll": True, "allValue": ".+", "refresh": 2}
    assert found == expected, "refresh 2: when the time range changes"


@every_variable
def test_a_variable_lists_what_exists(variable: dict[str, Any], exposed: dict[str, set[str]]) -> None:
    selector, label = label_values(variable)
    check_names(selector, {label}, exposed)


@every_panel
def test_a_panel_explains_itself(panel: dict[str, Any]) -> None:
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"] in UNITS
    for source in (panel, *panel["targets"]):
        assert source["datasource"] == DATASOURCE


@every_query
def test_a_query_obeys_the_variables(query: Query) -> None:
    tree = promql_parser.parse(filled(query.expr))
    for selector in selectors(tree):
        matchers = {matcher.name for matcher in selector.matchers.matchers}
        assert matchers >= SCRAPED, f"{selector.name} lacks job or instance"
    for window in re.findall(r"\[([^]]*)\]", query.expr):
        assert window == "$__rate_interval"


@every_query
def test_a_query_asks_for_what_exists(query: Query, exposed: dict[str, set[str]]) -> None:
    check_names(query.expr, set(), exposed)


@every_query
def test_a_legend_shows_what_is_left(query: Query) -> None:
    """A label that the query has summed away would leave a hole in the legend."""
    kept = grouped_by(promql_parser.parse(filled(query.expr)))
    assert set(re.findall(r"{{(\w+)}}", query.legend)) <= kept


def test_the_check_catches_a_renamed_metric(exposed: dict[str, set[str]]) -> None:
    for expr in ("rate(trunkline_request_total[1m])", "sum by (modell) (trunkline_target_state)"):
        with pytest.raises(AssertionError):
            check_names(expr, set(), exposed)


def check_names(expr: str, used: set[str], exposed: dict[str, set[str]]) -> None:
    """Every metric is exposed, with every label that the query names."""
    tree = promql_parser.parse(filled(expr))
    used = used | grouped_by(tree)
    assert selectors(tree), f"{expr} asks for no metric"
    for selector in selectors(tree):
        assert selector.name in exposed, f"{selector.name} is not exposed"
        missing = (used | {matcher.name for matcher in selector.matchers.matchers}) - exposed[selector.name]
        assert not missing, f"{selector.name} has no {missing}"


def selectors(tree: promql_parser.Expr) -> list[promql_parser.VectorSelector]:
    return [node for node in nodes(tree) if isinstance(node, promql_parser.VectorSelector)]


def grouped_by(tree: promql_parser.Expr) -> set[str]:
    """All labels of all `by` clauses."""
    groups = [node.modifier for node in nodes(tree) if isinstance(node, promql_parser.AggregateExpr)]
    return {label for group in groups if group is not None for label in group.labels}


def nodes(tree: promql_parser.Expr) -> list[promql_parser.Expr]:
    found: list[promql_parser.Expr] = []
    promql_parser.walk(tree, found.append)
    return found
