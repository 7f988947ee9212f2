"""Rate limits that a provider tells under its own names, in OpenAI's form: counts, and a duration until they reset."""

from collections.abc import Mapping
from datetime import UTC, datetime

# OpenAI's word for what is counted -> Anthropic's, the narrower of its token limits being told as `tokens`:
# https://docs.claude.com/en/api/rate-limits#response-headers
COUNTED = {"requests": "requests", "tokens": "tokens"}
PREFIX = "anthropic-ratelimit-"
TELLTALE = PREFIX + "requests-limit"


def openai_limits(headers: Mapping[str, str], now: float) -> Mapping[str, str]:
    """The reply's headers with `x-ratelimit-*` beside what the provider said; the same object where it said nothing of
    the kind. `now` in Unix seconds."""
    if TELLTALE not in headers:
        return headers
    told: dict[str, str] = {}
    for ours, theirs in COUNTED.items():
        for part in ("limit", "remaining", "reset"):
            value = headers.get(f"{PREFIX}{theirs}-{part}")
            if value is not None:
                told[f"x-ratelimit-{part}-{ours}"] = _until(value, now) if part == "reset" else value
    return {**headers, **told}


def _until(moment: str, now: float) -> str:
    """An RFC 3339 time as a duration such as `6m0s` or `120ms`; what is no time goes through as it is."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    seconds = max((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now, 0.0)
    if seconds < 1:
        return f"{seconds * 1000:.0f}ms"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"
