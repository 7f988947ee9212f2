"""Error replies: (status, body, what they come to)."""

from typing import Any

import orjson
import pytest

from tests.wires.support import NOW
from trunkline.wires.cohere import error

TRIAL = "You are using a Trial key, which is limited to {}. You can continue to use the Trial key for free."

# Name -> status, message, error_type, class, code.
ROWS: dict[str, tuple[int, str, str | None, str, str | None]] = {
    "a wrong key": (401, "invalid api token", None, "auth", None),
    "no key": (401, "no api key supplied", None, "auth", None),
    "an unpaid bill": (402, "please add or update your payment method", None, "quota", None),
    "a model that is not there": (404, "model 'x' not found, make sure ...", None, "not_found", None),
    "a bad request": (
        400,
        "invalid request: tool names can only contain certain characters",
        None,
        "invalid_request",
        None,
    ),
    "a bad body": (422, "invalid type: parameter temperature", None, "invalid_request", None),
    "with a type of error": (400, "no", "INVALID_REQUEST", "invalid_request", "INVALID_REQUEST"),
    "too long a prompt": (
        400,
        "too many tokens: size limit exceeded by 11326 tokens. The limit for this model is 288000 tokens.",
        "TOO_MANY_TOKENS",
        "context_window",
        "TOO_MANY_TOKENS",
    ),
    "too long in other words": (
        400,
        "the prompt exceeds what fits",
        "TOO_MANY_TOKENS",
        "context_window",
        "TOO_MANY_TOKENS",
    ),
    "too long without a type": (
        400,
        "too many tokens: total number of tokens in the prompt",
        None,
        "context_window",
        None,
    ),
    "too high a limit": (
        400,
        "too many tokens: max tokens must be less than or equal to 4096, the maximum output length - received 8192.",
        "TOO_MANY_TOKENS",
        "invalid_request",
        "TOO_MANY_TOKENS",
    ),
    "too many calls": (429, TRIAL.format("40 API calls / minute"), None, "rate_limit", None),
    "too many tokens a minute": (
        429,
        "trial token rate limit exceeded, limit is 100000 tokens per minute",
        None,
        "rate_limit",
        None,
    ),
    "a month that is over": (429, TRIAL.format("1000 API calls / month"), None, "quota", None),
    "a word on a list": (498, "blocked input", None, "content_filter", None),
    "cancelled": (499, "request cancelled", None, "server_error", None),
    "an error": (500, "internal server error", None, "server_error", None),
    "not made yet": (501, "not implemented", None, "server_error", None),
    "overloaded": (503, "overloaded", None, "overloaded", None),
    "too late": (504, "timed out", None, "timeout", None),
}


@pytest.mark.parametrize(("status", "message", "kind", "wanted", "code"), ROWS.values(), ids=ROWS)
def test_errors(status: int, message: str, kind: str | None, wanted: str, code: str | None) -> None:
    body: Any = {"id": "1", "message": message, **({"error_type": kind} if kind else {})}
    failure = error(status, {}, orjson.dumps(body), NOW)
    assert (failure.kind, failure.words, failure.status, failure.code) == (wanted, message, status, code)


def test_a_wrong_key_parks_it_and_a_wait_is_kept() -> None:
    assert error(401, {}, b'{"message": "invalid api token"}', NOW).parks
    assert error(429, {"retry-after": "7"}, b'{"message": "slow down"}', NOW).retry_after == 7


def test_what_is_no_json() -> None:
    failure = error(502, {}, b"bad gateway", NOW)
    assert (failure.kind, failure.words) == ("server_error", "bad gateway")
