"""Errors with status 200: in a stream, or as the whole body (faults rows 30 and 44), of every shape."""

from typing import Any

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.hub.upstream import ROLE, STOP, choice, chunk, text
from tests.wires.support import DONE, JSON, SSE, Outcome, call, read, reader, sse

GROQ = {
    "error": {"message": "no tokens", "type": "invalid_request_error", "code": "tool_use_failed", "status_code": 400}
}
OPENROUTER = {
    **chunk(choice({"content": ""}, "error")),
    "error": {"code": 502, "message": "Provider disconnected", "metadata": {}},
}

# data of an event, or the whole of an event that begins with "event:", or a whole JSON body with status 200
ERRORS: dict[str, tuple[Any, tuple[str, str, str | None]]] = {
    "OpenAI": (
        {"error": {"message": "m", "type": "server_error", "param": None, "code": None}},
        ("server_error", "m", None),
    ),
    "by code": (
        {"error": {"message": "m", "type": "requests", "code": "rate_limit_exceeded"}},
        ("rate_limit", "m", "rate_limit_exceeded"),
    ),
    "by type": ({"error": {"message": "m", "type": "overloaded_error"}}, ("overloaded", "m", None)),
    "by a status in its code": ({"error": {"message": "m", "code": 429}}, ("rate_limit", "m", "429")),
    "by a status in text": ({"error": {"message": "m", "code": "503"}}, ("overloaded", "m", "503")),
    "by its status": ({"error": {"message": "m", "status": 404}}, ("not_found", "m", None)),
    "by its status_code": (GROQ, ("invalid_request", "no tokens", "tool_use_failed")),
    "OpenRouter": (OPENROUTER, ("server_error", "Provider disconnected", "502")),
    "Google": (
        {"error": {"code": 429, "message": "m", "status": "RESOURCE_EXHAUSTED", "details": []}},
        ("rate_limit", "m", "429"),
    ),
    "Google, in a list": ([{"error": {"code": 429, "message": "m"}}], ("rate_limit", "m", "429")),
    "nested": ({"error": {"error": {"message": "m", "type": "server_error"}}}, ("server_error", "m", None)),
    "text": ({"error": "m"}, ("server_error", "m", None)),
    "text and code": ({"code": "quota", "error": "m"}, ("server_error", "m", "quota")),
    "text and status": ({"error": "m", "code": 429}, ("rate_limit", "m", "429")),
    "quota": ({"error": {"message": "m", "code": "insufficient_quota"}}, ("quota", "m", "insufficient_quota")),
    "context": (
        {"error": {"message": "m", "code": "context_length_exceeded"}},
        ("context_window", "m", "context_length_exceeded"),
    ),
    "context by its words": (
        {"error": {"message": "This model's maximum context length is 8 tokens", "type": "invalid_request_error"}},
        ("context_window", "This model's maximum context length is 8 tokens", None),
    ),
    "filtered": ({"error": {"message": "m", "code": "content_filter"}}, ("content_filter", "m", "content_filter")),
    "unknown": ({"error": {"message": "m", "code": "brand_new"}}, ("server_error", "m", "brand_new")),
    "no words": ({"error": {"code": "timeout"}}, ("timeout", "an error without words", "timeout")),
    "true": ({"error": True}, ("server_error", "True", None)),
    "code of odd digits": ({"error": {"message": "m", "code": "²"}}, ("server_error", "m", "²")),
    "code of many digits": ({"error": {"message": "m", "code": "9" * 5000}}, ("server_error", "m", "9" * 5000)),
}


@pytest.mark.parametrize(("error", "failed"), ERRORS.values(), ids=ERRORS)
def test_rows_30_and_44_an_error_in_a_stream(error: Any, failed: tuple[str, str, str | None]) -> None:
    """What came before it is told; what comes after it is not."""
    for event in (sse(error), b"event: error\n" + sse(error)):
        body = sse(ROLE, text("a")) + event + sse(STOP) + DONE
        assert in_all_ways(reader(call(stream=True), SSE), body) == Outcome([ROLE, text("a")], failed)
        unended = event.removesuffix(b"\n\n")
        assert read(call(stream=True), SSE, [unended]) == Outcome([], failed)
        assert in_all_ways(reader(call(), SSE), body) == Outcome([], failed)


@pytest.mark.parametrize("stream", [False, True], ids=["unary", "stream"])
@pytest.mark.parametrize(("error", "failed"), ERRORS.values(), ids=ERRORS)
def test_row_30_an_error_with_status_200(error: Any, failed: tuple[str, str, str | None], stream: bool) -> None:
    body = orjson.dumps(error)
    assert read(call(stream=stream), JSON, [body]) == Outcome([], failed)
    assert read(call("embeddings"), JSON, [body]) == Outcome([], failed)


EVENTS_NAMED_ERROR: dict[str, tuple[bytes, tuple[str, str, str | None]]] = {
    "flat": (b'{"type": "error", "code": "timeout", "message": "m"}', ("timeout", "m", "timeout")),
    "message alone": (b'{"message": "m"}', ("server_error", "m", None)),
    "Anthropic": (
        b'{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}',
        ("overloaded", "Overloaded", None),
    ),
    "plain text": (b"upstream died", ("server_error", "upstream died", None)),
    "not UTF-8": (b"m\xff", ("server_error", "m\ufffd", None)),
}


@pytest.mark.parametrize(("data", "failed"), EVENTS_NAMED_ERROR.values(), ids=EVENTS_NAMED_ERROR)
def test_an_event_named_error_is_one(data: bytes, failed: tuple[str, str, str | None]) -> None:
    body = sse(ROLE) + b"event: error\n" + sse(data) + sse(STOP)
    assert in_all_ways(reader(call(stream=True), SSE), body) == Outcome([ROLE], failed)
