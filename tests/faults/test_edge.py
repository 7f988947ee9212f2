"""Faults D and H, rows 65, 101, 102 and 109: the HTTP edge against clients that mean harm."""

import json
import threading
from typing import Any

import pytest

from tests.kit.client import CANARY, Client, authorization, request_bytes
from tests.kit.expect import is_error, is_good
from tests.kit.lanes import PROVIDER_KEYS, Lane
from tests.kit.replies import completion, json_reply
from tests.kit.upstream import Upstream

CHAT = "/v1/chat/completions"
PIPELINED = 1000


def test_row_65_pipelined_requests_are_answered_in_order(lane: Lane) -> None:
    body = json.dumps({"model": "demo/echo", "messages": [{"role": "user", "content": "hi"}]}).encode()
    key = authorization(lane.server)
    ids = [f"n-{number}" for number in range(PIPELINED)]
    data = b"".join(request_bytes("POST", CHAT, body, {**key, "x-request-id": name}) for name in ids)
    with Client(lane.server.port, timeout=30) as client:
        sender = threading.Thread(target=client.send, args=(data,))
        sender.start()
        answers = [client.read() for _ in ids]
        sender.join()
    assert [answer.headers["x-request-id"] for answer in answers] == ids
    assert {answer.status for answer in answers} == {200}


def _post(lane: Lane, extra: bytes = b"", *, host: bytes = b"Host: 127.0.0.1\r\n", length: bool = True) -> bytes:
    """A request that would be served but for its head."""
    body = json.dumps(lane.body("a")).encode()
    key = authorization(lane.server)["authorization"].encode()
    head = b"POST /v1/chat/completions HTTP/1.1\r\n" + host + b"content-type: application/json\r\n"
    head += b"authorization: " + key + b"\r\n" + (b"content-length: %d\r\n" % len(body) if length else b"")
    return head + extra + b"\r\n" + body


HEADS = {
    "length-and-chunked": b"transfer-encoding: chunked\r\n",
    "two-lengths": b"content-length: 5\r\n",
    "unknown-transfer-encoding": b"transfer-encoding: xchunked\r\n",
    "chunked-not-last": b"transfer-encoding: chunked, identity\r\n",
    "folded-line": b"x-a: b\r\n c\r\n",
    "space-before-colon": b"x-a : b\r\n",
    "nul": b"x-a: b\x00c\r\n",
    "no-colon": b"nonsense\r\n",
    "second-host": b"Host: evil.example\r\n",
}


def _rejected(lane: Lane, data: bytes) -> None:
    with Client(lane.server.port) as client:
        client.send(data)
        answer = client.read()
        assert answer.status == 400
        assert (answer.error["type"], answer.error["code"]) == ("invalid_request_error", "invalid_request")
        assert client.closed()
    assert lane.a.requests == []


@pytest.mark.parametrize("extra", HEADS.values(), ids=HEADS)
def test_row_101_malformed_head(lane: Lane, extra: bytes) -> None:
    _rejected(lane, _post(lane, extra))


def test_row_101_bare_line_feeds(lane: Lane) -> None:
    head, _, body = _post(lane).partition(b"\r\n\r\n")
    _rejected(lane, head.replace(b"\r\n", b"\n") + b"\n\n" + body)


HOSTS = {
    "missing": b"",
    "path-in-host": b"Host: x/openapi.json?x=\r\n",
    "fragment": b"Host: x/#@evil.example\r\n",
    "user-info": b"Host: user@evil.example\r\n",
    "space": b"Host: a b\r\n",
    "comma": b"Host: a,b\r\n",
}


@pytest.mark.parametrize("host", HOSTS.values(), ids=HOSTS)
def test_row_101_hostile_host(lane: Lane, host: bytes) -> None:
    _rejected(lane, _post(lane, host=host))


def test_row_101_an_honest_request_passes(lane: Lane) -> None:
    """So that the others are known to fail for the reason they name."""
    with Client(lane.server.port) as client:
        client.send(_post(lane))
        answer = client.read()
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])


FLOODS = {
    "5000-headers": b"".join(b"x-%d: y\r\n" % n for n in range(5000)),
    "1-MB-header": b"x: " + b"y" * 2**20 + b"\r\n",
}


@pytest.mark.parametrize("extra", FLOODS.values(), ids=FLOODS)
def test_row_101_flood_of_headers(lane: Lane, extra: bytes) -> None:
    """The server hangs up before it has read them all, so its 400 may be lost to the reset that follows."""
    with Client(lane.server.port) as client:
        try:
            client.send(_post(lane, extra))
            assert client.read().status in (400, 431)
        except ConnectionError:
            pass
        else:
            assert client.closed()
    assert lane.a.requests == []


@pytest.mark.parametrize("name", ["api_base", "base_url", "api_key", "extra_headers", "fallbacks"])
def test_row_102_where_to_go_is_not_the_clients_to_say(lane: Lane, upstream: Upstream, name: str) -> None:
    value: Any = {"x-evil": "1"} if name == "extra_headers" else upstream.base_url
    answer = lane.post("a", **{name: value})
    assert is_error(answer, 400, answer.error["code"], "invalid_request_error")["param"] == name
    assert lane.a.requests == []
    assert upstream.connections == []


