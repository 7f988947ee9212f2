"""Schemas: (what was asked for, what Claude is held to, whether that is less)."""

from copy import deepcopy

import pytest

from trunkline.types import Json
from trunkline.wires.anthropic.schema import fit

CLOSED: Json = {"type": "object", "properties": {}, "additionalProperties": False}

ROWS: dict[str, tuple[Json, Json, bool]] = {
    "an object": ({"type": "object", "properties": {}}, CLOSED, False),
    "a closed object": (CLOSED, CLOSED, False),
    "an open object": (
        {**CLOSED, "additionalProperties": True},
        {**CLOSED, "description": "{additionalProperties: true}"},
        True,
    ),
    "inside": (
        {"$defs": {"a": {"type": "object"}}, "type": "array", "items": {"anyOf": [{"properties": {}}]}},
        {
            "$defs": {"a": {"type": "object", "additionalProperties": False}},
            "type": "array",
            "items": {"anyOf": [{"properties": {}, "additionalProperties": False}]},
        },
        False,
    ),
    "bounds": (
        {"type": "integer", "minimum": 1, "maximum": 9, "description": "d"},
        {"type": "integer", "description": "d\n\n{minimum: 1, maximum: 9}"},
        True,
    ),
    "a property called minimum": (
        {"type": "object", "properties": {"minimum": {"type": "string"}}},
        {"type": "object", "properties": {"minimum": {"type": "string"}}, "additionalProperties": False},
        False,
    ),
    "a known format": ({"type": "string", "format": "date"}, {"type": "string", "format": "date"}, False),
    "another format": (
        {"type": "string", "format": "iban"},
        {"type": "string", "description": '{format: "iban"}'},
        True,
    ),
    "at least one": ({"type": "array", "minItems": 1}, {"type": "array", "minItems": 1}, False),
    "at least two": ({"type": "array", "minItems": 2}, {"type": "array", "description": "{minItems: 2}"}, True),
    "one of": ({"oneOf": [{"type": "string"}]}, {"anyOf": [{"type": "string"}]}, False),
    "nullable": (
        {"type": ["object", "null"]},
        {"type": ["object", "null"], "additionalProperties": False},
        False,
    ),
    "values are not schemas": ({"enum": [{"minimum": 1}]}, {"enum": [{"minimum": 1}]}, False),
    "true for a schema": ({"type": "array", "items": True}, {"type": "array", "items": True}, False),
}


@pytest.mark.parametrize(("given", "wanted", "less"), ROWS.values(), ids=ROWS)
def test_fit(given: Json, wanted: Json, less: bool) -> None:
    before = deepcopy(given)
    assert fit(given) == (wanted, less)
    assert given == before
