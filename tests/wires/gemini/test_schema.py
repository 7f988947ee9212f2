"""Schemas: rows of (given, fitted, whether it says less)."""

from copy import deepcopy

import pytest

from trunkline.types import Json
from trunkline.wires.gemini.schema import fit

REF: Json = {"$ref": "#/$defs/A"}
FITTED: dict[str, tuple[Json, Json, bool]] = {
    "known words": (
        {"type": "object", "properties": {"a": {"type": ["string", "null"]}}, "additionalProperties": False},
        {"type": "object", "properties": {"a": {"type": ["string", "null"]}}, "additionalProperties": False}, False),
    "a property named as a keyword": (
        {"properties": {"pattern": {"type": "string"}}}, {"properties": {"pattern": {"type": "string"}}}, False),
    "words that bind nobody": ({"type": "string", "default": "a", "$schema": "s", "examples": []}, {"type": "string"},
                               False),
    "a constant": ({"const": "a"}, {"enum": ["a"]}, False),
    "definitions": (
        {"definitions": {"A": {"const": 1}}, "properties": {"a": {"$ref": "#/definitions/A"}}},
        {"$defs": {"A": {"enum": [1]}}, "properties": {"a": REF}}, False),
    "words beside a reference": ({**REF, "description": "d"}, {"anyOf": [REF], "description": "d"}, False),
    "a reference alone": (REF, REF, False),
    "all of one": ({"allOf": [REF], "title": "t"}, {"anyOf": [REF], "title": "t"}, False),
    "all of two": ({"allOf": [{"type": "string"}, {}]}, {"description": '{allOf: [{"type":"string"},{}]}'}, True),
    "one of": ({"oneOf": [{"const": 1}, {"minLength": 2}]},
               {"oneOf": [{"enum": [1]}, {"description": "{minLength: 2}"}]}, True),
    "a rule": ({"type": "string", "pattern": "a+", "description": "d"},
               {"type": "string", "description": 'd\n\n{pattern: "a+"}'}, True),
    "rules": ({"exclusiveMinimum": 1, "not": {}}, {"description": "{exclusiveMinimum: 1, not: {}}"}, True),
    "deep": ({"items": {"items": {"uniqueItems": True}}}, {"items": {"items": {"description": "{uniqueItems: true}"}}},
             True),
    "a closed map": ({"additionalProperties": {"maxLength": 1}},
                     {"additionalProperties": {"description": "{maxLength: 1}"}}, True),
    "a tuple": ({"prefixItems": [{"const": 1}, True]}, {"prefixItems": [{"enum": [1]}, True]}, False),
}  # fmt: skip


@pytest.mark.parametrize(("given", "wanted", "less"), FITTED.values(), ids=FITTED)
def test_fit(given: Json, wanted: Json, less: bool) -> None:
    before = deepcopy(given)
    assert fit(given) == (wanted, less)
    assert given == before


@pytest.mark.parametrize("given", [row[0] for row in FITTED.values()], ids=FITTED)
def test_what_fits_is_left_as_it_is(given: Json) -> None:
    fitted, _ = fit(given)
    assert fit(fitted) == (fitted, False)
