"""Schemas held to what a provider takes: rows of (keywords, schema, what is left, whether it says something else)."""

from copy import deepcopy

import pytest
from hypothesis import given

from tests.hub.support import ANY_JSON, PROPERTY
from trunkline.types import Json
from trunkline.wires.schema import Keywords, fit

FEW = Keywords(known=frozenset({"type", "properties", "items", "anyOf", "description", "required"}))
ALL_BUT = Keywords(lacks=frozenset({"minLength", "$schema"}), silent=frozenset({"$schema"}))
BOUND = Keywords(only={"format": lambda value: value == "date"}, renamed={"oneOf": "anyOf"})


def closed(schema: Json, changed: list[str]) -> Json:
    if schema.get("type") == "object" and "required" not in schema:
        changed.append("required")
        return {**schema, "required": []}
    return schema


ROWS: dict[str, tuple[Keywords, Json, Json, bool]] = {
    "all of it is known": (FEW, {"type": "object", "properties": {}}, {"type": "object", "properties": {}}, False),
    "what is lost is described": (
        FEW,
        {"type": "string", "minLength": 2},
        {"type": "string", "description": "{minLength: 2}"},
        True,
    ),
    "after what was described": (
        FEW,
        {"type": "string", "description": "A name.", "pattern": "a"},
        {"type": "string", "description": 'A name.\n\n{pattern: "a"}'},
        True,
    ),
    "below properties, items and alternatives": (
        ALL_BUT,
        {"properties": {"minLength": {"items": {"anyOf": [{"minLength": 1}]}}}},
        {"properties": {"minLength": {"items": {"anyOf": [{"description": "{minLength: 1}"}]}}}},
        True,
    ),
    "not in values that are no schemas": (
        ALL_BUT,
        {"enum": [{"minLength": 1}], "default": {"minLength": 1}},
        {"enum": [{"minLength": 1}], "default": {"minLength": 1}},
        False,
    ),
    "what binds nobody goes in silence": (ALL_BUT, {"$schema": "x", "type": "null"}, {"type": "null"}, False),
    "a keyword for some of its values": (
        BOUND,
        {"anyOf": [{"format": "date"}, {"format": "time"}]},
        {"anyOf": [{"format": "date"}, {"description": '{format: "time"}'}]},
        True,
    ),
    "by another name": (BOUND, {"oneOf": [{"type": "null"}]}, {"anyOf": [{"type": "null"}]}, False),
    "what each must have": (
        Keywords(finish=closed),
        {"type": "object", "properties": {"a": {"type": "object"}}},
        {"type": "object", "properties": {"a": {"type": "object", "required": []}}, "required": []},
        True,
    ),
}


@pytest.mark.parametrize(("keywords", "schema", "fitted", "changed"), ROWS.values(), ids=ROWS)
def test_fit(keywords: Keywords, schema: Json, fitted: Json, changed: bool) -> None:
    before = deepcopy(schema)
    assert fit(schema, keywords) == (fitted, changed)
    assert schema == before


@PROPERTY
@given(ANY_JSON)
def test_whatever_stands_in_a_schema_is_no_reason_to_fail(wrong: object) -> None:
    for name in ("properties", "items", "anyOf", "description", "format", "minLength", "$defs"):
        for keywords in (FEW, ALL_BUT, BOUND):
            fit({name: wrong, "type": wrong}, keywords)
