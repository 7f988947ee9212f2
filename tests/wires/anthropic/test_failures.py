"""Error replies: (status, headers, body, what it means)."""

from typing import Any

import orjson
import pytest

from tests.wires.support import NOW
from trunkline.wires import anthropic

INVALID = "invalid_request_error"

# Status, headers, type, message -> class, seconds to stay away, whether the target is parked.
ROWS: dict[str, tuple[int, dict[str, str], str, str, tuple[Any, ...]]] = {
    "bad request": (400, {}, INVALID, "max_tokens: 9 > cap 8", ("invalid_request", None, False)),
    "prompt too long": (400, {}, INVALID, "prompt is too long: 9 tokens > 8 maximum", ("context_window", None, False)),
    "input and limit": (
        400,
        {},
        INVALID,
        "input length and `max_tokens` exceed context limit: 9 + 9 > 8",
        ("context_window", None, False),
    ),
    "filtered": (400, {}, INVALID, "Output blocked by content filtering policy", ("content_filter", None, False)),
    "low credit": (400, {}, INVALID, "Your credit balance is too low to access the API", ("quota", None, False)),
    "own limit": (400, {}, INVALID, "You have reached your specified API usage limits.", ("quota", None, False)),
    "key": (401, {}, "authentication_error", "invalid x-api-key", ("auth", None, True)),
    "billing": (402, {}, "billing_error", "m", ("quota", None, False)),
    "permission": (403, {}, "permission_error", "m", ("auth", None, False)),
    "model": (404, {}, "not_found_error", "model: x", ("not_found", None, False)),
    "conflict": (409, {}, "conflict_error", "m", ("server_error", None, False)),
    "too large": (413, {}, "request_too_large", "m", ("invalid_request", None, False)),
    "rate": (429, {"retry-after": "7"}, "rate_limit_error", "m", ("rate_limit", 7.0, False)),
    "rate without a time": (429, {}, "rate_limit_error", "m", ("rate_limit", None, False)),
    "spend limit": (429, {}, "rate_limit_error", "enforced_spend_limit_reached", ("quota", None, False)),
    "spend cap": (429, {"x-should-retry": "false"}, "rate_limit_error", "m", ("quota", None, False)),
    "api": (500, {}, "api_error", "m", ("server_error", None, False)),
    "timeout": (504, {}, "timeout_error", "m", ("timeout", None, False)),
    "overloaded": (529, {"retry-after-ms": "500"}, "overloaded_error", "m", ("overloaded", 0.5, False)),
}


@pytest.mark.parametrize(("status", "headers", "kind", "message", "wanted"), ROWS.values(), ids=ROWS)
def test_an_error(status: int, headers: dict[str, str], kind: str, message: str, wanted: tuple[Any, ...]) -> None:
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    failure = anthropic.error(status, headers, orjson.dumps(body), NOW)
    assert (failure.kind, failure.retry_after, failure.parks) == wanted
    assert (failure.words, failure.status) == (message, status)


PAGES = {
    "a page of the CDN": (413, b"<html>too large</html>", "invalid_request"),
    "a page of a proxy": (502, b"<html>", "invalid_response"),
    "nothing": (529, b"", "overloaded"),
    "text": (500, b"oops", "server_error"),
    "an error that is text": (500, b'{"error": "oops"}', "server_error"),
}


@pytest.mark.parametrize(("status", "body", "kind"), PAGES.values(), ids=PAGES)
def test_a_body_of_another_kind(status: int, body: bytes, kind: str) -> None:
    failure = anthropic.error(status, {}, body, NOW)
    assert (failure.kind, "<" in failure.words) == (kind, False)


def test_its_code_in_a_stream_follows_its_class() -> None:
    body = orjson.dumps({"error": {"type": INVALID, "message": "prompt is too long"}})
    assert anthropic.error(400, {}, body, NOW).in_stream == "context_length_exceeded"
