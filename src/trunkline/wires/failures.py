"""What an OpenAI-style error says, whatever its shape: class, words, and how long to stay away.

Classes by status first; the code and the words decide only where a status covers several.
"""

import math
import re
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import Any

from trunkline.errors import Failure, FailureClass
from trunkline.hub.text import read_json

LONGEST_WAIT = 300.0

BY_STATUS: dict[int, FailureClass] = {
    401: "auth",
    402: "quota",
    403: "auth",
    404: "not_found",
    408: "timeout",
    409: "server_error",
    410: "not_found",  # NVIDIA's retired models
    412: "quota",  # Fireworks: the account is suspended, or its monthly limit reached
    424: "server_error",
    429: "rate_limit",
    498: "overloaded",
    500: "server_error",
    502: "server_error",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}

# Codes and types that name a class, for errors inside a 200 or a stream and statuses that cover several.
BY_CODE: dict[str, FailureClass] = {
    "insufficient_quota": "quota",
    "billing_hard_limit_reached": "quota",
    "billing_not_active": "quota",
    "access_terminated": "auth",
    "invalid_api_key": "auth",
    "authentication_error": "auth",
    "permission_error": "auth",
    "rate_limit_exceeded": "rate_limit",
    "rate_limit_error": "rate_limit",
    "rate_limited": "rate_limit",
    "RateLimitReached": "rate_limit",
    "too_many_requests": "rate_limit",
    "overloaded": "overloaded",
    "overloaded_error": "overloaded",
    "server_overloaded": "overloaded",
    "engine_overloaded": "overloaded",
    "capacity_exceeded": "overloaded",
    "unavailable_error": "overloaded",
    "service_unavailable": "overloaded",
    "model_not_found": "not_found",
    "not_found_error": "not_found",
    "model_not_supported": "not_found",
    "model_decommissioned": "not_found",
    "unknown_model": "not_found",
    "unavailable_model": "not_found",
    "no_model_name": "not_found",
    "invalid_model": "not_found",
    "OperationNotSupported": "not_found",  # Azure: this deployment does not chat, another may
    "DeploymentNotFound": "not_found",
    "context_length_exceeded": "context_window",
    "exceed_context_size_error": "context_window",
    "too_many_prompt_tokens": "context_window",
    "content_filter": "content_filter",
    "content_policy_violation": "content_filter",
    "timeout": "timeout",
    "timeout_error": "timeout",
    "invalid_request_error": "invalid_request",
    "server_error": "server_error",
    "internal_error": "server_error",
}

FORBIDDEN = "permission_error"  # what a 403 says where there is no status
PARKING = re.compile(r"key|account|deployment|billing|access_terminated", re.I)
STATUS = re.compile(r"[45][0-9]{2}\Z")
# OpenAI, vLLM, Groq, llama.cpp, Perplexity, Together and Anthropic, each in its own words.
CONTEXT = re.compile(
    r"maximum context|context (length|window|size)|reduce the length of the messages|too_many_prompt_tokens"
    r"|max_new_tokens. exceed|`inputs` tokens|too many (input )?tokens|prompt is too long",
    re.I,
)

# xAI answers a wrong key with 400.
WRONG_KEY = re.compile(r"(incorrect|invalid) api key", re.I)
# OpenRouter's guardrail answers with 403.
FILTERED = re.compile(r"moderation|flagged", re.I)
# What names its class whatever the 4xx it comes under: Groq's 413 for a request beyond the rate limit, for one.
OVER_STATUS = frozenset({"context_window", "content_filter", "quota", "not_found", "auth", "rate_limit", "overloaded"})
# RunPod's worker wraps the status of the engine inside it.
WRAPPED = re.compile(r"returned HTTP ([45][0-9]{2})\b")


def read_failure(status: int | None, headers: Mapping[str, str], payload: Any, now: float) -> Failure:
    """From an error body of any shape; `status` None for an error inside a 200 or a stream, which may carry its own."""
    message, kind, code, param, inner = read_error(payload)
    wrapped = WRAPPED.search(message)
    inner = int(wrapped[1]) if wrapped else inner
    status = inner if status is None or wrapped else status
    name = _classify(status, kind, code, message)
    forbidden = status == 403 or (status is None and FORBIDDEN in (kind, code))
    return Failure(
        name,
        message or (f"HTTP status {status}" if status else "an error without words"),
        status=status,
        code=code,
        param=param,
        retry_after=retry_after(headers, now) or _loading(payload),
        parks=(name == "auth" and not forbidden) or ((forbidden or status == 404) and _parks(code)),
    )


def body_object(body: bytes) -> dict[str, Any]:
    """The body of an error, empty where it is no JSON object; Google puts it into a list."""
    try:
        said = read_json(body)
    except ValueError:
        return {}
    said = said[0] if isinstance(said, list) and said else said
    return said if isinstance(said, dict) else {}


