"""JSON Schema as a provider can hold an answer to it: what it does not know is taken out, and told to the model in the
description instead."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from trunkline.types import Json, nothing
from trunkline.wires.loss import Losses

# Where schemas stand inside a schema: by name, in a list, alone.
NAMED = frozenset({"properties", "$defs", "definitions"})
LISTED = frozenset({"anyOf", "allOf", "oneOf", "prefixItems"})
ALONE = frozenset({"items", "additionalProperties"})


def _same(schema: Json) -> Json:
    return schema


def _finished(schema: Json, _changed: list[str]) -> Json:
    return schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Keywords:
    """What a provider takes.

    known    the keywords it takes; None: all but those that it `lacks`
    only     keyword -> the values that it takes of it
    silent   keywords that describe and bind nobody: nothing is lost without them
    renamed  keyword -> the provider's
    spell    the same schema in keywords that it takes
    finish   what each schema must have besides; adds to its second argument where that binds more than the one given
    """

    known: frozenset[str] | None = None
    lacks: frozenset[str] = frozenset()
    only: Mapping[str, Callable[[Any], bool]] = field(default_factory=nothing)
    silent: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=nothing)
    spell: Callable[[Json], Json] = _same
    finish: Callable[[Json, list[str]], Json] = _finished

    def takes(self, keyword: str, value: Any) -> bool:
        known = keyword not in self.lacks and (self.known is None or keyword in self.known)
        return known and (keyword not in self.only or self.only[keyword](value))


def simplified(fitted: tuple[Json, bool], param: str, losses: Losses) -> Json:
    """What `fit` made of the schema in a parameter, which is named where it is another one."""
    schema, changed = fitted
    if changed:
        losses.add(param, "simplified")
    return schema


def fit(schema: Json, keywords: Keywords) -> tuple[Json, bool]:
    """The schema that the provider's models can be held to, and whether it says something else than the one given; that
    is not changed."""
    changed: list[str] = []
    return _fit(schema, keywords, changed), bool(changed)


def _fit(schema: Any, keywords: Keywords, changed: list[str]) -> Any:
    if not isinstance(schema, dict):
        return schema
    fitted: Json = {}
    lost: Json = {}
    for key, value in keywords.spell(schema).items():
        if keywords.takes(key, value):
            fitted[keywords.renamed.get(key, key)] = _within(key, value, keywords, changed)
        elif key not in keywords.silent:
            lost[key] = value
    changed += lost
    return keywords.finish(_described(fitted, lost), changed)


def _within(key: str, value: Any, keywords: Keywords, changed: list[str]) -> Any:
    if key in NAMED and isinstance(value, dict):
        return {name: _fit(child, keywords, changed) for name, child in value.items()}
    if key in LISTED and isinstance(value, list):
        return [_fit(child, keywords, changed) for child in value]
    return _fit(value, keywords, changed) if key in ALONE else value


def _described(schema: Json, lost: Json) -> Json:
    if not lost:
        return schema
    rules = ", ".join(f"{key}: {orjson.dumps(value).decode()}" for key, value in lost.items())
    said = schema.get("description")
    return {**schema, "description": f"{said}\n\n{{{rules}}}" if isinstance(said, str) and said else f"{{{rules}}}"}
