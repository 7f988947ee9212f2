"""JSON Schema as structured outputs take it.

https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations: every object closed,
no bounds; what is taken out is told to the model in the description, as Anthropic's own SDKs do.
"""

from typing import Any

import orjson

from trunkline.types import Json

UNSUPPORTED = frozenset({
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "maxItems",
    "uniqueItems", "contains", "minContains", "maxContains", "minProperties", "maxProperties", "patternProperties",
    "propertyNames", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
})  # fmt: skip
FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"})
NAMED = frozenset({"properties", "$defs", "definitions"})
LISTED = frozenset({"anyOf", "allOf", "prefixItems"})


def fit(schema: Json) -> tuple[Json, bool]:
    """The schema that Claude can be held to, and whether it says less than the one given; that is not changed."""
    taken: list[str] = []
    return _fit(schema, taken), bool(taken)


def _fit(schema: Any, taken: list[str]) -> Any:
    if not isinstance(schema, dict):
        return schema
    fitted: Json = {}
    lost: Json = {}
    for key, value in schema.items():
        if _lost(key, value):
            lost[key] = value
        elif key in NAMED and isinstance(value, dict):
            fitted[key] = {name: _fit(child, taken) for name, child in value.items()}
        elif (key in LISTED or key == "oneOf") and isinstance(value, list):
            fitted["anyOf" if key == "oneOf" else key] = [_fit(child, taken) for child in value]
        else:
            fitted[key] = _fit(value, taken) if key == "items" else value
    if _is_object(fitted):
        if fitted.get("additionalProperties") not in (None, False):
            lost["additionalProperties"] = fitted["additionalProperties"]
        fitted["additionalProperties"] = False
    return _described(fitted, lost, taken)


def _lost(key: str, value: Any) -> bool:
    if key == "format":
        return value not in FORMATS
    if key == "minItems":
        return value not in (0, 1)
    return key in UNSUPPORTED


def _is_object(schema: Json) -> bool:
    kind = schema.get("type")
    return kind == "object" or (isinstance(kind, list) and "object" in kind) or "properties" in schema


def _described(schema: Json, lost: Json, taken: list[str]) -> Json:
    if not lost:
        return schema
    taken += lost
    rules = ", ".join(f"{key}: {orjson.dumps(value).decode()}" for key, value in lost.items())
    said = schema.get("description")
    return {**schema, "description": f"{said}\n\n{{{rules}}}" if isinstance(said, str) and said else f"{{{rules}}}"}
