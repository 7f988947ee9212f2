"""Mappings with known keys. One description of a section reads it, checks it and is its JSON Schema."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Generic, TypeVar

from trunkline.config.compound import tried
from trunkline.config.problems import near_or_all, quoted
from trunkline.config.reader import Reader, Spot
from trunkline.config.shapes import Shape, or_null
from trunkline.config.source import Scalar, Table
from trunkline.types import NOTHING, Json, nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A record of the file; each kind is a subclass whose fields are made by `key` and `section`."""

    at: Spot = field(repr=False, compare=False)


S = TypeVar("S", bound=Section)


@dataclass(frozen=True, slots=True)
class Key:
    """What a section may hold under one name.

    required  its absence is a mistake; the default then stands in
    whole     absent, it is read as if nothing were written in it
    """

    shape: Shape[Any]
    doc: str
    name: str | None = None
    required: bool = False
    whole: bool = False


def key(shape: Shape[Any], default: Any, doc: str, *, name: str | None = None, required: bool = False) -> Any:
    """A field of a Section. `name` is what the file calls it where Python cannot."""
    metadata = {"key": Key(shape, doc, name, required)}
    if default is NOTHING:
        return field(default_factory=nothing, metadata=metadata)
    return field(default=default, metadata=metadata)


def section(cls: type[Section], doc: str) -> Any:
    """A field of a Section that is a section itself, all defaults where the file has none."""
    return field(metadata={"key": Key(Record(cls), doc, whole=True)})


def keys(cls: type[Section]) -> Mapping[str, tuple[str, Key, Any]]:
    """Name in the file -> attribute, description, default."""
    described = ((f, f.metadata["key"]) for f in fields(cls) if "key" in f.metadata)
    return {entry.name or f.name: (f.name, entry, f.default) for f, entry in described}


@dataclass(frozen=True, slots=True)
class Record(Generic[S]):
    """Reads a mapping into a Section."""

    cls: type[S]

    def read(self, spot: Spot, reader: Reader) -> S:
        """Always a section: a value that is wrong is reported and its default stands in."""
        if not isinstance(spot.node, Table) and not spot.null:
            reader.error(spot, f"must be a mapping, not {spot.kind}")
            return self.of({}, spot, reader)
        known = keys(self.cls)
        for name, at, _ in spot.entries():
            if name not in known:
                reader.error(at, f"unknown key {quoted(name)}{near_or_all(name, known)}")
        values: dict[str, Any] = {}
        for name, (attribute, entry, _) in known.items():
            below = spot / name
            if not below.null:
                for value in tried(entry.shape, below, reader):
                    values[attribute] = value
            elif entry.required:
                reader.error(below, "is required")
        return self.of(values, spot, reader)

    def of(self, values: dict[str, Any], spot: Spot, reader: Reader) -> S:
        """A section of these values and the defaults of all others."""
        empty = {
            attribute: entry.shape.read(spot / name, reader)
            for name, (attribute, entry, _) in keys(self.cls).items()
            if entry.whole and attribute not in values
        }
        return self.cls(at=spot, **empty, **values)

    def schema(self) -> Json:
        known = keys(self.cls)
        required = [name for name, (_, entry, _) in known.items() if entry.required]
        properties = {name: _property(entry, default) for name, (_, entry, default) in known.items()}
        schema: Json = {"type": "object", "properties": properties, "additionalProperties": False}
        return {**schema, "required": required} if required else or_null(schema)


def _property(entry: Key, default: Any) -> Json:
    schema = entry.shape.schema() if entry.required else or_null(entry.shape.schema())
    shown = getattr(entry.shape, "show", lambda value: value)(default) if _showable(default) else None
    return {**schema, "description": entry.doc, **({} if shown is None else {"default": shown})}


def _showable(default: Any) -> bool:
    return default is not MISSING and isinstance(default, str | int | float) and default != ""


@dataclass(frozen=True, slots=True)
class Shorthand(Generic[S]):
    """A record that may be written as the value of its first key alone."""

    record: Record[S]
    name: str

    def read(self, spot: Spot, reader: Reader) -> S:
        """Raises Mistake."""
        if not isinstance(spot.node, Scalar):
            return self.record.read(spot, reader)
        attribute, entry, _ = keys(self.record.cls)[self.name]
        return self.record.of({attribute: entry.shape.read(spot, reader)}, spot, reader)

    def schema(self) -> Json:
        _, entry, _ = keys(self.record.cls)[self.name]
        return {"anyOf": [entry.shape.schema(), self.record.schema()]}
