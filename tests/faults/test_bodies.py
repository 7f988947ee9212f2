"""Faults B, rows 29-36: a status that promises more than the body holds."""

import json
from typing import Any

import pytest

from tests.kit.expect import is_error, is_good
from tests.kit.lanes import PROVIDER_KEYS, Lane
from tests.kit.replies import (
    chunk,
    completion,
    error_reply,
    head,
    html_reply,
    json_reply,
    open_sse,
    raw_reply,
    sse,
)
from tests.kit.upstream import Fin, Send, Step

JSON_HEAD = {"content-type": "application/json"}
WHOLE = json.dumps(completion("from a")).encode()


@pytest.mark.parametrize("status", [200, 502])
def test_row_29_an_html_page_moves_on(lane: Lane, stream: bool, status: int) -> None:
    lane.a.play(html_reply(status))
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), ["a:invalid_response", "b:ok"])


@pytest.mark.parametrize("status", [200, 502])
def test_row_29_an_html_page_is_never_forwarded(lane: Lane, stream: bool, status: int) -> None:
    lane.a.play(html_reply(status))
    answer = lane.post("a", stream=stream)
    is_error(answer, 502, "invalid_response", "upstream_error")
    assert b"nginx" not in answer.body
    assert b"<h" not in answer.body


INSIDE = {
    "numeric-429": ({"code": 429}, "rate_limit", 429, "rate_limit_exceeded"),
    "rate-limit-code": ({"code": "rate_limit_exceeded"}, "rate_limit", 429, "rate_limit_exceeded"),
    "quota": ({"type": "insufficient_quota", "code": "insufficient_quota"}, "quota", 429, "insufficient_quota"),
    "numeric-503": ({"code": 503}, "overloaded", 503, "upstream_overloaded"),
    "overloaded-type": ({"type": "overloaded_error"}, "overloaded", 503, "upstream_overloaded"),
    "bad-key": ({"code": "invalid_api_key"}, "auth", 502, "upstream_auth"),
    "server-error": ({"type": "server_error", "code": None}, "server_error", 502, "upstream_error"),
    "no-hint-at-all": ({}, "server_error", 502, "upstream_error"),
}


@pytest.mark.parametrize(("error", "result", "status", "code"), INSIDE.values(), ids=INSIDE)
def test_row_30_an_error_inside_a_200(
    lane: Lane, stream: bool, error: dict[str, Any], result: str, status: int, code: str
) -> None:
    lane.a.play(json_reply(200, {"error": {"message": "sorry about that", **error}}))
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer)[-2:], [f"a:{result}", "b:ok"])


@pytest.mark.parametrize(("error", "result", "status", "code"), INSIDE.values(), ids=INSIDE)
def test_row_30_alone_it_is_told_as_if_http_had_said_it(
    lane: Lane, stream: bool, error: dict[str, Any], result: str, status: int, code: str
) -> None:
    lane.a.play(json_reply(200, {"error": {"message": "sorry about that", **error}}))
    answer = lane.post("hasty", stream=stream)
    assert is_error(answer, status, code)["message"].endswith("sorry about that")
    assert lane.attempts(answer)[-1] == f"a:{result}"


def test_row_30_the_requests_own_fault_goes_nowhere_else(lane: Lane, stream: bool) -> None:
    lane.a.play(json_reply(200, {"error": {"message": "too long", "code": "context_length_exceeded"}}))
    answer = lane.post("ab", stream=stream)
    is_error(answer, 400, "context_length_exceeded", "invalid_request_error")
    assert lane.b.requests == []


CHUNKED = head(200, {**JSON_HEAD, "transfer-encoding": "chunked"})
# what came, and the class of its failure: broken off, or not what it should be
TRUNCATED: dict[str, tuple[list[Step], str]] = {
    "half-the-json": (raw_reply(200, WHOLE[:-40], JSON_HEAD), "invalid_response"),
    "half-until-eof": (
        [Send(head(200, {**JSON_HEAD, "connection": "close"}) + WHOLE[:-40]), Fin()],
        "invalid_response",
    ),
    "bad-chunk-size": ([Send(CHUNKED + b"zz\r\n" + WHOLE), Fin()], "invalid_response"),
    "not-http": ([Send(b"SSH-2.0-OpenSSH_9.6\r\n\r\n"), Fin()], "invalid_response"),
    "length-too-long": (
        [Send(head(200, {**JSON_HEAD, "content-length": str(len(WHOLE) + 9)}) + WHOLE), Fin()],
        "connection",
    ),
    "no-last-chunk": ([Send(CHUNKED + b"%x\r\n%s\r\n" % (len(WHOLE), WHOLE)), Fin()], "connection"),
    "half-the-head": ([Send(b"HTTP/1.1 200 OK\r\ncontent-ty"), Fin()], "connection"),
}
TOLD = {"invalid_response": "invalid_response", "connection": "connect_failed"}
truncated = pytest.mark.parametrize(("steps", "result"), TRUNCATED.values(), ids=TRUNCATED)


