"""Faults D, rows 63 and 64: a request that cannot be served is told why, and disturbs nothing."""

import gzip
import json
from typing import Any

import pytest

from tests.kit.answer import Answer
from tests.kit.client import Client, authorization, post_chat, request_bytes
from tests.kit.expect import is_error, is_good
from tests.kit.lanes import Lane

CHAT = "/v1/chat/completions"
MAX_BODY = 256 * 1024


def _valid(lane: Lane, **rest: Any) -> bytes:
    return json.dumps(lane.body("ab", **rest)).encode()


def _nested(lane: Lane, depth: int) -> bytes:
    """A chat request `depth` levels deep; parameters of a tool are the fifth."""
    inner = b'{"a":' * (depth - 5) + b"{}" + b"}" * (depth - 5)
    tool = b'{"type":"function","function":{"name":"f","parameters":' + inner + b"}}"
    return _valid(lane)[:-1] + b', "tools": [' + tool + b"]}"


def _ask(lane: Lane, body: bytes, **headers: str) -> Answer:
    return post_chat(lane.server, body, {name.replace("_", "-"): value for name, value in headers.items()})


NOT_JSON = {
    "no-json": b"{nope",
    "empty-object-cut": b"{",
    "nan": b'{"model": "ab-0", "messages": [], "temperature": NaN}',
    "infinity": b'{"model": "ab-0", "messages": [], "temperature": 1e999}',
    "invalid-utf8": b'{"model": "\xff\xfe"}',
    "lone-surrogate": b'{"model": "\\ud800"}',
    "two-values": b"{}{}",
    "form": b"model=ab-0&messages=hi",
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON)
def test_row_63_not_json(lane: Lane, body: bytes) -> None:
    answer = _ask(lane, body)
    is_error(answer, 400, "invalid_json", "invalid_request_error")
    assert answer.headers["x-should-retry"] == "false"
    assert answer.attempts == []


def test_row_63_byte_order_mark(lane: Lane) -> None:
    is_error(_ask(lane, b"\xef\xbb\xbf" + _valid(lane)), 400, "invalid_json", "invalid_request_error")
    assert lane.a.requests == []


@pytest.mark.parametrize("body", [b"[]", b"null", b'"hi"', b"7"], ids=["list", "null", "string", "number"])
def test_row_63_not_an_object(lane: Lane, body: bytes) -> None:
    answer = _ask(lane, body)
    assert answer.error["code"] in ("invalid_json", "invalid_request")
    is_error(answer, 400, answer.error["code"], "invalid_request_error")


def test_row_63_no_body_at_all(lane: Lane) -> None:
    with Client(lane.server.port) as client:
        fields = {"content-type": "application/json", "content-length": "0", **authorization(lane.server)}
        client.request("POST", CHAT, headers=fields)
        is_error(client.read(), 400, "invalid_json", "invalid_request_error")


def test_row_63_of_duplicate_keys_the_last_wins(lane: Lane) -> None:
    answer = _ask(lane, b'{"model": "no-such-model", ' + _valid(lane)[1:])
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])
    assert lane.a.requests[0].body.count(b'"model"') == 1


def test_row_63_deep_but_not_too_deep(lane: Lane) -> None:
    answer = _ask(lane, _nested(lane, 100))
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])


@pytest.mark.parametrize("depth", [129, 255, 1025, 20_000])
def test_row_63_too_deep(lane: Lane, depth: int) -> None:
    answer = _ask(lane, _nested(lane, depth))
    assert answer.error["code"] in ("invalid_json", "invalid_request")
    is_error(answer, 400, answer.error["code"], "invalid_request_error")
    assert lane.a.requests == []


def test_row_63_too_large(lane: Lane) -> None:
    answer = _ask(lane, _valid(lane, user="x" * MAX_BODY))
    is_error(answer, 413, "body_too_large", "invalid_request_error")
    assert lane.a.requests == []


