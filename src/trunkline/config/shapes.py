"""What a scalar of the file may be: each shape reads one and describes itself as JSON Schema.

The schema accepts `${…}` wherever a scalar stands: an editor cannot know what it will hold.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from trunkline.config.problems import near_or_all
from trunkline.config.reader import Mistake, Reader, Spot, Word
from trunkline.config.scalars import DURATION, SIZE, seconds, show_seconds, show_size, size
from trunkline.types import Json

T_co = TypeVar("T_co", covariant=True)

REFERENCE = r"\$\{"
_REFERENCE_SCHEMA: Json = {"$ref": "#/$defs/reference"}
_NULL_SCHEMA: Json = {"type": "null"}
DEFINITIONS: Json = {
    "reference": {
        "type": "string",
        "pattern": REFERENCE,
        "description": "Filled from the environment or a file: ${VAR}, ${VAR:-default}, ${VAR:?message}, ${file:PATH}.",
    }
}


class Shape(Protocol[T_co]):
    """One kind of value."""

    def read(self, spot: Spot, reader: Reader) -> T_co:
        """The value at this spot. Raises Mistake; what is wrong below it is reported there."""
        ...

    def schema(self) -> Json:
        """JSON Schema of the values that can be read."""
        ...


def or_reference(schema: Json) -> Json:
    return {"anyOf": [schema, _REFERENCE_SCHEMA]}


def or_null(schema: Json) -> Json:
    """A key that is written with nothing after it counts as absent."""
    options = schema.get("anyOf", [schema])
    return {"anyOf": options if _NULL_SCHEMA in options else [*options, _NULL_SCHEMA]}


@dataclass(frozen=True, slots=True)
class Text:
    """A string, of the pattern where one is given. `quiet`: it may be a secret, so no message repeats it."""

    pattern: str | None = None
    wanted: str = "a string"
    quiet: bool = False

    def read(self, spot: Spot, reader: Reader) -> str:
        text = plain_text(reader.word(spot, self.wanted))
        if self.pattern and not re.fullmatch(self.pattern, text):
            raise Mistake(f"must be {self.wanted}" + ("" if self.quiet else f", not {spot.told}"))
        return text

    def schema(self) -> Json:
        return {"type": "string"} | ({"pattern": f"^(?:{self.pattern})$|{REFERENCE}"} if self.pattern else {})


def plain_text(word: Word) -> str:
    """A scalar that must be a string. Raises Mistake where YAML reads it as a number or a truth."""
    if not word.text.names and not isinstance(word.value, str):
        raise Mistake("is no string as it stands: put it in quotes")
    return word.text.value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some names. `later` are names that are going to be here."""

    options: tuple[str, ...]
    called: str = "value"
    later: frozenset[str] = frozenset()

    def read(self, spot: Spot, reader: Reader) -> Any:
        text = str(reader.word(spot, " or ".join(self.options)).text.value)
        if text in self.options:
            return text
        if text in self.later:
            raise Mistake(f'{self.called} "{text}" is not available yet (available: {", ".join(self.options)})')
        raise Mistake(f"unknown {self.called} {spot.told}{near_or_all(text, self.options)}")

    def schema(self) -> Json:
        return or_reference({"enum": list(self.options)})


@dataclass(frozen=True, slots=True)
class Boolean:
    """true or false."""

    def read(self, spot: Spot, reader: Reader) -> bool:
        value = reader.word(spot, "true or false").typed
        if not isinstance(value, bool):
            raise Mistake(f"must be true or false, not {spot.told}")
        return value

    def schema(self) -> Json:
        return or_reference({"type": "boolean"})


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number from `low` to `high`; `why` follows a message about the bounds."""

    low: int = 0
    high: int = 2**31 - 1
    why: str = ""

    def read(self, spot: Spot, reader: Reader) -> int:
        value = reader.word(spot, "a whole number").typed
        if not isinstance(value, int) or isinstance(value, bool):
            raise Mistake(f"must be a whole number, not {spot.told}")
        if not self.low <= value <= self.high:
            bounds = f"be {self.low}" if self.low == self.high else f"be from {self.low} to {self.high}"
            raise Mistake(f"must {bounds}, not {spot.told}{self.why}")
        return value

    def schema(self) -> Json:
        return or_reference({"type": "integer", "minimum": self.low, "maximum": self.high})


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number of at least 0."""

    def read(self, spot: Spot, reader: Reader) -> float:
        value = reader.word(spot, "a number").typed
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 2**53:
            raise Mistake(f"must be a number of at least 0, not {spot.told}")
        return value

    def schema(self) -> Json:
        return or_reference({"type": "number", "minimum": 0, "maximum": 2**53})


@dataclass(frozen=True, slots=True)
class Bounds:
    """A least and a greatest number: [0, 1.5]."""

    def read(self, spot: Spot, reader: Reader) -> tuple[float, float]:
        items = list(spot.items())
        low, high = [_finite(item, reader) for item in items] if len(items) == 2 else (None, None)
        if low is None or high is None:
            raise Mistake("must be a least and a greatest number, such as [0, 1.5]")
        return low, high

    def schema(self) -> Json:
        number = or_reference({"type": "number"})
        return {"type": "array", "items": number, "minItems": 2, "maxItems": 2}


def _finite(spot: Spot, reader: Reader) -> float | None:
    value = reader.word(spot, "a number").typed
    return value if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 2**53 else None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with a unit, from just above 0 (or 0 where `zero`) to `high`."""

    parse: Callable[[str], float | None]
    show: Callable[[float], str]
    pattern: str
    wanted: str
    high: float
    zero: bool = False

    def read(self, spot: Spot, reader: Reader) -> Any:
        value = self.parse(reader.word(spot, self.wanted).text.value)
        if value is None:
            raise Mistake(f"must be {self.wanted}, not {spot.told}")
        if value > self.high or (value == 0 and not self.zero):
            bound = f"at most {self.show(self.high)}" if value else "more than 0"
            raise Mistake(f"must be {bound}, not {spot.told}")
        return value

    def schema(self) -> Json:
        return {"type": "string", "pattern": f"^{self.pattern}$|{REFERENCE}"}


def duration(*, zero: bool = False) -> Quantity:
    """Seconds, at most ten years."""
    wanted = "a duration such as 250ms, 30s, 5m or 1h"
    return Quantity(seconds, show_seconds, DURATION, wanted, 3650 * 86400.0, zero)


def byte_size() -> Quantity:
    """Bytes, at most 100 GiB."""
    return Quantity(size, show_size, SIZE, "a size such as 512KiB or 10MiB", 100.0 * 2**30)
