"""Error replies: (status, error, what it means)."""

from typing import Any

import orjson
import pytest

from tests.wires.support import NOW
from trunkline.types import Json
from trunkline.wires import gemini

KEY = "API key not valid. Please pass a valid API key."


def detail(kind: str, **fields: Any) -> Json:
    return {"@type": f"type.googleapis.com/google.rpc.{kind}", **fields}


def reason(name: str) -> Json:
    return detail("ErrorInfo", reason=name, domain="googleapis.com")


def quota(name: str) -> Json:
    return detail("QuotaFailure", violations=[{"quotaMetric": "m", "quotaId": name}])


WAIT = detail("RetryInfo", retryDelay="23.5s")
FREE = "GenerateRequestsPerDayPerProjectPerModel-FreeTier"
MINUTE = "GenerateContentInputTokensPerModelPerMinute-FreeTier"
BAD, SPENT = "INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"

# HTTP status, Google's, words, details -> class, code, seconds to stay away, whether the target is parked.
ROWS: dict[str, tuple[int, str, str, list[Any], tuple[Any, ...]]] = {
    "bad request": (400, BAD, "m", [], ("invalid_request", BAD, None, False)),
    "a wrong key": (400, BAD, KEY, [reason("API_KEY_INVALID")], ("auth", "API_KEY_INVALID", None, True)),
    "an expired key": (400, BAD, "API key expired.", [reason("API_KEY_INVALID")],
                       ("auth", "API_KEY_INVALID", None, True)),
    "too long": (400, BAD, "The input token count (9) exceeds the maximum number of tokens allowed (8).", [],
                 ("context_window", BAD, None, False)),
    "too long, in other words": (400, BAD, "The input token count exceeds the maximum of 8.", [],
                                 ("context_window", BAD, None, False)),
    "a region": (400, "FAILED_PRECONDITION", "User location is not supported for the API use.", [],
                 ("auth", "FAILED_PRECONDITION", None, False)),
    "another precondition": (400, "FAILED_PRECONDITION", "The file is not active.", [],
                             ("invalid_request", "FAILED_PRECONDITION", None, False)),
    "no key": (401, "UNAUTHENTICATED", "m", [], ("auth", "UNAUTHENTICATED", None, True)),
    "permission": (403, "PERMISSION_DENIED", "m", [], ("auth", "PERMISSION_DENIED", None, False)),
    "a service that is off": (403, "PERMISSION_DENIED", "m", [reason("SERVICE_DISABLED")],
                              ("auth", "SERVICE_DISABLED", None, False)),
    "a key that may not": (403, "PERMISSION_DENIED", "m", [reason("API_KEY_SERVICE_BLOCKED")],
                           ("auth", "API_KEY_SERVICE_BLOCKED", None, True)),
    "no model": (404, "NOT_FOUND", "models/x is not found", [], ("not_found", "NOT_FOUND", None, False)),
    "rate": (429, SPENT, "m", [quota(MINUTE), WAIT], ("rate_limit", SPENT, 23.5, False)),
    "rate without a word": (429, SPENT, "m", [], ("rate_limit", SPENT, None, False)),
    "for today": (429, SPENT, "m", [quota(FREE), WAIT], ("quota", SPENT, None, False)),
    "for this minute and today": (429, SPENT, "m", [quota(MINUTE), quota(FREE)], ("quota", SPENT, None, False)),
    "a wait of an hour": (429, SPENT, "m", [detail("RetryInfo", retryDelay="3600s")],
                          ("rate_limit", SPENT, 300.0, False)),
    "a wait that is none": (429, SPENT, "m", [detail("RetryInfo", retryDelay="soon")],
                            ("rate_limit", SPENT, None, False)),
    "details that are none": (429, SPENT, "m", [None, {"violations": [1]}, "x"], ("rate_limit", SPENT, None, False)),
    "cancelled": (499, "CANCELLED", "m", [], ("server_error", "CANCELLED", None, False)),
    "internal": (500, "INTERNAL", "m", [], ("server_error", "INTERNAL", None, False)),
    "overloaded": (503, "UNAVAILABLE", "m", [], ("overloaded", "UNAVAILABLE", None, False)),
    "deadline": (504, "DEADLINE_EXCEEDED", "m", [], ("timeout", "DEADLINE_EXCEEDED", None, False)),
}  # fmt: skip


def body(status: int, name: str, message: str, details: list[Any]) -> Json:
    return {"error": {"code": status, "message": message, "status": name, "details": details}}


@pytest.mark.parametrize(("status", "name", "message", "details", "wanted"), ROWS.values(), ids=ROWS)
@pytest.mark.parametrize("listed", [False, True], ids=["an object", "in a list"])
def test_an_error(
    status: int, name: str, message: str, details: list[Any], wanted: tuple[Any, ...], listed: bool
) -> None:
    told = body(status, name, message, details)
    failure = gemini.error(status, {}, orjson.dumps([told] if listed else told), NOW)
    assert (failure.kind, failure.code, failure.retry_after, failure.parks) == wanted
    assert (failure.words, failure.status) == (message, status)


def test_the_field_to_blame() -> None:
    violations = [{"field": "contents[0].parts", "description": "d"}]
    told = body(400, BAD, "m", [detail("BadRequest", fieldViolations=violations)])
    assert gemini.error(400, {}, orjson.dumps(told), NOW).param == "contents[0].parts"


def test_a_header_says_it_where_the_body_does_not() -> None:
    failure = gemini.error(429, {"retry-after": "7"}, orjson.dumps(body(429, SPENT, "m", [])), NOW)
    assert failure.retry_after == 7


PAGES = {
    "a page": (502, b"<html>", "invalid_response"),
    "nothing": (503, b"", "overloaded"),
    "text": (500, b"oops", "server_error"),
    "an empty list": (400, b"[]", "invalid_request"),
}


@pytest.mark.parametrize(("status", "given", "kind"), PAGES.values(), ids=PAGES)
def test_a_body_of_another_kind(status: int, given: bytes, kind: str) -> None:
    failure = gemini.error(status, {}, given, NOW)
    assert (failure.kind, "<" in failure.words) == (kind, False)


def test_its_code_in_a_stream_follows_its_class() -> None:
    told = body(400, BAD, KEY, [reason("API_KEY_INVALID")])
    assert gemini.error(400, {}, orjson.dumps(told), NOW).in_stream == "upstream_auth"
