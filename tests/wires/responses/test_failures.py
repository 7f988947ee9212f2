"""Errors: (status and body, or what stands in a reply, what it comes to)."""

from typing import Any

import orjson
import pytest

from tests.wires.responses.support import created, ended, read, response
from tests.wires.support import JSON, NOW, SSE, call, openai, sse
from trunkline.types import Json
from trunkline.wires import responses

STATUSES: dict[str, tuple[int, Json, tuple[str, str | None, str | None]]] = {
    "a value": (
        400,
        openai("unsupported_value", param="reasoning.effort"),
        ("invalid_request", "unsupported_value", "reasoning_effort"),
    ),
    "an item": (400, openai("x", param="input[2].call_id"), ("invalid_request", "x", "messages")),
    "a schema": (
        400,
        openai("invalid_json_schema", param="text.format.schema"),
        ("invalid_request", "invalid_json_schema", "response_format"),
    ),
    "the limit": (400, openai("x", param="max_output_tokens"), ("invalid_request", "x", "max_completion_tokens")),
    "verbosity": (400, openai("x", param="text.verbosity"), ("invalid_request", "x", "verbosity")),
    "a name of its own": (400, openai("x", param="truncation"), ("invalid_request", "x", "truncation")),
    "no model": (400, openai("model_not_found", param="model"), ("not_found", "model_not_found", "model")),
    "too long": (400, openai("context_length_exceeded"), ("context_window", "context_length_exceeded", None)),
    "a wrong key": (401, openai("invalid_api_key"), ("auth", "invalid_api_key", None)),
    "too often": (429, openai("rate_limit_exceeded"), ("rate_limit", "rate_limit_exceeded", None)),
    "a prompt that it will not answer": (400, openai("invalid_prompt"), ("content_filter", "invalid_prompt", None)),
    "an image that is none": (400, openai("invalid_image_format"), ("invalid_request", "invalid_image_format", None)),
    "a fault": (500, openai("server_error", kind="server_error"), ("server_error", "server_error", None)),
}


@pytest.mark.parametrize(("status", "body", "said"), STATUSES.values(), ids=STATUSES)
def test_statuses(status: int, body: Json, said: tuple[str, str | None, str | None]) -> None:
    failure = responses.error(status, {}, orjson.dumps(body), NOW)
    assert (failure.kind, failure.code, failure.param, failure.status) == (*said, status)


def test_a_failure_keeps_what_the_headers_say() -> None:
    failure = responses.error(429, {"retry-after": "7"}, orjson.dumps(openai("rate_limit_exceeded")), NOW)
    assert (failure.retry_after, failure.words, failure.in_stream) == (7, "m", "rate_limit_exceeded")
    assert responses.error(401, {}, orjson.dumps(openai("invalid_api_key")), NOW).parks


# What is wrong, as an event and as the error of a response -> class, words and code.
INSIDE: dict[str, tuple[Any, tuple[str, str, str | None]]] = {
    "a fault": ({"code": "server_error", "message": "m"}, ("server_error", "m", "server_error")),
    "too often": ({"code": "rate_limit_exceeded", "message": "m"}, ("rate_limit", "m", "rate_limit_exceeded")),
    "policy": ({"code": "bio_policy", "message": "m"}, ("content_filter", "m", "bio_policy")),
    "an image": (
        {"code": "failed_to_download_image", "message": "m"},
        ("invalid_request", "m", "failed_to_download_image"),
    ),
    "a search that took too long": (
        {"code": "vector_store_timeout", "message": "m"},
        ("timeout", "m", "vector_store_timeout"),
    ),
    "a code nobody knows": ({"code": "x", "message": "m"}, ("server_error", "m", "x")),
    "too long": (
        {"code": "x", "type": "invalid_request_error", "message": "exceeds the context window"},
        ("context_window", "exceeds the context window", "x"),
    ),
}


@pytest.mark.parametrize(("error", "failed"), INSIDE.values(), ids=INSIDE)
def test_errors_inside(error: Json, failed: tuple[str, str, str | None]) -> None:
    events = {
        "flat": {**error, "type": "error", "sequence_number": 3},
        "nested": {"type": "error", "error": error},
        "of the response": ended(status="failed", error=error),
    }
    for name, event in events.items():
        if name != "flat" or "type" not in error:
            assert read(call(stream=True), SSE, [sse(created(), event)]).failed == failed, name
    body = orjson.dumps(response(status="failed", error=error))
    assert read(call(), JSON, [body]).failed == failed
    assert read(call(stream=True), SSE, [b"data: " + orjson.dumps({"error": error}) + b"\n\n"]).failed == failed


NO_ANSWERS: dict[str, tuple[bytes, str, str]] = {
    "no JSON": (b"x", "invalid_response", "the answer is not valid JSON"),
    "no object": (b"[]", "invalid_response", "the answer is not a JSON object"),
    "no output": (
        orjson.dumps(response(output=None)),
        "invalid_response",
        "the answer has no output; its status is 'completed'",
    ),
    "not yet": (
        orjson.dumps(response(status="queued")),
        "invalid_response",
        "the answer has no output; its status is 'queued'",
    ),
    "never": (orjson.dumps(response(status="cancelled")), "server_error", "the provider ended its answer"),
    "an error of the API": (orjson.dumps(openai("model_not_found")), "not_found", "m"),
}


@pytest.mark.parametrize(("body", "kind", "words"), NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_no_answer(body: bytes, kind: str, words: str) -> None:
    failed = read(call(), JSON, [body]).failed
    assert failed is not None
    assert failed[:2] == (kind, words)


def test_a_page_is_no_answer() -> None:
    failed = read(call(), "text/html", [b"<html>"]).failed
    assert failed is not None
    assert failed[0] == "invalid_response"
    assert responses.error(502, {"content-type": "text/html"}, b"<html>", NOW).kind == "invalid_response"
