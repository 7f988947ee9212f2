"""Errors: rows of (status and body, class)."""

from typing import Any

import orjson
import pytest

from tests.wires.ollama.support import NDJSON, lines, read
from tests.wires.support import NOW, call
from trunkline.wires import ollama

ROWS: dict[str, tuple[int, Any, str]] = {
    "no such model": (404, {"error": "model 'x' not found"}, "not_found"),
    "not pulled": (404, {"error": 'model "x" not found, try pulling it first'}, "not_found"),
    "cannot think": (400, {"error": '"x" does not support thinking'}, "invalid_request"),
    "cannot call": (400, {"error": "registry.ollama.ai/library/x does not support tools"}, "invalid_request"),
    "too long": (400, {"error": "prompt too long; exceeded max context length by 5 tokens"}, "context_window"),
    "too long, not truncated": (400, {"error": "the input length exceeds the context length"}, "context_window"),
    "wrong key": (401, {"error": "unauthorized"}, "auth"),
    "no cloud": (403, {"error": "ollama cloud is disabled"}, "auth"),
    "a plan's limit": (429, {"error": "you've reached your hourly usage limit, please wait or upgrade"}, "quota"),
    "its other words": (429, {"error": "you (a) have reached your weekly usage limit, upgrade for more"}, "quota"),
    "a rate limit": (429, {"error": "too many requests"}, "rate_limit"),
    "given up": (499, {"error": "request canceled"}, "server_error"),
    "out of memory": (500, {"error": "model requires more system memory (9 GiB) than is available"}, "server_error"),
    "the cloud is away": (502, {"error": "bad gateway"}, "server_error"),
    "full": (503, {"error": "server busy, please try again. maximum pending requests exceeded"}, "overloaded"),
    "no JSON": (500, b"oops", "server_error"),
    "a page": (502, b"<html>nginx</html>", "invalid_response"),
}  # fmt: skip


@pytest.mark.parametrize(("status", "body", "kind"), ROWS.values(), ids=ROWS)
def test_classes(status: int, body: Any, kind: str) -> None:
    failure = ollama.error(status, {}, body if isinstance(body, bytes) else orjson.dumps(body), NOW)
    assert (failure.kind, failure.status) == (kind, status)
    if isinstance(body, dict):
        assert failure.words == body["error"]


def test_a_model_of_the_cloud_does_not_park_the_others() -> None:
    """Nobody is signed in, which local models do not mind."""
    said = {"error": "unauthorized", "signin_url": "https://ollama.com/connect?name=x"}
    assert ollama.error(401, {}, orjson.dumps(said), NOW).parks is False
    assert ollama.error(401, {}, orjson.dumps({"error": "unauthorized"}), NOW).parks is True
    assert ollama.error(401, {}, b"{", NOW).parks is True


# Words -> class, of an error that came without a status.
INSIDE: dict[str, str] = {
    "server busy, please try again. maximum pending requests exceeded": "overloaded",
    "you've reached your session usage limit": "quota",
    "rate limit exceeded": "rate_limit",
    "model 'x' not found": "not_found",
    '"x" does not support thinking': "invalid_request",
    "the input length exceeds the context length": "context_window",
    "unauthorized": "auth",
    "llama runner process has terminated: exit status 2": "server_error",
}


@pytest.mark.parametrize(("words", "kind"), INSIDE.items(), ids=INSIDE)
def test_errors_inside_a_stream(words: str, kind: str) -> None:
    assert read(call(stream=True), NDJSON, [lines({"error": words})]).failed == (kind, words, None)
