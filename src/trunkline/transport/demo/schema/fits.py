"""Whether a value fits a schema, as far as `schema` makes values up. `pattern` and `format` are taken on trust: a
default or an example that stands beside them comes from the same author, and a hostile pattern never ends."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from trunkline.transport.demo.schema.document import Document
from trunkline.transport.demo.schema.merge import member, parts, same, type_names
from trunkline.types import Json


def fits(document: Document, value: Any, schema: Any) -> bool:
    """Raises Unfit when the document's steps are spent."""
    document.spend()
    if isinstance(schema, bool):
        return schema
    return all(
        check(value, schema[keyword])
        for keyword, (kind, check) in ALONE.items()
        if keyword in schema and TYPES[kind](value)
    ) and all(
        check(document, value, schema)
        for keyword, (kind, check) in NESTED.items()
        if keyword in schema and TYPES[kind](value)
    )


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TYPES: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "string": lambda value: isinstance(value, str),
        "integer": lambda value: _number(value) and value == int(value),
        "number": _number,
        "boolean": lambda value: isinstance(value, bool),
        "null": lambda value: value is None,
        "array": lambda value: isinstance(value, list),
        "object": lambda value: isinstance(value, dict),
        "any": lambda _value: True,
    }
)


def _multiple(value: Any, step: Any) -> bool:
    """Of floats the quotient is asked, as validators do: 0.3 counts as no multiple of 0.1."""
    if isinstance(step, float):
        return bool(value / step == int(value / step))
    return bool(value % step == 0)


def _unique(value: list[Any], wanted: bool) -> bool:
    return not wanted or not any(member(item, value[:place]) for place, item in enumerate(value))


def _properties(document: Document, value: Json, schema: Json) -> bool:
    return all(fits(document, value[name], part) for name, part in schema["properties"].items() if name in value)


def _additional(document: Document, value: Json, schema: Json) -> bool:
    others = value.keys() - schema.get("properties", {}).keys()
    return all(fits(document, value[name], schema["additionalProperties"]) for name in others)


def _names(document: Document, value: Json, schema: Json) -> bool:
    return all(fits(document, name, schema["propertyNames"]) for name in value)


def _items(document: Document, value: list[Any], schema: Json) -> bool:
    prefix, items = parts(schema)
    return all(
        fits(document, item, prefix[place] if place < len(prefix) else items) for place, item in enumerate(value)
    )


# keyword -> the type of value it speaks about, and whether the keyword's argument lets it pass
ALONE: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = MappingProxyType(
    {
        "type": ("any", lambda value, names: any(TYPES[name](value) for name in type_names(names))),
        "enum": ("any", member),
        "const": ("any", same),
        "minimum": ("number", lambda value, bound: value >= bound),
        "maximum": ("number", lambda value, bound: value <= bound),
        "exclusiveMinimum": ("number", lambda value, bound: value > bound),
        "exclusiveMaximum": ("number", lambda value, bound: value < bound),
        "multipleOf": ("number", _multiple),
        "minLength": ("string", lambda value, bound: len(value) >= bound),
        "maxLength": ("string", lambda value, bound: len(value) <= bound),
        "minItems": ("array", lambda value, bound: len(value) >= bound),
        "maxItems": ("array", lambda value, bound: len(value) <= bound),
        "uniqueItems": ("array", _unique),
        "required": ("object", lambda value, names: all(name in value for name in names)),
        "minProperties": ("object", lambda value, bound: len(value) >= bound),
        "maxProperties": ("object", lambda value, bound: len(value) <= bound),
    }
)

# the same for keywords that hold schemas
NESTED: Mapping[str, tuple[str, Callable[[Document, Any, Json], bool]]] = MappingProxyType(
    {
        "prefixItems": ("array", _items),
        "items": ("array", _items),
        "properties": ("object", _properties),
        "additionalProperties": ("object", _additional),
        "propertyNames": ("object", _names),
        "allOf": ("any", lambda document, value, schema: all(_fitting(document, value, schema["allOf"]))),
        "anyOf": ("any", lambda document, value, schema: any(_fitting(document, value, schema["anyOf"]))),
        "oneOf": ("any", lambda document, value, schema: _fitting(document, value, schema["oneOf"]).count(True) == 1),
        "not": ("any", lambda document, value, schema: not fits(document, value, schema["not"])),
        "$ref": ("any", lambda document, value, schema: fits(document, value, document.resolve(schema["$ref"]))),
    }
)


def _fitting(document: Document, value: Any, schemas: list[Any]) -> list[bool]:
    return [fits(document, value, schema) for schema in schemas]