def _parks(code: str | None) -> bool:
    return bool(code and PARKING.search(code))


def _classify(status: int | None, kind: str | None, code: str | None, message: str) -> FailureClass:
    named = BY_CODE.get(code or "") or BY_CODE.get(kind or "")
    if status is None:
        too_long = named == "invalid_request" and CONTEXT.search(message)
        return "context_window" if too_long else named or "server_error"
    if status == 429:
        return "quota" if named == "quota" else "rate_limit"
    if status == 403:
        return "content_filter" if FILTERED.search(message) else "context_window" if CONTEXT.search(message) else "auth"
    if status in BY_STATUS:
        return BY_STATUS[status]
    if status >= 500:
        return "server_error"
    if status < 400:
        return "invalid_response"
    if named in OVER_STATUS:
        return named
    if WRONG_KEY.search(message):
        return "auth"
    return "context_window" if CONTEXT.search(message) else "invalid_request"


def read_error(payload: Any) -> tuple[str, str | None, str | None, str | None, int | None]:
    """(message, type, code, param, status) from an object, a string, a list of objects, or a bare message."""
    if isinstance(payload, list):
        payload = payload[0] if payload else {}
    error = (payload.get("error") or payload) if isinstance(payload, dict) else payload
    if isinstance(error, dict) and isinstance(error.get("error"), dict):
        error = error["error"]
    if not isinstance(error, dict):
        outer = payload if isinstance(payload, dict) else {}
        return _words(error), _text(outer.get("type")), _text(outer.get("code")), None, _status(outer.get("code"))
    told = error.get("message") or error.get("detail") or error.get("msg")
    param = _text(error.get("param")) or _blamed(told)
    status = next(
        (s for s in map(_status, (error.get("status"), error.get("status_code"), error.get("code"))) if s), None
    )
    return _with_raw(_words(told), error), _text(error.get("type")), _text(error.get("code")), param, status


def _words(told: Any, depth: int = 4) -> str:
    """Text, or what a validator lists: `[{"loc": ["body", "seed"], "msg": "Extra inputs are not permitted"}]`."""
    if not depth:
        return ""
    if isinstance(told, list):
        return "; ".join(words for words in (_words(one, depth - 1) for one in told) if words)
    if not isinstance(told, dict):
        return str(told or "")
    inner = _words(told.get("detail") or told.get("message") or told.get("msg"), depth - 1)
    place = ".".join(str(step) for step in told["loc"]) if isinstance(told.get("loc"), list) else ""
    return f"{place}: {inner}" if place else inner


def _blamed(told: Any) -> str | None:
    """The parameter that a validator's first complaint is about."""
    while isinstance(told, dict) and "loc" not in told:
        told = told.get("detail")
    first = told[0] if isinstance(told, list) and told else told
    place = first.get("loc") if isinstance(first, dict) else None
    return _text(place[1]) if isinstance(place, list) and len(place) > 1 and place[0] == "body" else None


def _with_raw(message: str, error: dict[str, Any]) -> str:
    """OpenRouter's "Provider returned error", with the words of the provider behind it."""
    metadata = error.get("metadata")
    raw = metadata.get("raw") if isinstance(metadata, dict) else None
    return f"{message}: {raw}" if isinstance(raw, str) and raw and raw not in message else message


def _loading(payload: Any) -> float | None:
    """Hugging Face's guess of when a model is loaded, in seconds."""
    wait = payload.get("estimated_time") if isinstance(payload, dict) else None
    return min(float(wait), LONGEST_WAIT) if isinstance(wait, int | float) and wait > 0 else None


def _text(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) and value != "" else None


def _status(value: Any) -> int | None:
    if isinstance(value, str) and STATUS.match(value):
        value = int(value)
    return value if isinstance(value, int) and 400 <= value <= 599 else None


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to stay away: milliseconds before seconds before a date, at most LONGEST_WAIT; None where there is
    nothing readable. A date is taken by the provider's own clock where it sends one (faults row 16)."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name, "").strip()
        seconds = _number(value) if value else None
        if seconds is not None:
            return min(seconds * unit, LONGEST_WAIT) if seconds > 0 else None
    until = _date(headers.get("retry-after", ""))
    if until is None:
        return None
    wait = until - (_date(headers.get("date", "")) or now)
    return min(wait, LONGEST_WAIT) if wait > 0 else None


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return None if math.isnan(value) else value


def _date(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text) if text else None
        # An HTTP date is in GMT, also where it leaves that out (RFC 9110, 5.6.7).
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() if moment else None
    except (ValueError, OverflowError):
        return None