def test_row_63_too_large_is_known_from_its_length(lane: Lane) -> None:
    with Client(lane.server.port) as client:
        fields = {"content-type": "application/json", "content-length": "99999999999", **authorization(lane.server)}
        client.request("POST", CHAT, headers=fields)
        is_error(client.read(), 413, "body_too_large", "invalid_request_error")


@pytest.mark.parametrize("ends", [False, True], ids=["endless", "whole"])
def test_row_63_too_large_in_chunks(lane: Lane, ends: bool) -> None:
    with Client(lane.server.port) as client:
        fields = {"content-type": "application/json", "transfer-encoding": "chunked", **authorization(lane.server)}
        client.request("POST", CHAT, headers=fields)
        piece = b"8000\r\n" + b" " * 0x8000 + b"\r\n"
        client.send(piece * (MAX_BODY // 0x8000 + 1) + b"0\r\n\r\n" * ends)
        is_error(client.read(), 413, "body_too_large", "invalid_request_error")


def test_row_63_a_body_in_chunks(lane: Lane) -> None:
    body = _valid(lane)
    with Client(lane.server.port) as client:
        fields = {"content-type": "application/json", "transfer-encoding": "chunked", **authorization(lane.server)}
        client.request("POST", CHAT, headers=fields)
        for start in range(len(body)):
            client.send(b"1\r\n" + body[start : start + 1] + b"\r\n")
        client.send(b"0\r\n\r\n")
        answer = client.read()
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate"])
def test_row_63_compressed(lane: Lane, encoding: str) -> None:
    answer = _ask(lane, gzip.compress(_valid(lane)), content_encoding=encoding)
    is_error(answer, 415, "unsupported_media_type", "invalid_request_error")


METHODS = [
    ("GET", CHAT, "POST"),
    ("PUT", CHAT, "POST"),
    ("DELETE", CHAT, "POST"),
    ("POST", "/v1/models", "GET"),
    ("GET", "/v1/embeddings", "POST"),
    ("DELETE", "/v1/models/demo/echo", "GET"),
]


@pytest.mark.parametrize(("method", "path", "allowed"), METHODS, ids=[f"{m}-{p}" for m, p, _ in METHODS])
def test_row_64_wrong_method(lane: Lane, method: str, path: str, allowed: str) -> None:
    with Client(lane.server.port) as client:
        client.request(method, path, b"{}", authorization(lane.server))
        answer = client.read()
        is_error(answer, 405, "method_not_allowed", "invalid_request_error")
        assert allowed in answer.headers["allow"].split(", ")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/nope",
        "/v1/completions",
        "/v1/responses",
        "/v1/messages",
        "/chat/completions",
        "/v1",
        "/v1/chat/completions/x",
    ],
)
def test_row_64_wrong_path(lane: Lane, path: str) -> None:
    with Client(lane.server.port) as client:
        client.request("POST", path, _valid(lane), authorization(lane.server))
        is_error(client.read(), 404, "not_found", "not_found_error")
    assert lane.a.requests == []


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_row_64_wrong_content_type(lane: Lane, kind: str) -> None:
    answer = _ask(lane, _valid(lane), content_type=kind)
    is_error(answer, 415, "unsupported_media_type", "invalid_request_error")
    assert lane.a.requests == []


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=UTF-8"]
)
def test_row_64_right_content_type(lane: Lane, kind: str) -> None:
    assert _ask(lane, _valid(lane), content_type=kind).status == 200


def test_row_63_a_bad_request_leaves_the_connection_usable(lane: Lane) -> None:
    bad = request_bytes("POST", CHAT, b"{nope", authorization(lane.server))
    good = request_bytes("POST", CHAT, _valid(lane), authorization(lane.server))
    with Client(lane.server.port) as client:
        for _ in range(3):
            client.send(bad)
            is_error(client.read(), 400, "invalid_json")
            client.send(good)
            answer = client.read()
            is_good(answer, "from a", lane.attempts(answer), ["a:ok"])
