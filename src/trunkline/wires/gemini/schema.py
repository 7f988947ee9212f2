"""JSON Schema as `responseJsonSchema` takes it.

https://ai.google.dev/gemini-api/docs/structured-output#json_schema_support lists its keywords; others are ignored or
refused. What is taken out is told to the model in the description.
"""

from typing import Any

import orjson

from trunkline.types import Json

KNOWN = frozenset({
    "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems",
    "minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties", "required",
    "propertyOrdering",
})  # fmt: skip
# They describe, and bind nobody: nothing is lost without them.
SILENT = frozenset({"$schema", "$comment", "default", "examples", "deprecated", "readOnly", "writeOnly"})
NAMED = frozenset({"properties", "$defs"})
LISTED = frozenset({"anyOf", "oneOf", "prefixItems"})


def fit(schema: Json) -> tuple[Json, bool]:
    """The schema that Gemini can be held to, and whether it says less than the one given; that is not changed."""
    taken: list[str] = []
    return _fit(schema, taken), bool(taken)


def _fit(schema: Any, taken: list[str]) -> Any:
    if not isinstance(schema, dict):
        return schema
    fitted: Json = {}
    lost: Json = {}
    for key, value in _spelled(schema).items():
        if key in SILENT:
            continue
        if key not in KNOWN:
            lost[key] = value
        elif key in NAMED and isinstance(value, dict):
            fitted[key] = {name: _fit(child, taken) for name, child in value.items()}
        elif key in LISTED and isinstance(value, list):
            fitted[key] = [_fit(child, taken) for child in value]
        else:
            fitted[key] = _fit(value, taken) if key in ("items", "additionalProperties") else value
    return _alone(_described(fitted, lost, taken))


def _spelled(schema: Json) -> Json:
    """The same in the keywords that Gemini knows."""
    spelled = dict(schema)
    if "const" in spelled and "enum" not in spelled:
        spelled["enum"] = [spelled.pop("const")]
    if isinstance(spelled.get("definitions"), dict) and "$defs" not in spelled:
        spelled["$defs"] = spelled.pop("definitions")
    if isinstance(spelled.get("$ref"), str):
        spelled["$ref"] = spelled["$ref"].replace("#/definitions/", "#/$defs/")
    only = spelled.get("allOf")
    if isinstance(only, list) and len(only) == 1 and isinstance(only[0], dict) and not only[0].keys() & spelled.keys():
        del spelled["allOf"]
        spelled |= _spelled(only[0])
    return spelled


def _alone(schema: Json) -> Json:
    """Beside a reference nothing may stand but keywords with a dollar sign."""
    beside = [key for key in schema if not key.startswith("$")]
    if "$ref" not in schema or not beside or "anyOf" in schema:
        return schema
    return {**{key: value for key, value in schema.items() if key != "$ref"}, "anyOf": [{"$ref": schema["$ref"]}]}


def _described(schema: Json, lost: Json, taken: list[str]) -> Json:
    if not lost:
        return schema
    taken += lost
    rules = ", ".join(f"{key}: {orjson.dumps(value).decode()}" for key, value in lost.items())
    said = schema.get("description")
    return {**schema, "description": f"{said}\n\n{{{rules}}}" if isinstance(said, str) and said else f"{{{rules}}}"}
