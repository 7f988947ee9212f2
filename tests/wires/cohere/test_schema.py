"""JSON Schemas: (as the client has it, as Cohere takes it); equal ones are not named as lost."""

import pytest

from trunkline.types import Json
from trunkline.wires.cohere.schema import fit


def of(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


ROWS: dict[str, tuple[Json, Json]] = {
    "what it takes": (
        of(a={"type": "string", "enum": ["x"]}, b={"type": ["integer", "null"]}, c={"const": 1}),
        of(a={"type": "string", "enum": ["x"]}, b={"type": ["integer", "null"]}, c={"const": 1}),
    ),
    "formats and patterns that it knows": (
        of(a={"type": "string", "format": "date"}, b={"type": "string", "pattern": "[a-z]+"}),
        of(a={"type": "string", "format": "date"}, b={"type": "string", "pattern": "[a-z]+"}),
    ),
    "other formats": (
        of(a={"type": "string", "format": "email"}),
        of(a={"type": "string", "description": '{format: "email"}'}),
    ),
    "patterns with anchors": (
        of(a={"type": "string", "pattern": "^a$", "description": "d"}),
        of(a={"type": "string", "description": 'd\n\n{pattern: "^a$"}'}),
    ),
    "bounds": (
        of(a={"type": "integer", "minimum": 1, "maximum": 2}),
        of(a={"type": "integer", "description": "{minimum: 1, maximum: 2}"}),
    ),
    "bounds beside a description that is none": (
        of(a={"maxLength": 1, "description": 1}),
        of(a={"description": "{maxLength: 1}"}),
    ),
    "lists": (
        of(a={"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 1, "uniqueItems": True}),
        of(
            a={
                "type": "array",
                "items": {"type": "integer", "description": "{minimum: 1}"},
                "description": "{minItems: 1, uniqueItems: true}",
            }
        ),
    ),
    "alternatives": (of(a={"oneOf": [{"type": "string"}]}), of(a={"anyOf": [{"type": "string"}]})),
    "all of several": (of(a={"allOf": [{"type": "string"}]}), of(a={"description": '{allOf: [{"type":"string"}]}'})),
    "references": (
        {**of(a={"$ref": "#/$defs/A"}), "$defs": {"A": {"type": "string", "maxLength": 1}}},
        {**of(a={"$ref": "#/$defs/A"}), "$defs": {"A": {"type": "string", "description": "{maxLength: 1}"}}},
    ),
    "nothing required": (
        {"type": "object", "properties": {"a": {}, "b": {}}},
        {"type": "object", "properties": {"a": {}, "b": {}}, "required": ["a"]},
    ),
    "nothing to require": ({"type": "object", "properties": {}}, {"type": "object", "properties": {}}),
    "a map": (
        {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}},
        {"type": "object", "additionalProperties": {"type": "integer", "description": "{minimum: 0}"}},
    ),
    "a property by the name of a keyword": (of(minimum={"type": "integer"}), of(minimum={"type": "integer"})),
    "not schemas": (
        {"properties": {"a": True}, "anyOf": [1], "items": [], "required": ["a"]},
        {"properties": {"a": True}, "anyOf": [1], "items": [], "required": ["a"]},
    ),
}


@pytest.mark.parametrize(("given", "wanted"), ROWS.values(), ids=ROWS)
def test_fit(given: Json, wanted: Json) -> None:
    fitted, changed = fit(given)
    assert fitted == wanted
    alternatives = "oneOf" in str(given)  # another word for what Cohere takes is no loss
    assert changed == (given != wanted and not alternatives)
