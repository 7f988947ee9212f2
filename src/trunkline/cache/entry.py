"""One kept answer, as bytes and back. What comes back is data from outside: anything odd is a miss (faults row 107)."""

import math
from dataclasses import dataclass
from typing import Any

import orjson

from trunkline.types import Json

VERSION = 1

MAX_BYTES = 8 * 1024 * 1024
"""Larger values are neither kept nor read."""

# orjson reads 1,024 levels and writes 254: what lies between could be read here and not be sent (faults 0.8).
_WRITABLE_DEPTH = 250


@dataclass(frozen=True, slots=True)
class Entry:
    """A complete answer and what served it.

    answer       a `chat.completion`, or the `list` of an embeddings answer
    fresh_until  Unix seconds; from then on it is stale, for use only when every target fails
    provider, model  names of the target, as headers tell them
    """

    answer: Json
    fresh_until: float
    provider: str
    model: str


def pack(answer: Json, fresh_until: float, provider: str, model: str) -> bytes:
    """The bytes of an entry. Raises TypeError where `answer` is no JSON, or too deep to be sent to anyone."""
    return orjson.dumps(
        {
            "v": VERSION,
            "fresh_until": fresh_until,
            "provider": provider,
            "model": model,
            "answer": answer,
        }
    )


def unpack(raw: bytes) -> Entry | None:
    """The entry, or None where the bytes are not exactly what `pack` makes."""
    if len(raw) > MAX_BYTES:
        return None
    try:
        stored = orjson.loads(raw)
        # Fewer brackets cannot nest deeper, and counting them costs next to nothing.
        if raw.count(b"{") + raw.count(b"[") > _WRITABLE_DEPTH:
            orjson.dumps(stored)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    return _entry(stored)


def storable(value: bytes, ttl: float) -> bool:
    """Whether a cache should keep these bytes at all; `ttl` in seconds."""
    return 0 < len(value) <= MAX_BYTES and ttl > 0


def jittered(seconds: float, rng_value: float) -> float:
    """Within a tenth of `seconds`, so that what began together does not end together; `rng_value` from [0, 1)."""
    return seconds * (0.9 + 0.2 * rng_value)


def _entry(stored: Any) -> Entry | None:
    match stored:
        case {
            "v": int(version),
            "fresh_until": int() | float() as fresh_until,
            "provider": str(provider),
            "model": str(model),
            "answer": dict(answer),
        } if version == VERSION and math.isfinite(fresh_until) and _is_answer(answer):
            return Entry(answer, float(fresh_until), provider, model)
    return None


def _is_answer(answer: Json) -> bool:
    """It has all that telling it again, whole or as a stream, relies on."""
    match answer:
        case {"object": "chat.completion", "choices": [_, *_] as choices}:
            return all(_is_choice(choice) for choice in choices)
        case {"object": "list", "data": [_, *_] as rows}:
            return all(_is_embedding(row) for row in rows)
    return False


def _is_choice(choice: Any) -> bool:
    match choice:
        case {"index": int(), "finish_reason": str(), "message": dict(message)}:
            calls = message.get("tool_calls", [])
            return isinstance(calls, list) and all(isinstance(call, dict) for call in calls)
    return False


def _is_embedding(row: Any) -> bool:
    return isinstance(row, dict) and isinstance(row.get("embedding"), list | str)
