"""What an error says: https://ai.google.dev/gemini-api/docs/troubleshooting, https://google.aip.dev/193

Class by status, as everywhere; what Google says only in the details is added here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from trunkline.errors import Failure, FailureClass
from trunkline.hub.text import read_json
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import LONGEST_WAIT, read_failure

TOO_LONG = re.compile(
    r"token count .{0,60}exceeds|exceeds the maximum number of (input )?tokens|context (window|length)", re.I
)
# An account or a region, not the request: another provider may well serve it.
BARRED = re.compile(r"location is not supported|billing|not (?:been )?enabled", re.I)
SECONDS = re.compile(r"([0-9]+(?:\.[0-9]+)?)s\Z")


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    return _detailed(openai.error(status, headers, body, now), _parsed(body))


def error_inside(body: Any) -> Failure:
    """The error of an event, or of a body that came with status 200."""
    return _detailed(read_failure(None, {}, body, 0.0), body)


def _parsed(body: bytes) -> Any:
    try:
        return read_json(body)
    except ValueError:
        return None


def _detailed(failure: Failure, body: Any) -> Failure:
    told = _error(body)
    details = list(_details(told))
    reason = _first(details, "ErrorInfo", "reason")
    status = told.get("status")
    kind = _kind(failure, reason, status, details)
    code = reason or (status if isinstance(status, str) and status else None)
    wait = None if kind == "quota" else _seconds(_first(details, "RetryInfo", "retryDelay"))
    return Failure(
        kind,
        failure.words,
        status=failure.status,
        code=code or failure.code,
        param=failure.param or _field(details),
        retry_after=None if kind == "quota" else wait or failure.retry_after,
        parks=failure.parks or (kind == "auth" and "KEY" in (reason or "")),
    )


def _kind(failure: Failure, reason: str | None, status: Any, details: list[Json]) -> FailureClass:
    kind = failure.kind
    if kind == "rate_limit" and any("PerDay" in quota for quota in _quotas(details)):
        return "quota"  # retryDelay is that of the minute, and it goes on failing until tomorrow
    if status == "CANCELLED":
        return "server_error"
    if kind != "invalid_request":
        return kind
    if reason and reason.startswith("API_KEY"):
        return "auth"  # a wrong key is a 400
    if status == "FAILED_PRECONDITION" and BARRED.search(failure.words):
        return "auth"
    return "context_window" if TOO_LONG.search(failure.words) else kind


def _error(body: Any) -> Json:
    """An answer without `alt=sse`, and every one of Vertex's streams, has its error in a list."""
    first = body[0] if isinstance(body, list) and body else body
    told = first.get("error") if isinstance(first, dict) else None
    return told if isinstance(told, dict) else {}


def _details(told: Json) -> Iterator[Json]:
    given = told.get("details")
    return (one for one in given if isinstance(one, dict)) if isinstance(given, list) else iter(())


def _first(details: list[Json], kind: str, name: str) -> str | None:
    found = (one.get(name) for one in details if str(one.get("@type", "")).endswith(f".{kind}"))
    return next((value for value in found if isinstance(value, str) and value), None)


def _listed(details: list[Json], name: str, field: str) -> Iterator[str]:
    for one in details:
        listed = one.get(name)
        for entry in listed if isinstance(listed, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get(field), str):
                yield entry[field]


def _quotas(details: list[Json]) -> Iterator[str]:
    return _listed(details, "violations", "quotaId")


def _field(details: list[Json]) -> str | None:
    return next(_listed(details, "fieldViolations", "field"), None)


def _seconds(delay: str | None) -> float | None:
    match = SECONDS.match(delay or "")
    return min(float(match[1]), LONGEST_WAIT) or None if match else None
