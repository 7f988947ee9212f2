"""Token counts as OpenAI reports them."""

from dataclasses import dataclass
from typing import Any

# Above this a count is a provider's mistake, not a bill (faults row 35).
MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens. `cached` is part of `input`, `reasoning` part of `output`: nothing is counted twice."""

    input: int = 0
    output: int = 0
    cached: int = 0
    reasoning: int = 0


def count(value: Any) -> int:
    """A provider's figure, or 0 where it is no count at all."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
        return 0
    return int(value)


def read_usage(usage: Any) -> Usage | None:
    """From a `usage` object; None where there is none."""
    if not isinstance(usage, dict):
        return None
    prompt = usage.get("prompt_tokens_details")
    completion = usage.get("completion_tokens_details")
    return Usage(
        input=count(usage.get("prompt_tokens")),
        output=count(usage.get("completion_tokens")),
        cached=count(prompt.get("cached_tokens")) if isinstance(prompt, dict) else 0,
        reasoning=count(completion.get("reasoning_tokens")) if isinstance(completion, dict) else 0,
    )
