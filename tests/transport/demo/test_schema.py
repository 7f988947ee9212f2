"""Whatever `fill` makes fits its schema, by the judgement of the `jsonschema` package."""

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from trunkline.transport.demo.schema import Unfit, fill

WORDS = "What is the weather in Paris?"

NODE = {
    "type": "object",
    "properties": {"value": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
    "required": ["value", "next"],
    "additionalProperties": False,
}
TREE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#"}}},
    "required": ["name", "children"],
}


def tagged(tag: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"kind": {"const": tag}, **properties},
        "required": ["kind", *properties],
        "additionalProperties": False,
    }


ROWS: dict[str, tuple[Any, Any]] = {
    "no keyword at all": ({}, WORDS),
    "true": (True, WORDS),
    "a free string": ({"type": "string"}, WORDS),
    "a short string": ({"type": "string", "maxLength": 4}, "What"),
    "a long string": ({"type": "string", "minLength": 31}, WORDS + ".."),
    "an enum": ({"type": "string", "enum": ["celsius", "fahrenheit"]}, "celsius"),
    "an enum with members of another type": ({"type": "string", "enum": [None, 1, "a"]}, "a"),
    "a const": ({"const": {"a": [1]}}, {"a": [1]}),
    "a default": ({"type": "integer", "default": 7}, 7),
    "a default that does not fit": ({"type": "string", "default": None}, WORDS),
    "an example": ({"type": "string", "pattern": r"\bx", "examples": ["an x"]}, "an x"),
    "a boolean": ({"type": "boolean"}, True),
    "null": ({"type": "null"}, None),
    "null last": ({"type": ["null", "integer"]}, 1),
    "an integer": ({"type": "integer"}, 1),
    "an integer with a floor": ({"type": "integer", "minimum": 18.5}, 19),
    "an integer with a ceiling": ({"type": "integer", "maximum": -3}, -3),
    "an integer between exclusive bounds": ({"type": "integer", "exclusiveMinimum": 4, "exclusiveMaximum": 6}, 5),
    "an integer that is a multiple of a fraction": ({"type": "integer", "multipleOf": 2.5, "minimum": 1}, 5),
    "an integer beyond 64 bits": ({"type": "integer", "minimum": 2**70}, 2**70),
    "a number in a gap": ({"type": "number", "exclusiveMinimum": 0.25, "exclusiveMaximum": 0.26}, None),
    "a number that is a multiple": ({"type": "number", "multipleOf": 0.25, "minimum": 0.3, "maximum": 0.6}, 0.5),
    "a number without saying so": ({"minimum": 12}, 12),
    "a date": ({"type": "string", "format": "date"}, "2025-01-01"),
    "three dates": (
        {"type": "array", "items": {"type": "string", "format": "date"}, "minItems": 3, "uniqueItems": True},
        ["2025-01-01", "2025-01-02", "2025-01-03"],
    ),
    "a pattern": ({"type": "string", "pattern": r"^[A-Z]{3}-\d{2}$"}, "AAA-11"),
    "a pattern of a length": ({"type": "string", "pattern": "^[a-z]+$", "minLength": 4}, "aaaa"),
    "a list": ({"type": "array", "items": {"type": "integer"}}, [1]),
    "a list of some length": ({"type": "array", "items": {"const": 2}, "minItems": 3}, [2, 2, 2]),
    "a list that must be empty": ({"type": "array", "items": False}, []),
    "a set": ({"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3}, [1, 2, 3]),
    "a set of objects": (
        {
            "type": "array",
            "items": {"type": "object", "properties": {"on": {"type": "boolean"}}},
            "minItems": 2,
            "uniqueItems": True,
        },
        [{"on": True}, {"on": False}],
    ),
    "a tuple": ({"type": "array", "prefixItems": [{"const": "a"}, {"type": "null"}], "items": False}, ["a", None]),
    "an object": (
        {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "null"}}, "required": ["b"]},
        {"a": 1, "b": None},
    ),
    "an object with few places": (
        {
            "type": "object",
            "properties": {"a": {}, "b": {"type": "null"}},
            "required": ["b"],
            "maxProperties": 1,
        },
        {"b": None},
    ),
    "an optional property that cannot be": ({"type": "object", "properties": {"a": False}}, {}),
    "a required property not described": ({"type": "object", "required": ["a"]}, {"a": WORDS}),
    "a mapping": ({"type": "object", "additionalProperties": {"type": "integer"}}, {"key": 1}),
    "a mapping of some size": (
        {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 2},
        {"key": 1, "key2": 1},
    ),
    "a mapping with known names": (
        {"type": "object", "propertyNames": {"enum": ["x", "y"]}, "minProperties": 2},
        {"x": WORDS, "y": WORDS},
    ),
    "the first that can be": ({"anyOf": [False, {"type": "integer", "minimum": 2, "maximum": 1}, {"const": 3}]}, 3),
    "any of these besides its own keywords": (
        {"properties": {"a": {"const": 1}, "b": {"const": 2}}, "anyOf": [{"required": ["b"]}], "type": "object"},
        {"a": 1, "b": 2},
    ),
    "all of these": (
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                {"properties": {"a": {"minimum": 5}, "b": {"type": "null"}}, "required": ["b"]},
            ]
        },
        {"a": 5, "b": None},
    ),
    "all of these, one of them closed": (
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"const": 1}}, "additionalProperties": False},
                {"properties": {"b": {"const": 2}}},
            ]
        },
        {"a": 1},
    ),
    "one of overlapping types": ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, 1.5),
    "one of tagged objects": (
        {"oneOf": [tagged("cat", lives={"const": 9}), tagged("dog")]},
        {"kind": "cat", "lives": 9},
    ),
    "not": ({"type": "integer", "not": {"enum": [0, 1, 2]}}, -1),
    "not a type": ({"not": {"type": "string"}}, {}),
    "a reference": ({"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"const": 4}}}, 4),
    "a reference with a default beside it": (
        {"allOf": [{"$ref": "#/$defs/unit"}], "default": "f", "$defs": {"unit": {"enum": ["c", "f"]}}},
        "c",
    ),
    "a diamond of references": (
        {
            "allOf": [{"$ref": "#/$defs/left"}, {"$ref": "#/$defs/right"}],
            "$defs": {
                "left": {"allOf": [{"$ref": "#/$defs/base"}], "minimum": 3},
                "right": {"allOf": [{"$ref": "#/$defs/base"}], "maximum": 4},
                "base": {"type": "integer"},
            },
        },
        3,
    ),
    "a linked list": ({"$ref": "#/$defs/node", "$defs": {"node": NODE}}, {"value": 1, "next": None}),
    "a tree": (TREE, {"name": WORDS, "children": [{"name": WORDS, "children": []}]}),
}


def valid(schema: Any, text: str) -> Any:
    value = json.loads(text)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(value)
    return value


@pytest.mark.parametrize(("schema", "expected"), ROWS.values(), ids=ROWS)
def test_a_schema_is_filled(schema: Any, expected: Any) -> None:
    value = valid(schema, fill(schema, WORDS))
    if expected is not None:
        assert value == expected
        assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        (False, "no value"),
        ({"enum": []}, "no value"),
        ({"type": "integer", "minimum": 2, "maximum": 1}, "no value"),
        ({"type": "string", "pattern": "(?=a)"}, "no value"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "no value"),
        ({"type": "object", "required": ["a"], "additionalProperties": False}, "no value"),
        ({"not": {}}, "no value"),
        ({"$ref": "#"}, "no value"),
        ({"type": "string", "minLength": 10**12}, "no value"),
        ({"type": "array", "minItems": 10**12}, "too large"),
        ({"$ref": "#/$defs/missing"}, "'#/\\$defs/missing' points to nothing"),
        ({"$ref": "https://example.com/schema"}, "only local references"),
        ({"type": "str"}, "not a valid JSON schema"),
        ({"properties": ["a"]}, "not a valid JSON schema"),
        (["object"], "not a valid JSON schema"),
        (None, "not a valid JSON schema"),
    ],
)
def test_a_schema_that_cannot_be_filled_says_why(schema: Any, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        fill(schema, WORDS)


def test_a_length_binds_where_a_format_is_of_another() -> None:
    """Validators treat a format as a remark unless they are told otherwise."""
    assert fill({"type": "string", "format": "uuid", "maxLength": 4}, WORDS) == '"What"'


def test_the_type_can_be_demanded() -> None:
    assert fill({}, WORDS, kind="object") == "{}"
    with pytest.raises(Unfit):
        fill({"type": "string"}, WORDS, kind="object")


def test_a_deep_schema_is_refused_and_not_a_crash() -> None:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(900):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    with pytest.raises(Unfit, match="nested too deeply"):
        fill(schema, WORDS)


def test_a_schema_that_doubles_with_every_level_ends() -> None:
    """2**40 values if all were made: optional ones are left out, required ones refused."""
    levels: dict[str, Any] = {
        f"level{n}": {"type": "object", "properties": {side: {"$ref": f"#/$defs/level{n + 1}"} for side in "lr"}}
        for n in range(40)
    }
    schema = {"$ref": "#/$defs/level0", "$defs": {**levels, "level40": {"type": "object"}}}
    valid(schema, fill(schema, WORDS))
    for level in levels.values():
        level["required"] = ["l", "r"]
    with pytest.raises(Unfit, match="too large"):
        fill(schema, WORDS)
