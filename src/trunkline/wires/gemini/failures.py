"""What an error says: https://ai.google.dev/gemini-api/docs/troubleshooting, https://google.aip.dev/193

Class by status, as everywhere; what Google says only in the details is added here.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from trunkline.errors import Failure, FailureClass
from trunkline.types import Json
from trunkline.wires import openai
from trunkline.wires.failures import LONGEST_WAIT, body_object, read_failure
from trunkline.wires.fields import as_object, as_objects, as_text

TOO_LONG = re.compile(
    r"token count .{0,60}exceeds|exceeds the maximum number of (input )?tokens|context (window|length)", re.I
)
# An account or a region, not the request: another provider may well serve it.
BARRED = re.compile(r"location is not supported|billing|not (?:been )?enabled", re.I)
SECONDS = re.compile(r"([0-9]+(?:\.[0-9]+)?)s\Z")


def error(status: int, headers: Mapping[str, str], body: bytes, now: float) -> Failure:
    """What a reply with an error status says; `now` in Unix seconds."""
    return _detailed(openai.error(status, headers, body, now), body_object(body))


def error_inside(body: Json) -> Failure:
    """The error of an event, or of a body that came with status 200."""
    return _detailed(read_failure(None, {}, body, 0.0), body)


def _detailed(failure: Failure, body: Json) -> Failure:
    told = as_object(body.get("error"))
    details = as_objects(told.get("details"))
    reason, status = _first(details, "ErrorInfo", "reason"), told.get("status")
    failure.kind = _kind(failure, reason, status, details)
    failure.code = reason or as_text(status) or failure.code
    failure.param = failure.param or next(_listed(details, "fieldViolations", "field"), None)
    failure.parks = failure.parks or (failure.kind == "auth" and "KEY" in (reason or ""))
    wait = _seconds(_first(details, "RetryInfo", "retryDelay")) or failure.retry_after
    failure.retry_after = None if failure.kind == "quota" else wait
    return failure


def _kind(failure: Failure, reason: str | None, status: Any, details: list[Json]) -> FailureClass:
    kind = failure.kind
    if kind == "rate_limit" and any("PerDay" in quota for quota in _listed(details, "violations", "quotaId")):
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


def _first(details: list[Json], kind: str, name: str) -> str | None:
    found = (one.get(name) for one in details if str(one.get("@type", "")).endswith(f".{kind}"))
    return next((value for value in found if isinstance(value, str) and value), None)


def _listed(details: list[Json], name: str, field: str) -> Iterator[str]:
    for one in details:
        yield from (text for entry in as_objects(one.get(name)) if (text := as_text(entry.get(field))))


def _seconds(delay: str | None) -> float | None:
    match = SECONDS.match(delay or "")
    return min(float(match[1]), LONGEST_WAIT) or None if match else None
