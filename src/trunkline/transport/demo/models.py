"""What a demo model's name asks for. Parts joined by `+` add up, the later one winning: `cut-after-3+fast`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

Instead = Literal["refused", "reset", "html", "empty", "ok-error"]
Fault = Literal["cut", "stall", "error", "garbage", "no-finish"]

TOKENS_PER_SECOND = 30

# Worth listing; every name made of WORDS and PATTERNS answers.
MODELS: tuple[str, ...] = (
    "echo",
    "fast",
    "slow",
    "lorem",
    "think",
    "embed",
    "status-429",
    "cut-after-3",
    "stall",
    "error-after-3",
    "garbage-after-3",
    "ok-error",
    "drip-250",
    "flaky-1",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a model answers, in seconds and chunks.

    voice        what it says: the user's own words, or a fixed text as long as the client allows
    chats        false: it only embeds
    pace         between two tokens of a stream; with `drips` a whole answer comes in such pieces too
    late, slow   before the headers; between them and the first token
    status       answers this error, with `retry_after` as its header
    instead      what comes in place of an answer
    fault        what happens after `after` chunks with content, or at the end of the content if there are fewer;
                 after 0 nothing comes before it
    failures     so many calls fail before the first one is answered
    """

    voice: Literal["echo", "lorem"] = "echo"
    thinks: bool = False
    chats: bool = True
    pace: float = 1 / TOKENS_PER_SECOND
    drips: bool = False
    late: float = 0.0
    slow: float = 0.0
    status: int | None = None
    retry_after: str | None = None
    instead: Instead | None = None
    fault: Fault | None = None
    after: int = 0
    failures: int = 0


WORDS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "echo": {},
        "fast": {"pace": 0.0},
        "slow": {"slow": 2.0},
        "lorem": {"voice": "lorem"},
        "think": {"thinks": True},
        "embed": {"chats": False},
        "stall": {"fault": "stall", "after": 0},
        "no-finish": {"fault": "no-finish", "after": 0},
        **{name: {"instead": name} for name in ("refused", "reset", "html", "empty", "ok-error")},
    }
)


def _milliseconds(digits: str) -> float:
    return int(digits) / 1000


PATTERNS: tuple[tuple[str, Callable[..., dict[str, Any]]], ...] = (
    (r"slow-(\d{1,7})", lambda wait: {"slow": _milliseconds(wait)}),
    (r"late-(\d{1,7})", lambda wait: {"late": _milliseconds(wait)}),
    (r"drip-(\d{1,7})", lambda wait: {"pace": _milliseconds(wait), "drips": True}),
    (
        r"status-([45]\d\d)(?:-retry-after-(\d{1,7}(?:\.\d{1,3})?))?",
        lambda status, seconds: {"status": int(status), "retry_after": seconds},
    ),
    (
        r"(cut|stall|error|garbage)-after-(\d{1,6})",
        lambda fault, chunks: {"fault": fault, "after": int(chunks)},
    ),
    (r"flaky-(\d{1,3})", lambda failures: {"failures": int(failures)}),
)


def behaviour_of(name: str) -> Behaviour | None:
    """None where a part of the name is neither one of WORDS nor like one of PATTERNS."""
    wanted: dict[str, Any] = {}
    for part in name.split("+"):
        changes = WORDS[part] if part in WORDS else _changes(part)
        if changes is None:
            return None
        wanted |= changes
    return Behaviour(**wanted)


def _changes(part: str) -> Mapping[str, Any] | None:
    for pattern, changes in PATTERNS:
        if match := re.fullmatch(pattern, part, re.ASCII):
            return changes(*match.groups())
    return None
