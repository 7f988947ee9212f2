"""What a client is told: rows of (failure, attempts, status, code, should retry, retry after)."""

import pytest

from tests.pipeline.build import target
from trunkline.errors import Failure
from trunkline.pipeline.outcome import Redactor, in_stream, to_api_error

REDACTOR = Redactor(["canary-secret-value"])
WHERE = target("a/m")


@pytest.mark.parametrize(
    ("failure", "attempts", "status", "code", "should_retry", "wait"),
    [
        (Failure("rate_limit", "slow down", status=429, retry_after=2), 1, 429, "rate_limit_exceeded", None, 2),
        (Failure("rate_limit", "", status=429, retry_after=200), 2, 429, "rate_limit_exceeded", False, 120),
        (Failure("quota", "", status=429), 1, 429, "insufficient_quota", False, None),
        (Failure("overloaded", "", status=529), 1, 503, "upstream_overloaded", None, None),
        (Failure("timeout", ""), 1, 504, "upstream_timeout", None, None),
        (Failure("timeout", "", in_stream="deadline_exceeded"), 1, 504, "deadline_exceeded", None, None),
        (Failure("connection", ""), 1, 502, "connect_failed", None, None),
        (Failure("connection", ""), 3, 502, "connect_failed", False, None),
        (Failure("server_error", "", status=500), 1, 502, "upstream_error", None, None),
        (Failure("auth", "", status=401), 1, 502, "upstream_auth", False, None),
        (Failure("invalid_response", "", status=200), 1, 502, "invalid_response", None, None),
        (Failure("not_found", "", status=404), 1, 404, "model_not_found", False, None),
        (Failure("context_window", "", status=400), 1, 400, "context_length_exceeded", False, None),
        (Failure("content_filter", "", status=400), 1, 400, "content_filter", False, None),
        (Failure("invalid_request", "", status=422, code="bad_tool"), 1, 422, "bad_tool", False, None),
        (Failure("invalid_request", "", status=400), 1, 400, "invalid_request", False, None),
    ],
)
def test_outcome(
    failure: Failure, attempts: int, status: int, code: str, should_retry: bool | None, wait: float | None
) -> None:
    error = to_api_error(failure, WHERE, "smart", attempts, REDACTOR)
    assert (error.status, error.code, error.should_retry, error.retry_after) == (status, code, should_retry, wait)
    assert "a/m" in error.message
    assert "smart" in error.message
    assert error.error_class == failure.kind


@pytest.mark.parametrize(
    ("words", "cleaned"),
    [
        ("Incorrect API key provided: canary-secret-value.", "Incorrect API key provided: [key]."),
        ("key sk-proj-abcdef0123456789 is wrong", "key [key] is wrong"),
        ("Authorization: Bearer abcdef.ghi", "Authorization: [key]"),
        ("<html><body>Bad <b>gateway</b></body></html>", "Bad gateway"),
        ("two\r\nlines\x00", "two lines"),
        ("x" * 5000, "x" * 2048 + "…"),
        ("plain words stay", "plain words stay"),
    ],
)
def test_words_are_cleaned(words: str, cleaned: str) -> None:
    assert REDACTOR.clean(words) == cleaned


def test_in_a_stream_the_moment_decides_the_code() -> None:
    failure = Failure("connection", "cut", in_stream="upstream_stream_interrupted")
    error = in_stream(failure, WHERE, "smart", REDACTOR)
    assert (error.code, error.type) == ("upstream_stream_interrupted", "upstream_error")


@pytest.mark.parametrize(
    ("failure", "hint"),
    [
        (Failure("auth", "", status=401), "check A_KEY"),
        (Failure("quota", "", status=429), "billing"),
        (Failure("not_found", "", status=404), "check --live"),
        (Failure("not_found", "model 'llama3.2:1b' not found", status=404), "; `ollama pull llama3.2:1b` fetches it"),
        (Failure("context_window", "", status=400), "on: [context_window]"),
        (
            Failure(
                "invalid_request",
                '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
                status=400,
            ),
            "start it with --enable-auto-tool-choice",
        ),
    ],
)
def test_what_an_operator_can_do(failure: Failure, hint: str) -> None:
    where = target("a/m", key_source="A_KEY")
    assert hint in to_api_error(failure, where, "smart", 1, REDACTOR).message
