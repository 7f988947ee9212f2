"""Two schemas as one: what fits the result fits both."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from trunkline.types import Json


def same(first: Any, second: Any) -> bool:
    """Equality of JSON values: true is not 1."""
    return bool(first == second) and isinstance(first, bool) == isinstance(second, bool)


def member(value: Any, values: list[Any]) -> bool:
    return any(same(value, other) for other in values)


def both(first: Json, second: Json) -> Json | None:
    """None where nothing can fit both. A keyword that cannot be combined is kept from `first`."""
    merged = second | first
    for keyword in first.keys() & second.keys() & MERGERS.keys():
        merged[keyword] = MERGERS[keyword](first[keyword], second[keyword])
    if "properties" in merged:
        merged["properties"] = _properties(first, second)
    if merged.keys() & {"items", "prefixItems"}:
        merged["prefixItems"], merged["items"] = _items(first, second)
    return None if merged.get("type") == [] or merged.get("enum") == [] else merged


def type_names(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def parts(schema: Json) -> tuple[list[Any], Any]:
    """Schemas of an array's first items, and of all that follow."""
    items = schema.get("items", True)
    if isinstance(items, list):  # the tuple of drafts before 2020-12
        return items, schema.get("additionalItems", True)
    return schema.get("prefixItems", []), items


def _types(first: Any, second: Any) -> list[str]:
    mine, theirs = type_names(first), type_names(second)
    common = [name for name in mine if name in theirs or (name == "integer" and "number" in theirs)]
    if "integer" in theirs and "number" in mine and "integer" not in common:
        common.append("integer")
    return common


def _properties(first: Json, second: Json) -> Json:
    """A property that only one side names must fit the other's additionalProperties."""
    mine, theirs = first.get("properties", {}), second.get("properties", {})
    return {
        name: _all(
            mine.get(name, first.get("additionalProperties", True)),
            theirs.get(name, second.get("additionalProperties", True)),
        )
        for name in {**mine, **theirs}
    }


def _items(first: Json, second: Json) -> tuple[list[Any], Any]:
    """A place that only one side's prefix has must fit the other's items."""
    (mine, my_rest), (theirs, their_rest) = parts(first), parts(second)
    places = range(max(len(mine), len(theirs)))
    prefix = [_all(mine[n] if n < len(mine) else my_rest, theirs[n] if n < len(theirs) else their_rest) for n in places]
    return prefix, _all(my_rest, their_rest)


def _all(first: Any, second: Any) -> Any:
    if first is True or second is True:
        return second if first is True else first
    return {"allOf": [first, second]}


def _multiple(first: Any, second: Any) -> Any:
    if isinstance(first, int) and isinstance(second, int):
        return math.lcm(first, second)
    return first


MERGERS: Mapping[str, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        "type": _types,
        "enum": lambda first, second: [value for value in first if member(value, second)],
        "required": lambda first, second: [*first, *(name for name in second if name not in first)],
        "additionalProperties": _all,
        "propertyNames": _all,
        "not": lambda first, second: {"anyOf": [first, second]},
        "uniqueItems": lambda first, second: first or second,
        "multipleOf": _multiple,
        **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
        **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
    }
)
