"""What holds for every schema, by the judgement of the `jsonschema` package."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from trunkline.transport.demo.schema import Unfit, fill

WORDS = "What is the weather in Paris?"

NAMES = st.sampled_from("abc")
SCALARS = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from([0.5, 1.0, 2.5, "", "a", "abc", WORDS])
JSONS = st.recursive(
    SCALARS, lambda each: st.lists(each, max_size=2) | st.dictionaries(NAMES, each, max_size=2), max_leaves=3
)
TYPE_NAMES = st.sampled_from(["string", "integer", "number", "boolean", "null", "array", "object"])
FORMAT_NAMES = ["date", "date-time", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uuid", "regex", "duration"]
SIZES = st.integers(0, 4)


REFERENCES = st.sampled_from(["#", "#/$defs/a", "#/$defs/b"])


def is_object(schema: Any) -> bool:
    return isinstance(schema, dict)


def keywords(schemas: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas of any keywords: valid ones, that need not allow anything."""
    some = st.lists(schemas, min_size=1, max_size=2)
    # References stand below an instance only: one to itself at the same place has no meaning, and no end.
    within = schemas | st.builds(lambda part, name: {**part, "$ref": name}, schemas.filter(is_object), REFERENCES)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": TYPE_NAMES | st.lists(TYPE_NAMES, min_size=1, max_size=2, unique=True),
            "enum": st.lists(JSONS, min_size=1, max_size=3),
            "const": JSONS,
            "default": JSONS,
            "examples": st.lists(JSONS, max_size=1),
            "minimum": st.integers(-4, 4),
            "exclusiveMaximum": st.sampled_from([-1, 0.5, 2, 3.25]),
            "multipleOf": st.sampled_from([1, 2, 3, 0.5, 0.1]),
            "minLength": SIZES,
            "maxLength": st.integers(0, 40),
            "format": st.sampled_from(FORMAT_NAMES),
            "minItems": SIZES,
            "maxItems": SIZES,
            "uniqueItems": st.booleans(),
            "items": within,
            "prefixItems": st.lists(within, min_size=1, max_size=2),
            "properties": st.dictionaries(NAMES, within, max_size=3),
            "required": st.lists(NAMES, max_size=2, unique=True),
            "additionalProperties": within,
            "propertyNames": st.just({"enum": ["a", "b", "key"]}),
            "minProperties": SIZES,
            "maxProperties": SIZES,
            "allOf": some,
            "anyOf": some,
            "oneOf": some,
            "not": schemas,
        },
    )


LEAVES = st.booleans() | st.fixed_dictionaries({"type": TYPE_NAMES})
SCHEMAS = st.recursive(LEAVES, keywords, max_leaves=6)
DOCUMENTS = st.builds(
    lambda root, a, b: {**root, "$defs": {"a": a, "b": b}}, SCHEMAS.filter(is_object), SCHEMAS, SCHEMAS
)


def attempt(schema: Any) -> tuple[str, str | None]:
    try:
        return fill(schema, WORDS), None
    except Unfit as unfit:
        return "", str(unfit)


@settings(max_examples=400, deadline=None)
@given(DOCUMENTS)
def test_what_is_made_fits(schema: Any) -> None:
    """Of any keywords in any combination; only what is said to be unfit is left out."""
    text, complaint = attempt(schema)
    if complaint is None:
        Draft202012Validator(schema).validate(json.loads(text))
    else:
        assert complaint == "no value was found that fits it."


def describing(value: Any) -> dict[str, Any]:
    """A narrow schema that allows `value`, said in a roundabout way."""
    if isinstance(value, dict):
        properties = {name: {"anyOf": [False, describing(each)]} for name, each in value.items()}
        return {"properties": properties, "required": list(value), "additionalProperties": False, "type": "object"}
    if isinstance(value, list):
        return {"type": "array", "prefixItems": [describing(each) for each in value], "minItems": len(value)}
    if isinstance(value, str):
        return {
            "type": ["null", "string"],
            "minLength": len(value),
            "allOf": [{"maxLength": len(value)}, {"type": "string"}],
        }
    if value is None or isinstance(value, bool):
        return {"oneOf": [{"const": value}, {"type": "string"}]}
    return {"type": "number", "minimum": value, "maximum": value}


@settings(max_examples=200, deadline=None)
@given(JSONS)
def test_where_something_fits_something_is_made(value: Any) -> None:
    schema = describing(value)
    Draft202012Validator(schema).validate(json.loads(fill(schema, WORDS)))


KEYWORD_NAMES = st.sampled_from(
    [
        "type",
        "properties",
        "items",
        "anyOf",
        "$ref",
        "minimum",
        "multipleOf",
        "enum",
        "pattern",
        "minLength",
        "required",
    ]
)
JUNK = st.recursive(
    SCALARS | st.just("object") | st.just("#"),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(KEYWORD_NAMES, each, max_size=4),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(JUNK)
def test_what_is_no_schema_is_unfit_and_no_crash(schema: Any) -> None:
    text, complaint = attempt(schema)
    if complaint is None:
        json.loads(text)
    else:
        assert complaint.endswith(".")
