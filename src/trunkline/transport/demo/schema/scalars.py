"""Strings and numbers within bounds: each function yields ever new ones, the plainest first."""

import math
from collections.abc import Iterator
from itertools import count
from types import MappingProxyType
from typing import Any

from trunkline.transport.demo.schema.patterns import Unknown, samples
from trunkline.types import Json

LONGEST_STRING = 100_000

# What fills a format; its values differ in their number, from 1.
FORMATS = MappingProxyType(
    {
        "date": "2025-01-{:02}",
        "date-time": "2025-01-{:02}T09:30:00Z",
        "time": "09:{:02}:00Z",
        "duration": "P{}D",
        "email": "user{}@example.com",
        "idn-email": "user{}@example.com",
        "hostname": "host{}.example.com",
        "idn-hostname": "host{}.example.com",
        "ipv4": "192.0.2.{}",
        "ipv6": "2001:db8::{}",
        "uri": "https://example.com/{}",
        "uri-reference": "https://example.com/{}",
        "iri": "https://example.com/{}",
        "iri-reference": "https://example.com/{}",
        "uri-template": "https://example.com/{}",
        "url": "https://example.com/{}",
        "uuid": "00000000-0000-4000-8000-{:012}",
        "json-pointer": "/{}",
        "relative-json-pointer": "{}",
        "regex": "a{}",
    }
)
MOST_OF_A_FORMAT = 28  # days that every month has

BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
TRIES = 64


def strings(schema: Json, words: str) -> Iterator[str]:
    """None at all where the pattern is beyond `patterns`."""
    least, most = schema.get("minLength", 0), min(schema.get("maxLength", LONGEST_STRING), LONGEST_STRING)
    if least > most:
        return
    if "pattern" in schema:
        yield from (text for text in _matching(schema["pattern"]) if least <= len(text) <= most)
        return
    template = FORMATS.get(schema.get("format", ""))
    for number in range(1, MOST_OF_A_FORMAT + 1) if template else ():
        text = str(template).format(number)
        if least <= len(text) <= most:
            yield text
    for number in count(1):
        suffix = "" if number == 1 else str(number)
        if len(suffix) > most:
            return
        yield (words[: most - len(suffix)] + suffix).ljust(least, ".")


def _matching(pattern: str) -> Iterator[str]:
    try:
        yield from samples(pattern)
    except Unknown:
        return


def numbers(schema: Json, whole: bool) -> Iterator[float]:
    """Near 1 if the bounds allow. Candidates that the bounds exclude may be among them: the caller checks."""
    low = max(schema.get("minimum", -math.inf), schema.get("exclusiveMinimum", -math.inf))
    high = min(schema.get("maximum", math.inf), schema.get("exclusiveMaximum", math.inf))
    start = max(low, min(high, 1))
    step = schema.get("multipleOf") or 1
    for value in _around(start, step):
        if not whole or value == int(value):
            yield int(value) if value == int(value) else value
    if not whole and "multipleOf" not in schema:
        yield from (start, start + 0.5, start - 0.5)
        yield from _between(low, high)


def _around(start: Any, step: Any) -> Iterator[Any]:
    """Multiples of `step`, from the first one at or above `start` in both directions."""
    first = math.ceil(start / step)
    for distance in range(TRIES):
        yield (first + distance) * step
        yield (first - distance - 1) * step


def _between(low: float, high: float) -> Iterator[float]:
    if math.isfinite(low) and math.isfinite(high):
        for part in range(1, TRIES):
            yield low + (high - low) * part / TRIES
