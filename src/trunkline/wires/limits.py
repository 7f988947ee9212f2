"""Rate limits that a provider tells under its own names, in OpenAI's form: counts, and a duration until they reset."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

SECONDS = re.compile(r"[0-9]{1,7}(\.[0-9]{1,9})?\Z")
PARTS = ("limit", "remaining", "reset")

# What only one provider says -> OpenAI's header for each of its own.
TOLD: dict[str, dict[str, str]] = {
    # The narrower of Anthropic's token limits is told as `tokens`:
    # https://docs.claude.com/en/api/rate-limits#response-headers
    "anthropic-ratelimit-requests-limit": {
        f"x-ratelimit-{part}-{what}": f"anthropic-ratelimit-{what}-{part}"
        for what in ("requests", "tokens")
        for part in PARTS
    },
    # Cohere tells of trial keys alone, and not when the minute is over: https://docs.cohere.com/docs/rate-limits
    "x-trial-endpoint-call-limit": {
        "x-ratelimit-limit-requests": "x-trial-endpoint-call-limit",
        "x-ratelimit-remaining-requests": "x-trial-endpoint-call-remaining",
    },
    # Mistral, by the minute, as recorded: its pages tell of no headers.
    "x-ratelimit-limit-req-minute": {
        f"x-ratelimit-{part}-{what}": f"x-ratelimit-{part}-{theirs}-minute"
        for what, theirs in (("requests", "req"), ("tokens", "tokens"))
        for part in ("limit", "remaining")
    },
    # Cerebras, in seconds: https://inference-docs.cerebras.ai/support/rate-limits
    "x-ratelimit-limit-requests-day": {
        f"x-ratelimit-{part}-{what}": f"x-ratelimit-{part}-{what}-{span}"
        for what, span in (("requests", "day"), ("tokens", "minute"))
        for part in PARTS
    },
    # Together: https://docs.together.ai/docs/rate-limits
    "x-tokenlimit-limit": {
        "x-ratelimit-limit-requests": "x-ratelimit-limit",
        "x-ratelimit-remaining-requests": "x-ratelimit-remaining",
        "x-ratelimit-reset-requests": "x-ratelimit-reset",
        "x-ratelimit-limit-tokens": "x-tokenlimit-limit",
        "x-ratelimit-remaining-tokens": "x-tokenlimit-remaining",
    },
    # Replicate, in seconds: https://replicate.com/docs/topics/predictions/rate-limits
    "ratelimit-remaining": {
        "x-ratelimit-remaining-requests": "ratelimit-remaining",
        "x-ratelimit-reset-requests": "ratelimit-reset",
    },
}


def openai_limits(headers: Mapping[str, str], now: float) -> Mapping[str, str]:
    """The reply's headers with `x-ratelimit-*` beside what the provider said; the same object where it said nothing of
    the kind. `now` in Unix seconds."""
    telltale = next((name for name in TOLD if name in headers), None)
    if telltale is None:
        return headers
    told: dict[str, str] = {}
    for ours, theirs in TOLD[telltale].items():
        value = headers.get(theirs)
        if value is not None:
            told[ours] = _until(value, now) if "-reset-" in ours else value
    return {**told, **headers}


def _until(moment: str, now: float) -> str:
    """An RFC 3339 time, or seconds, as a duration such as `6m0s` or `120ms`; what is neither goes through as it is."""
    if SECONDS.match(moment):
        return _duration(float(moment))
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return _duration(max((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now, 0.0))


def _duration(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f}ms"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
