"""Lists and mappings of the file. They go on after a mistake, so that all are told at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any, Generic, TypeVar

from trunkline.config.reader import Mistake, Reader, Spot
from trunkline.config.shapes import Shape, Text
from trunkline.config.source import Items, Table
from trunkline.types import Json

T = TypeVar("T")
NAME = r"[A-Za-z0-9._-]+"
NAMED = Text(NAME, "letters, digits, dots, dashes and underscores")


def tried(shape: Shape[T], spot: Spot, reader: Reader) -> Iterator[T]:
    """The value here, or nothing once its mistake is reported."""
    try:
        yield shape.read(spot, reader)
    except Mistake as mistake:
        reader.error(spot, str(mistake))


@dataclass(frozen=True, slots=True)
class Placed(Generic[T]):
    """A value that is checked later against the rest of the file, and its place."""

    value: T
    at: Spot


@dataclass(frozen=True, slots=True)
class InPlace(Generic[T]):
    """What another shape reads, with its place."""

    shape: Shape[T]

    def read(self, spot: Spot, reader: Reader) -> Placed[T]:
        return Placed(self.shape.read(spot, reader), spot)

    def schema(self) -> Json:
        return self.shape.schema()


@dataclass(frozen=True, slots=True)
class ListOf(Generic[T]):
    """A list of at least one item."""

    item: Shape[T]

    def read(self, spot: Spot, reader: Reader) -> tuple[T, ...]:
        if not isinstance(spot.node, Items):
            raise Mistake(f"must be a list, not {spot.kind}")
        if not spot.node.items:
            raise Mistake("must have at least one item")
        return tuple(value for below in spot.items() for value in tried(self.item, below, reader))

    def schema(self) -> Json:
        return {"type": "array", "items": self.item.schema(), "minItems": 1}


@dataclass(frozen=True, slots=True)
class OneOrMore(Generic[T]):
    """A list, or one item that stands for a list of it."""

    item: Shape[T]

    def read(self, spot: Spot, reader: Reader) -> tuple[T, ...]:
        if isinstance(spot.node, Items):
            return ListOf(self.item).read(spot, reader)
        return (self.item.read(spot, reader),)

    def schema(self) -> Json:
        return {"anyOf": [self.item.schema(), ListOf(self.item).schema()]}


@dataclass(frozen=True, slots=True)
class MapOf(Generic[T]):
    """Values under names that the operator chooses."""

    value: Shape[T]
    names: str = NAME
    wanted: str = "letters, digits, dots, dashes and underscores"

    def read(self, spot: Spot, reader: Reader) -> dict[str, T]:
        if not isinstance(spot.node, Table):
            raise Mistake(f"must be a mapping, not {spot.kind}")
        read: dict[str, T] = {}
        for name, key, below in spot.entries():
            if not re.fullmatch(self.names, name):
                reader.error(key, f"a name is made of {self.wanted}")
            for value in tried(self.value, below, reader):
                read[name] = value
        return read

    def schema(self) -> Json:
        return {
            "type": "object",
            "propertyNames": {"pattern": f"^(?:{self.names})$"},
            "additionalProperties": self.value.schema(),
        }


@dataclass(frozen=True, slots=True)
class Anything:
    """Any JSON value, as it goes to a provider."""

    def read(self, spot: Spot, reader: Reader) -> Any:
        match spot.node:
            case Table():
                below = spot.entries()
                return {name: value for name, _, spot in below for value in tried(self, spot, reader)}
            case Items():
                return [value for item in spot.items() for value in tried(self, item, reader)]
        return None if spot.null else _json(reader.word(spot, "a JSON value").value)

    def schema(self) -> Json:
        return {}


def _json(value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        raise Mistake("must be a finite number: JSON has no other")
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise Mistake("must fit into 64 bits")
    return value
