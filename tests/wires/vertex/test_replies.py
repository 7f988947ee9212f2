"""Each family's answers, whole and as a stream, and errors in either's words."""

from typing import Any

import orjson
import pytest

from tests.wires.anthropic.support import MESSAGE_STOP, TEXT, delta, message_delta, message_start, start, stop
from tests.wires.gemini.support import said
from tests.wires.gemini.support import sse as gemini_sse
from tests.wires.support import JSON, NOW, SSE, as_client, call, sse
from tests.wires.support import sse as anthropic_sse
from tests.wires.vertex.support import CLAUDE, GEMINI, OPEN, read
from trunkline.hub.completion import fold
from trunkline.types import Json
from trunkline.wires import vertex

MESSAGE: Json = {
    "id": "msg_vrtx_1",
    "type": "message",
    "role": "assistant",
    "model": "claude-x",
    "content": [{"type": "text", "text": "hi"}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 1, "output_tokens": 2},
}
COMPLETION: Json = {
    "id": "1",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "hi"}, "finish_reason": "stop"}],
}
COUNTED = {"usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 2, "trafficType": "ON_DEMAND"}}
STORY = [message_start(), start(0, TEXT), delta(0, type="text_delta", text="hi"), stop(0), message_delta("end_turn")]
CHUNK: Json = {"choices": [{"index": 0, "delta": {"content": "hi"}, "finish_reason": "stop"}]}

WHOLE: dict[str, tuple[str, Json]] = {
    "Google's": (GEMINI, {**said({"text": "hi"}), **COUNTED}),
    "Anthropic's": (CLAUDE, MESSAGE),
    "others'": (OPEN, COMPLETION),
}
STREAMS: dict[str, tuple[str, bytes]] = {
    "Google's": (GEMINI, gemini_sse({**said({"text": "hi"}), **COUNTED})),
    "Anthropic's": (CLAUDE, anthropic_sse(*STORY, MESSAGE_STOP)),
    "others'": (OPEN, sse(CHUNK, b"[DONE]")),
}


@pytest.mark.parametrize(("model", "answer"), WHOLE.values(), ids=WHOLE)
def test_a_whole_answer(model: str, answer: Json) -> None:
    outcome = read(call(), JSON, [orjson.dumps(answer)], model)
    assert outcome.failed is None
    (choice,) = outcome.events[0]["choices"]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("hi", "stop")


@pytest.mark.parametrize("asked_as_stream", [True, False], ids=["stream", "whole"])
@pytest.mark.parametrize(("model", "data"), STREAMS.values(), ids=STREAMS)
def test_a_stream(model: str, data: bytes, asked_as_stream: bool) -> None:
    """A long answer of Claude's comes as a stream, whoever asked."""
    outcome = read(call(stream=asked_as_stream), SSE, [data], model)
    assert outcome.failed is None
    answer = fold(as_client(outcome.events), None) if asked_as_stream else outcome.events[0]
    (choice,) = answer["choices"]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("hi", "stop")


def google(code: int, status: str, message: str = "m", **details: Any) -> Json:
    return {"error": {"code": code, "message": message, "status": status, **details}}


def anthropic(kind: str, message: str = "m") -> Json:
    return {"type": "error", "error": {"type": kind, "message": message}}


RETRY = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "23s"}
# Status, body -> class, words, seconds to wait.
ERRORS: dict[str, tuple[int, Any, str, str, float | None]] = {
    "Google's": (429, google(429, "RESOURCE_EXHAUSTED", details=[RETRY]), "rate_limit", "m", 23.0),
    "Google's in a list": (503, [google(503, "UNAVAILABLE")], "overloaded", "m", None),
    "an unknown model": (404, google(404, "NOT_FOUND"), "not_found", "m", None),
    "no such right": (403, google(403, "PERMISSION_DENIED"), "auth", "m", None),
    "Google's, too long": (
        400,
        google(400, "INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens allowed (8)."),
        "context_window",
        "The input token count (9) exceeds the maximum number of tokens allowed (8).",
        None,
    ),
    "Anthropic's": (529, anthropic("overloaded_error"), "overloaded", "m", None),
    "Anthropic's, too long": (
        400,
        anthropic("invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"),
        "context_window",
        "prompt is too long: 9 tokens > 8 maximum",
        None,
    ),
    "a page": (404, b"<html>Error 404</html>", "not_found", "HTTP status 404 with an HTML page", None),
    "nothing": (500, b"", "server_error", "HTTP status 500", None),
}


@pytest.mark.parametrize(("status", "body", "kind", "words", "wait"), ERRORS.values(), ids=ERRORS)
def test_errors(status: int, body: Any, kind: str, words: str, wait: float | None) -> None:
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    failure = vertex.error(status, {}, data, NOW)
    assert (failure.kind, failure.words, failure.retry_after) == (kind, words, wait)


def test_an_error_inside_a_stream() -> None:
    outcome = read(call(stream=True), SSE, [gemini_sse(google(503, "UNAVAILABLE", "busy"))])
    assert outcome.failed == ("overloaded", "busy", "UNAVAILABLE")