@truncated
def test_row_31_a_truncated_body_moves_on(lane: Lane, stream: bool, steps: list[Step], result: str) -> None:
    lane.a.play(steps)
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), [f"a:{result}", "b:ok"])


@truncated
def test_row_31_a_truncated_body_alone(lane: Lane, stream: bool, steps: list[Step], result: str) -> None:
    lane.a.play(steps)
    answer = lane.post("a", stream=stream)
    is_error(answer, 502, TOLD[result], "upstream_error")
    assert lane.attempts(answer) == [f"a:{result}"]


def test_row_31_a_stream_cut_before_content_moves_on(lane: Lane) -> None:
    lane.a.play([*open_sse(), Send(b"zz\r\ndata: {}\n\n"), Fin()])
    answer = lane.post("ab", stream=True)
    is_good(answer, "from b", lane.attempts(answer), ["a:invalid_response", "b:ok"])


EMPTY = {
    "empty": b"",
    "null": b"null",
    "list": b"[]",
    "string": b'"text"',
    "empty-object": b"{}",
    "no-choices": json.dumps(completion(choices=None)).encode(),
    "choices-empty": json.dumps(completion(choices=[])).encode(),
    "no-message": json.dumps(completion(choices=[{"index": 0, "finish_reason": "stop"}])).encode(),
    "message-null": json.dumps(completion(choices=[{"index": 0, "message": None, "finish_reason": "stop"}])).encode(),
}


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_row_32_a_200_without_an_answer_moves_on(lane: Lane, stream: bool, body: bytes) -> None:
    lane.a.play(raw_reply(200, body, JSON_HEAD))
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), ["a:invalid_response", "b:ok"])


@pytest.mark.parametrize("body", EMPTY.values(), ids=EMPTY)
def test_row_32_a_200_without_an_answer_alone(lane: Lane, body: bytes) -> None:
    lane.a.play(raw_reply(200, body, JSON_HEAD))
    is_error(lane.post("a"), 502, "invalid_response", "upstream_error")


@pytest.mark.parametrize("finish", ["stop", "length", "content_filter"])
def test_row_32_a_finish_reason_without_content_is_complete(lane: Lane, stream: bool, finish: str) -> None:
    lane.a.play(sse(chunk(finish=finish)) if stream else json_reply(200, completion(None, finish)))
    answer = lane.post("ab", stream=stream)
    assert (answer.status, answer.text or None, answer.finish) == (200, None, finish)
    assert lane.attempts(answer) == ["a:ok"]


def test_row_32_a_missing_finish_reason_is_filled_in(lane: Lane) -> None:
    lane.a.play(json_reply(200, completion("from a", finish=None)))
    answer = lane.post("ab")
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])


ECHO = f"your key was {PROVIDER_KEYS['A_KEY']} and that is wrong"


@pytest.mark.parametrize("status", [400, 401, 422, 429, 500, 503])
def test_row_36_an_echoed_key_is_redacted(lane: Lane, stream: bool, status: int) -> None:
    """That the key is nowhere in the answer, the log and the metrics is checked by the client and at the end."""
    lane.a.play(error_reply(status, ECHO, {"x-echo": PROVIDER_KEYS["A_KEY"]}, param=PROVIDER_KEYS["A_KEY"]))
    answer = lane.post("hasty", stream=stream)
    assert answer.error["message"].endswith("and that is wrong"), "only the key is taken out"


def test_row_36_what_looks_like_a_key_is_redacted_too(lane: Lane) -> None:
    lane.a.play(error_reply(400, "not yours: sk-canary-of-somebody-else, nor Bearer canary.canary either"))
    assert lane.post("a").error["message"].endswith(" either")


def test_row_36_an_echoed_key_in_a_code_is_redacted(lane: Lane) -> None:
    lane.a.play(error_reply(400, "no", code=PROVIDER_KEYS["A_KEY"], type=PROVIDER_KEYS["A_KEY"]))
    assert lane.post("a").status == 400


def test_row_36_an_echoed_key_in_a_stream_is_redacted(lane: Lane) -> None:
    lane.a.play(sse(chunk("t0 "), {"error": {"message": ECHO, "code": PROVIDER_KEYS["A_KEY"]}}))
    answer = lane.post("a", stream=True)
    assert answer.text == "t0 "
    assert answer.error["message"].endswith("and that is wrong")
