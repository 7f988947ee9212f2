"""JSON Schema as `responseJsonSchema` takes it.

https://ai.google.dev/gemini-api/docs/structured-output#json_schema_support lists its keywords; others are ignored or
refused.
"""

from trunkline.types import Json
from trunkline.wires import schema
from trunkline.wires.schema import Keywords


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


def _alone(schema: Json, _changed: list[str]) -> Json:
    """Beside a reference nothing may stand but keywords with a dollar sign."""
    beside = [key for key in schema if not key.startswith("$")]
    if "$ref" not in schema or not beside or "anyOf" in schema:
        return schema
    return {**{key: value for key, value in schema.items() if key != "$ref"}, "anyOf": [{"$ref": schema["$ref"]}]}


KEYWORDS = Keywords(
    known=frozenset({
        "$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems",
        "minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties",
        "required", "propertyOrdering",
    }),
    silent=frozenset({"$schema", "$comment", "default", "examples", "deprecated", "readOnly", "writeOnly"}),
    spell=_spelled,
    finish=_alone,
)  # fmt: skip


def fit(given: Json) -> tuple[Json, bool]:
    """The schema that Gemini can be held to, and whether it says less than the one given; that is not changed."""
    return schema.fit(given, KEYWORDS)
