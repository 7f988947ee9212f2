"""Errors: rows of (status and body, class), and of predictions that came to nothing."""

from typing import Any

import orjson
import pytest

from tests.wires.replicate.support import first, prediction, read
from tests.wires.support import NOW, call
from trunkline.pipeline.backoff import may_repeat
from trunkline.types import Json
from trunkline.wires import replicate
from trunkline.wires.replicate.failures import failure_of

ROWS: dict[str, tuple[int, Any, str]] = {
    "no token": (401, {"title": "Unauthenticated", "detail": "You did not pass a valid token", "status": 401}, "auth"),
    "no money": (402, {"title": "Insufficient credit", "detail": "You have insufficient credit"}, "quota"),
    "not yours": (403, {"detail": "You do not have permission"}, "auth"),
    "not there": (404, {"detail": "The requested resource could not be found."}, "not_found"),
    "no such version": (422, {"title": "Invalid version", "detail": "The version does not exist"}, "not_found"),
    "throttled": (429, {"detail": "Request was throttled. Your rate limit resets in ~30s."}, "rate_limit"),
    "down": (500, {"detail": "Internal server error"}, "server_error"),
    "full": (503, {"error": "try later"}, "overloaded"),
    "no JSON": (500, b"oops", "server_error"),
    "an input that is no JSON": (422, b"oops", "invalid_request"),
    "a page": (502, b"<html>nginx</html>", "invalid_response"),
}  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind"), ROWS.values(), ids=ROWS)
def test_classes(status: int, body: Any, kind: str) -> None:
    failure = replicate.error(status, {}, body if isinstance(body, bytes) else orjson.dumps(body), NOW)
    assert (failure.kind, failure.status) == (kind, status)
    if isinstance(body, dict):
        assert failure.words == body.get("detail", body.get("error"))


WAITS: dict[str, tuple[str, dict[str, str], float | None]] = {
    "in its words": ("Your rate limit resets in ~30s.", {}, 30.0),
    "in its words, without the tilde": ("Your rate limit resets in 1.5s.", {}, 1.5),
    "in a header": ("Your rate limit resets in ~30s.", {"retry-after": "2"}, 2.0),
    "for very long": ("Your rate limit resets in ~99999s.", {}, 300.0),
    "not at all": ("Your rate limit resets in ~0s.", {}, None),
    "nobody says": ("Request was throttled.", {}, None),
}


@pytest.mark.parametrize(("words", "headers", "seconds"), WAITS.values(), ids=WAITS)
def test_how_long_to_stay_away(words: str, headers: dict[str, str], seconds: float | None) -> None:
    assert replicate.error(429, headers, orjson.dumps({"detail": words}), NOW).retry_after == seconds


def test_an_input_that_the_model_does_not_take() -> None:
    fields = [{"type": "invalid", "field": "input.max_tokens", "description": "Must be greater than 0"}]
    said = {"title": "Input validation failed", "detail": "- input.max_tokens: wrong", "invalid_fields": fields}
    failure = replicate.error(422, {}, orjson.dumps(said), NOW)
    assert (failure.kind, failure.status, failure.param) == ("invalid_request", 422, "input.max_tokens")
    assert failure.words == "- input.max_tokens: wrong: input.max_tokens: Must be greater than 0"


@pytest.mark.parametrize("fields", [None, [], [1], [{}], {"a": 1}])
def test_an_input_that_is_wrong_somewhere(fields: Any) -> None:
    failure = replicate.error(422, {}, orjson.dumps({"detail": "no", "invalid_fields": fields}), NOW)
    assert (failure.kind, failure.words, failure.param) == ("invalid_request", "no", None)


FAILED: dict[str, tuple[Json, str, str]] = {
    "its own fault": (prediction("failed", error="CUDA out of memory"), "server_error", "CUDA out of memory"),
    "by a number": (prediction("failed", error="E001 boom"), "server_error", "E001 boom"),
    "filtered": (prediction("failed", error="NSFW content detected"), "content_filter", "NSFW content detected"),
    "flagged": (
        prediction("failed", error="The input or output was flagged as sensitive. (E005)"),
        "content_filter",
        "The input or output was flagged as sensitive. (E005)",
    ),
    "interrupted": (
        prediction("failed", error="Prediction interrupted; please retry (code: PA)"),
        "server_error",
        "Prediction interrupted; please retry (code: PA)",
    ),
    "too long": (prediction("failed", error="prompt is too long"), "context_window", "prompt is too long"),
    "without a word": (prediction("failed"), "server_error", "the prediction ended as failed, without a word"),
    "cancelled": (prediction("canceled"), "timeout", "the prediction was canceled before it was done"),
    "aborted": (prediction("aborted"), "timeout", "the prediction was aborted before it was done"),
    "over in a way nobody knows": (
        prediction("exploded", completed_at="2026-11-21T00:00:00Z"),
        "server_error",
        "the prediction ended as exploded, without a word",
    ),
    "an error instead": ({"detail": "no"}, "server_error", "no"),
}  # fmt: skip


@pytest.mark.parametrize(("said", "kind", "words"), FAILED.values(), ids=FAILED)
@pytest.mark.parametrize("stream", [False, True], ids=["unary", "stream"])
def test_predictions_that_came_to_nothing(said: Json, kind: str, words: str, stream: bool) -> None:
    assert read(first(call(stream=stream)), [orjson.dumps(said)]).outcome.failed == (kind, words, None)


def test_what_was_interrupted_may_be_tried_again() -> None:
    failures = [failure_of(FAILED[name][0]) for name in ("interrupted", "its own fault")]
    assert [failure and may_repeat(failure, last=True) for failure in failures] == [True, False]
