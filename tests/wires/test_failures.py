"""Error replies: (status, headers, body) -> class, words, code, param, wait, parked. Shapes are those of every
provider in the wire facts, section 20 of the OpenAI-compatible ones."""

from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY
from tests.wires.support import failure, openai
from trunkline.errors import CLASSES
from trunkline.wires.failures import read_error


@dataclass(frozen=True, slots=True)
class Row:
    status: int
    body: Any
    kind: str
    words: str = "m"
    code: str | None = None
    param: str | None = None
    parks: bool = False


SHAPES: dict[str, Row] = {
    "OpenAI": Row(
        400, openai("unsupported_value", param="messages[2].content"), "invalid_request", "m", "unsupported_value",
        "messages[2].content",
    ),
    "OpenAI, nulls": Row(400, openai(None, None), "invalid_request"),
    "OpenAI, code an integer": Row(400, openai(40001), "invalid_request", code="40001"),
    "OpenRouter": Row(402, {"error": {"code": 402, "message": "m", "metadata": {}}}, "quota", code="402"),
    "Google": Row(
        429, {"error": {"code": 429, "message": "m", "status": "RESOURCE_EXHAUSTED", "details": []}}, "rate_limit",
        code="429",
    ),
    "Google, in a list": Row(400, [{"error": {"code": 400, "message": "m"}}], "invalid_request", code="400"),
    "text": Row(401, {"error": "Unauthorized"}, "auth", "Unauthorized", parks=True),
    "xAI": Row(400, {"code": "Client specified an invalid argument", "error": "m"}, "invalid_request",
               code="Client specified an invalid argument"),
    "Cerebras": Row(
        429, {"message": "m", "type": "too_many_requests_error", "param": "quota", "code": "request_quota_exceeded"},
        "rate_limit", "m", "request_quota_exceeded", "quota",
    ),
    "old vLLM": Row(
        404, {"object": "error", "message": "m", "type": "NotFoundError", "param": None, "code": 404}, "not_found",
        code="404",
    ),
    "Cohere": Row(422, {"id": "x", "message": "m"}, "invalid_request"),
    "NVIDIA": Row(403, {"status": 403, "title": "Forbidden", "detail": "m"}, "auth"),
    "FastAPI": Row(422, {"detail": "m"}, "invalid_request"),
    "nested": Row(400, {"error": {"error": {"message": "m", "code": "c"}}}, "invalid_request", code="c"),
    "no words": Row(500, {"error": {}}, "server_error", "HTTP status 500"),
    "error null": Row(500, {"error": None}, "server_error", "HTTP status 500"),
    "error null beside a message": Row(500, {"error": None, "message": "m"}, "server_error"),
    "empty object": Row(500, {}, "server_error", "HTTP status 500"),
    "empty list": Row(500, [], "server_error", "HTTP status 500"),
    "null": Row(500, None, "server_error", "HTTP status 500"),
    "string": Row(500, "m", "server_error"),
    "empty body": Row(500, b"", "server_error", "HTTP status 500"),
    "plain text": Row(429, b"slow down", "rate_limit", "slow down"),
    "broken JSON": Row(400, b'{"error": "m', "invalid_request", '{"error": "m'),
    "not UTF-8": Row(400, b'{"error": "n\xe9"}', "invalid_request", "n\ufffd"),
    "padded": Row(400, b'\n \n{"error": "m"}\n', "invalid_request"),
    "code of odd digits": Row(400, openai("²"), "invalid_request", code="²"),
    "code of many digits": Row(400, openai("9" * 5000), "invalid_request", code="9" * 5000),
    "wrong types": Row(400, {"error": {"message": 7, "type": [], "code": True, "param": {}}}, "invalid_request", "7"),
}  # fmt: skip


@pytest.mark.parametrize("row", SHAPES.values(), ids=SHAPES)
def test_shapes(row: Row) -> None:
    read = failure(row.status, row.body)
    assert (read.kind, read.words, read.code, read.param) == (row.kind, row.words, row.code, row.param)
    assert (read.status, read.parks, read.retry_after, read.stale) == (row.status, row.parks, None, False)


def test_a_list_of_complaints_is_told() -> None:
    detail = [{"loc": ["body", "temperature"], "msg": "must be at most 2", "type": "less_than_equal"}]
    assert "must be at most 2" in failure(422, {"detail": detail}).words


PAGES: dict[str, tuple[bytes, dict[str, str]]] = {
    "by its type": (b"Bad gateway", {"content-type": "text/html; charset=utf-8"}),
    "by its looks": (b"\n <!DOCTYPE html><html><h1>nginx</h1></html>", {}),
    "both": (b"<html></html>", {"content-type": "text/html"}),
    "empty": (b"", {"content-type": "text/html"}),
}


@pytest.mark.parametrize(("body", "headers"), PAGES.values(), ids=PAGES)
@pytest.mark.parametrize(
    ("status", "kind"),
    [(500, "invalid_response"), (502, "invalid_response"), (520, "invalid_response"), (503, "overloaded"),
     (504, "timeout"), (401, "auth"), (404, "not_found"), (429, "rate_limit"), (400, "invalid_request")],
)  # fmt: skip
def test_row_29_a_page_says_no_more_than_its_status(
    body: bytes, headers: dict[str, str], status: int, kind: str
) -> None:
    read = failure(status, body, {**headers, "retry-after": "7"})
    assert (read.kind, read.status, read.code, read.retry_after) == (kind, status, None, 7.0)
    assert str(status) in read.words
    assert "nginx" not in read.words
    assert "<" not in read.words


@PROPERTY
@given(
    status=st.integers(300, 999),
    body=ANY_JSON.map(orjson.dumps) | st.binary(max_size=20) | st.builds(openai, ANY_JSON, ANY_JSON).map(orjson.dumps),
    headers=st.dictionaries(st.sampled_from(["retry-after", "retry-after-ms", "date", "content-type"]), st.text()),
)
def test_any_reply_is_some_failure(status: int, body: bytes, headers: dict[str, str]) -> None:
    read = failure(status, body, headers)
    assert read.kind in CLASSES
    assert read.words
    assert read.status == status
    assert read.retry_after is None or 0 < read.retry_after <= 300
    assert all(isinstance(value, str | None) for value in (read.code, read.param))


@PROPERTY
@given(ANY_JSON)
def test_any_payload_is_read(payload: Any) -> None:
    message, *texts, status = read_error(payload)
    assert isinstance(message, str)
    assert all(isinstance(text, str | None) for text in texts)
    assert status is None or 400 <= status <= 599