def test_row_102_nothing_below_the_top_level_is_touched(lane: Lane, upstream: Upstream) -> None:
    evil = {"api_base": upstream.base_url, "base_url": upstream.base_url, "api_key": "k", "fallbacks": ["b"]}
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in evil}}
    sent: dict[str, Any] = {
        "messages": [{"role": "user", "content": [{"type": "text", "text": json.dumps(evil)}]}],
        "tools": [{"type": "function", "function": {"name": "f", "parameters": schema}}],
        "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": schema}},
        "metadata": {"api_base": upstream.base_url, "api_key": "k"},
    }
    answer = lane.post("a", **sent)
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])
    seen = lane.a.requests[0].json
    assert {name: seen[name] for name in sent} == sent
    assert upstream.connections == []


RUDE = {
    "connection": "authorization, x-a",
    "cookie": "session=1",
    "proxy-authorization": "Basic eDp5",
    "x-forwarded-for": "10.0.0.1",
    "x-forwarded-host": "evil.example",
    "forwarded": "for=10.0.0.1",
    "openai-organization": "org-of-the-client",
    "openai-project": "proj-of-the-client",
    "x-stainless-lang": "python",
    "x-api-key": "sk-of-the-client",
    "api-key": "sk-of-the-client",
    "accept-encoding": "gzip",
    "idempotency-key": "i-1",
    "te": "trailers",
    "upgrade": "h2c",
    "x-a": "b",
}
ALLOWED = {
    "host", "authorization", "content-type", "content-length", "accept", "accept-encoding", "user-agent", "connection",
    "x-request-id", "traceparent", "tracestate",
}  # fmt: skip


def test_row_102_upstream_headers_are_an_allow_list(lane: Lane, stream: bool) -> None:
    answer = lane.post("a", stream=stream, headers=RUDE)
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])
    (request,) = lane.a.requests
    assert {name.lower() for name, _ in request.headers} <= ALLOWED
    assert request.header("authorization") == f"Bearer {PROVIDER_KEYS['A_KEY']}"
    assert request.header("accept-encoding") == "identity"
    assert request.header("host") == f"127.0.0.1:{lane.a.port}"
    assert "of-the-client" not in repr(request.headers)


def test_row_102_of_an_upstreams_headers_few_come_through(lane: Lane, stream: bool) -> None:
    theirs = {"set-cookie": "a=b", "server": "nginx", "x-evil": CANARY.decode(), "x-ratelimit-remaining-requests": "7"}
    lane.a.play(json_reply(200, completion("from a"), theirs))
    answer = lane.post("a", stream=stream)
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])
    assert answer.headers["x-ratelimit-remaining-requests"] == "7"
    assert "set-cookie" not in answer.headers
    assert answer.headers.get("server") != "nginx"


INJECTIONS = {
    "crlf": "x\r\nx-evil: 1\r\n\r\n",
    "newline": 'x\n{"level":"error","request_id":"forged"}',
    "unicode-line-ends": "x\u2028\u2029\u0085y",
    "nul": "x\x00y",
    "emoji": "😀" * 50,
    "escape": "\x1b[31mred",
}


@pytest.mark.parametrize("value", INJECTIONS.values(), ids=INJECTIONS)
def test_row_109_in_the_model(lane: Lane, value: str) -> None:
    answer = lane.post("a", model=value)
    is_error(answer, 404, "model_not_found", "not_found_error")
    assert "x-evil" not in answer.headers
    _one_line(lane, answer.headers["x-request-id"])


@pytest.mark.parametrize("value", INJECTIONS.values(), ids=INJECTIONS)
def test_row_109_in_the_user(lane: Lane, value: str) -> None:
    answer = lane.post("a", user=value, headers={"x-trunkline-project": "p"})
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])
    assert lane.a.requests[0].json["user"] == value
    assert "x-evil" not in answer.headers
    _one_line(lane, answer.headers["x-request-id"])


def _one_line(lane: Lane, request_id: str) -> None:
    assert lane.server.log_line(request_id)["request_id"] == request_id
    assert all(line["request_id"] != "forged" for line in lane.server.log_lines())


IDS = {"space": "a b", "latin-1": "caf\xe9", "too-long": "x" * 129, "quote": 'a"b', "empty": "", "json": "{}"}


@pytest.mark.parametrize("value", IDS.values(), ids=IDS)
def test_row_109_a_bad_request_id_is_replaced(lane: Lane, value: str) -> None:
    answer = lane.post("a", headers={"x-request-id": value})
    assert answer.status == 200
    ours = answer.headers["x-request-id"]
    assert ours
    assert ours != value
    _one_line(lane, ours)


@pytest.mark.parametrize("value", ["a", "A-b_c.9", "x" * 128])
def test_row_109_a_good_request_id_is_kept(lane: Lane, value: str, stream: bool) -> None:
    value = f"{value[:100]}-{lane.number}" if len(value) < 100 else value
    answer = lane.post("a", stream=stream, headers={"x-request-id": value})
    assert answer.headers["x-request-id"] == value
