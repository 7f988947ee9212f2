"""JSON Schema as structured outputs take it.

https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations: every object closed,
no bounds; what is taken out is told in the description, as Anthropic's own SDKs do.
"""

from trunkline.types import Json
from trunkline.wires import schema
from trunkline.wires.schema import Keywords

FORMATS = ("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid")


def _closed(fitted: Json, _changed: list[str]) -> Json:
    kind = fitted.get("type")
    is_object = kind == "object" or (isinstance(kind, list) and "object" in kind) or "properties" in fitted
    return {**fitted, "additionalProperties": False} if is_object else fitted


KEYWORDS = Keywords(
    lacks=frozenset({
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
        "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "minProperties", "maxProperties",
        "patternProperties", "propertyNames", "not", "if", "then", "else", "dependentRequired", "dependentSchemas",
    }),
    only={
        "format": lambda value: value in FORMATS,
        "minItems": lambda value: value in (0, 1),
        "additionalProperties": lambda value: value is None or value is False,
    },
    renamed={"oneOf": "anyOf"},
    finish=_closed,
)  # fmt: skip


def fit(given: Json) -> tuple[Json, bool]:
    """The schema that Claude can be held to, and whether it says less than the one given; that is not changed."""
    return schema.fit(given, KEYWORDS)
