"""Requests held to the types of a provider's own SDK."""

from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter

STRICT = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
More = Mapping[str, set[str] | None]


def strict(kind: Any, more: More | None = None) -> Callable[[Any], None]:
    """A check for values of this type. It raises ValidationError, or AssertionError for what the SDK would let pass: a
    key that nobody knows, a word that is not on a list.

    `more` are keys that a type has beside those of the SDK, by the type's name; None where anything goes.
    """
    # A configuration is taken only beside a type that has none of its own, which a union is.
    adapter: TypeAdapter[Any] = TypeAdapter(Union[kind, int], config=STRICT)  # noqa: UP007  # `kind` is a value here

    def check(value: Any) -> None:
        wrong = list(_wrong(adapter.validate_python(value), value, kind, more or {}, ""))
        assert not wrong, wrong

    return check


def _wrong(read: Any, given: Any, kind: Any, more: More, place: str) -> Iterator[str]:
    """Iterables are validated only as they are read, so everything is."""
    if isinstance(read, BaseModel) and isinstance(given, Mapping):
        name = type(read).__name__
        if more.get(name, ()) is not None:
            yield from _wrong_fields(read, given, more, place or name)
    elif isinstance(read, Mapping):
        for key, child in read.items():
            yield from _wrong(child, given[key], None, more, f"{place}.{key}")
    elif isinstance(given, str):
        words = _words(kind)
        if words and given not in words:
            yield f"{place} is {given!r}, not one of {words}"
    elif isinstance(given, list):
        for index, (child, one) in enumerate(zip(read, given, strict=True)):
            yield from _wrong(child, one, None, more, f"{place}[{index}]")


def _wrong_fields(read: BaseModel, given: Mapping[str, Any], more: More, place: str) -> Iterator[str]:
    fields = {field.alias or name: (name, field.annotation) for name, field in type(read).model_fields.items()}
    for key in given.keys() - (more.get(type(read).__name__) or ()):
        if key not in fields:
            yield f"{place}.{key} is unknown"
            continue
        name, kind = fields[key]
        yield from _wrong(getattr(read, name), given[key], kind, more, f"{place}.{key}")


@cache
def _words(kind: Any) -> tuple[Any, ...]:
    """Those of an enumeration, though it is open to more."""
    if get_origin(kind) is Literal:
        return get_args(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(member.value for member in kind)
    arguments = get_args(kind) if get_origin(kind) in (Union, UnionType) else ()
    return tuple(word for one in arguments for word in _words(one))
