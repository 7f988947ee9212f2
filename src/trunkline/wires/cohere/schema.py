"""JSON Schema as Cohere's structured outputs take it.

https://docs.cohere.com/v2/docs/structured-outputs: no bounds, no composition but `anyOf`, and in every object something
is required.
"""

import re

from trunkline.types import Json
from trunkline.wires import schema
from trunkline.wires.schema import Keywords

FORMATS = ("date-time", "uuid", "date", "time")
ANCHORS = re.compile(r"[\^$]|\?[=!]")


def _required(fitted: Json, changed: list[str]) -> Json:
    properties = fitted.get("properties")
    if not (isinstance(properties, dict) and properties) or fitted.get("required"):
        return fitted
    changed.append("required")
    return {**fitted, "required": [next(iter(properties))]}


KEYWORDS = Keywords(
    lacks=frozenset({
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
        "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "minProperties",
        "maxProperties", "patternProperties", "propertyNames", "allOf", "not", "if", "then", "else",
        "dependentRequired", "dependentSchemas",
    }),
    only={
        "format": lambda value: value in FORMATS,
        "pattern": lambda value: not (isinstance(value, str) and ANCHORS.search(value)),
    },
    renamed={"oneOf": "anyOf"},
    finish=_required,
)  # fmt: skip


def fit(given: Json) -> tuple[Json, bool]:
    """The schema that Cohere's models can be held to, and whether it is another than the one given; that is not
    changed. Whatever fits the new one and its descriptions fits the old one."""
    return schema.fit(given, KEYWORDS)
