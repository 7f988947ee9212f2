"""Makes values up, by trying: every method yields what fits, best first, and nothing where nothing does."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain, count, islice
from types import MappingProxyType
from typing import Any

from trunkline.transport.demo.schema import scalars
from trunkline.transport.demo.schema.document import Document
from trunkline.transport.demo.schema.fits import fits
from trunkline.transport.demo.schema.merge import both, member, parts, type_names
from trunkline.types import Json

COMBINERS = frozenset({"$ref", "allOf", "anyOf", "oneOf", "const"})
MOST_VALUES = 256  # of one type, before the next type's or alternative's turn

# A schema without a type says it by its keywords.
HINTS = (
    ("object", ("properties", "required", "additionalProperties", "minProperties", "propertyNames")),
    ("array", ("items", "prefixItems", "minItems", "maxItems", "uniqueItems")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)
ANY_TYPE = ("string", "object", "array", "number", "boolean", "null")

Entered = frozenset[str]
Group = tuple[list[Any], Entered]  # schemas of which one must fit, and what was entered on the way to them
_NOWHERE: Entered = frozenset()
_NO_VALUE: Any = object()


class Filler:
    """Fills schemas of one document with `words`.

    `entered` holds the references being filled on the way here. None is entered again within itself: the smallest
    value of a recursive schema never needs it, and so every filling ends.
    """

    __slots__ = ("_document", "_words")

    def __init__(self, document: Document, words: str) -> None:
        self._document = document
        self._words = words

    def values(self, schema: Any, entered: Entered = _NOWHERE) -> Iterator[Any]:
        for plain, deeper in self._alternatives(schema, entered):
            for value in self._candidates(plain, deeper):
                if "not" not in plain or not fits(self._document, value, plain["not"]):
                    yield value

    def _alternatives(self, schema: Any, entered: Entered) -> Iterator[tuple[Json, Entered]]:
        """Schemas without COMBINERS: whatever fits one of them fits `schema`."""
        self._document.spend()
        if isinstance(schema, bool):
            yield from [({}, entered)] if schema else ()
            return
        plain = {keyword: value for keyword, value in schema.items() if keyword not in COMBINERS}
        if "const" in schema:
            narrowed = both(plain, {"enum": [schema["const"]]})
            if narrowed is None:
                return
            plain = narrowed
        groups: list[Group] = [([part], entered) for part in schema.get("allOf", ())]
        if "anyOf" in schema:
            groups.append((schema["anyOf"], entered))
        if "oneOf" in schema:
            groups.append((_one_of(schema["oneOf"]), entered))
        if "$ref" in schema:
            reference = schema["$ref"]
            target = [] if reference in entered else [self._document.resolve(reference)]
            groups.insert(0, (target, entered | {reference}))
        yield from self._combined(plain, groups, entered)

    def _combined(self, plain: Json, groups: list[Group], entered: Entered) -> Iterator[tuple[Json, Entered]]:
        """One schema of each group, merged into `plain`, in every way."""
        if not groups:
            yield plain, entered
            return
        schemas, outside = groups[0]
        for schema in schemas:
            for other, also in self._alternatives(schema, outside):
                merged = both(plain, other)
                if merged is not None:
                    yield from self._combined(merged, groups[1:], entered | also)

    def _candidates(self, plain: Json, entered: Entered) -> Iterator[Any]:
        if "enum" in plain:
            rest = {keyword: value for keyword, value in plain.items() if keyword not in ("enum", "not")}
            yield from (value for value in plain["enum"] if fits(self._document, value, rest))
            return
        known = [plain["default"]] if "default" in plain else []
        checked = {keyword: value for keyword, value in plain.items() if keyword != "not"}
        yield from (value for value in [*known, *plain.get("examples", ())] if fits(self._document, value, checked))
        for kind in _types(plain):
            for value in islice(MAKERS[kind](self, plain, entered), MOST_VALUES):
                self._document.spend()
                yield value

    def strings(self, plain: Json, _entered: Entered) -> Iterator[str]:
        return scalars.strings(plain, self._words)

    def numbers(self, plain: Json, _entered: Entered) -> Iterator[float]:
        return self._bounded(plain, scalars.numbers(plain, whole=False))

    def integers(self, plain: Json, _entered: Entered) -> Iterator[float]:
        return self._bounded(plain, scalars.numbers(plain, whole=True))

    def _bounded(self, plain: Json, numbers: Iterator[float]) -> Iterator[float]:
        bounds = {keyword: plain[keyword] for keyword in scalars.BOUNDS if keyword in plain}
        return (number for number in numbers if fits(self._document, number, bounds))

    def booleans(self, _plain: Json, _entered: Entered) -> Iterator[bool]:
        return iter((True, False))

    def nulls(self, _plain: Json, _entered: Entered) -> Iterator[None]:
        return iter((None,))

    def arrays(self, plain: Json, entered: Entered) -> Iterator[list[Any]]:
        prefix, items = parts(plain)
        least, most = plain.get("minItems", 0), plain.get("maxItems", scalars.LONGEST_STRING)
        unique = plain.get("uniqueItems", False)
        made: list[Any] = []
        for part in prefix[:most]:
            fresh = self._fresh(self.values(part, entered), made, unique)
            made += islice(fresh, 1)
        if len(made) < len(prefix[:most]):
            yield from [made] if not made and not least else ()
            return
        head = len(made)
        wanted = max(least, min(most, 0 if self._document.frugal or prefix else 1))
        pool = self._fresh(self.values(items, entered), made, unique)
        while len(made) < wanted:
            more = list(islice(pool, 1)) or ([] if unique else made[head : head + 1])
            if not more:
                break
            self._document.spend()
            made += more
        if not least <= len(made) <= most:
            return
        yield list(made)
        if len(made) > head:
            yield from ([*made[:-1], other] for other in pool)

    def _fresh(self, values: Iterator[Any], made: list[Any], unique: bool) -> Iterator[Any]:
        """Those that are not yet in `made`, where that matters."""
        return (value for value in values if not unique or not member(value, made))

    def objects(self, plain: Json, entered: Entered) -> Iterator[Json]:
        properties = plain.get("properties", {})
        required = plain.get("required", ())
        rest = plain.get("additionalProperties", True)
        room = plain.get("maxProperties", scalars.LONGEST_STRING) - len(required)
        if room < 0:
            return
        schemas = properties | {name: rest for name in required if name not in properties}
        made: Json = {}
        for name, schema in schemas.items():
            needed = name in required
            if not needed and (room < 1 or self._document.frugal):
                continue
            possible = fits(self._document, name, plain.get("propertyNames", True))
            value = next(self.values(schema, entered), _NO_VALUE) if possible else _NO_VALUE
            if value is not _NO_VALUE:
                made[name] = value
                room -= not needed
            elif needed:
                return
        self._extend(made, plain, room, entered)
        if len(made) < plain.get("minProperties", 0):
            return
        yield dict(made)
        for name in made:
            others = self.values(schemas.get(name, rest), entered)
            yield from ({**made, name: other} for other in islice(others, 1, None))

    def _extend(self, made: Json, plain: Json, room: int, entered: Entered) -> None:
        """Properties with names of our own: as many as must be, one in a mapping."""
        properties, rest = plain.get("properties", {}), plain.get("additionalProperties", True)
        shown = isinstance(rest, dict) and not properties and not self._document.frugal
        wanted = max(plain.get("minProperties", 0) - len(made), int(shown))
        names = self._names(plain, entered)
        for name in islice((name for name in names if name not in properties and name not in made), min(wanted, room)):
            self._document.spend()
            value = next(self.values(rest, entered), _NO_VALUE)
            if value is _NO_VALUE:
                return
            made[name] = value

    def _names(self, plain: Json, entered: Entered) -> Iterator[str]:
        if "propertyNames" in plain:
            return self.values({"allOf": [{"type": "string"}, plain["propertyNames"]]}, entered)
        return chain(("key",), (f"key{number}" for number in count(2)))


def _one_of(parts: list[Any]) -> list[Any]:
    """Exactly one is any of them that none of the others allows."""
    return [{"allOf": [part], "not": {"anyOf": parts[:place] + parts[place + 1 :]}} for place, part in enumerate(parts)]


def _types(plain: Json) -> list[str]:
    if "type" in plain:
        return sorted(type_names(plain["type"]), key=lambda kind: kind == "null")
    hinted = [kind for kind, keywords in HINTS if any(keyword in plain for keyword in keywords)]
    return [*hinted, *(kind for kind in ANY_TYPE if kind not in hinted)]


MAKERS: Mapping[str, Callable[[Filler, Json, Entered], Iterator[Any]]] = MappingProxyType(
    {
        "string": Filler.strings,
        "number": Filler.numbers,
        "integer": Filler.integers,
        "boolean": Filler.booleans,
        "null": Filler.nulls,
        "array": Filler.arrays,
        "object": Filler.objects,
    }
)
