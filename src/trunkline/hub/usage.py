"""Token counts as OpenAI reports them."""

from dataclasses import dataclass
from typing import Any

# Above this a count is a provider's mistake, not a bill (faults row 35).
MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. `cached` is part of `input`, `reasoning` part of `output`: nothing is counted twice.

    `cache_write` (of it `cache_write_1h`, kept for an hour) and `audio_input` are parts of `input` beside `cached`,
    `audio_output` of `output`.
    """

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    audio_input: int = 0
    audio_output: int = 0


def count(value: Any) -> int:
    """A provider's figure, or 0 where it is no count at all."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
        return 0
    return int(value)


def read_usage(usage: Any) -> Usage | None:
    """From a `usage` object; None where there is none."""
    if not isinstance(usage, dict):
        return None
    return Usage(
        input=count(usage.get("prompt_tokens")),
        output=count(usage.get("completion_tokens")),
        cached=_part(usage, "prompt_tokens_details", "cached_tokens"),
        reasoning=_part(usage, "completion_tokens_details", "reasoning_tokens"),
        cache_write=_part(usage, "prompt_tokens_details", "cache_write_tokens"),
        # Anthropic's own object, which OpenAI has no field for: https://docs.claude.com/en/api/messages
        cache_write_1h=_part(usage, "cache_creation", "ephemeral_1h_input_tokens"),
        audio_input=_part(usage, "prompt_tokens_details", "audio_tokens"),
        audio_output=_part(usage, "completion_tokens_details", "audio_tokens"),
    )


def _part(usage: dict[str, Any], details: str, name: str) -> int:
    found = usage.get(details)
    return count(found.get(name)) if isinstance(found, dict) else 0
