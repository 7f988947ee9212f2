"""Errors as the SDK's own exceptions, and who retries what."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import openai
import pytest
from openai import APIStatusError

from tests.kit.lanes import Lane
from tests.kit.replies import ROLE, error_reply, say, sse
from tests.kit.server import Server
from tests.kit.upstream import Hold, Step
from tests.sdk.talk import Talk

Error = type[APIStatusError]

WORDS = "the provider's own words"
QUOTA = error_reply(429, WORDS, code="insufficient_quota", type="insufficient_quota")
CONTEXT = error_reply(400, WORDS, code="context_length_exceeded", param="messages")
VALUE = error_reply(400, WORDS, code="invalid_value", param="top_k")


# The provider's reply -> exception, code, param, how often the provider was asked.
@pytest.mark.parametrize(
    ("reply", "error", "code", "param", "calls"),
    [
        (VALUE, openai.BadRequestError, "invalid_value", "top_k", 1),
        (CONTEXT, openai.BadRequestError, "context_length_exceeded", "messages", 1),
        (error_reply(422, WORDS), openai.UnprocessableEntityError, "invalid_request", None, 1),
        (error_reply(401, WORDS), openai.InternalServerError, "upstream_auth", None, 1),
        (error_reply(403, WORDS), openai.InternalServerError, "upstream_auth", None, 1),
        (error_reply(404, WORDS), openai.NotFoundError, "model_not_found", None, 1),
        (QUOTA, openai.RateLimitError, "insufficient_quota", None, 1),
        (error_reply(429, WORDS, {"retry-after-ms": "20"}), openai.RateLimitError, "rate_limit_exceeded", None, 2),
        (error_reply(500, WORDS), openai.InternalServerError, "upstream_error", None, 2),
    ],
    ids=["400", "context", "422", "401", "403", "404", "quota", "429", "500"],
)
def test_one_call_of_the_sdk(
    talk_to: Callable[..., Talk],
    lane: Lane,
    stream: bool,
    reply: Sequence[Step],
    error: Error,
    code: str,
    param: str | None,
    calls: int,
) -> None:
    """`x-should-retry: false`: with the SDK's retries on, our own tries are all that the provider sees."""
    lane.a.play(reply)
    talk = talk_to(lane.server, max_retries=2)
    ask = talk.chunks if stream else talk.chat
    with pytest.raises(error) as raised:
        ask(model=f"a-{lane.number}")
    assert (raised.value.code, raised.value.param) == (code, param)
    assert WORDS in raised.value.message
    assert raised.value.response.headers["x-should-retry"] == "false"
    assert raised.value.request_id == raised.value.response.headers["x-request-id"]
    assert raised.value.response.headers["x-trunkline-provider"] == f"a{lane.number}"
    assert raised.value.response.headers["x-trunkline-attempts"].count(f"a{lane.number}/m:") == calls
    assert len(lane.a.requests) == calls


def test_the_sdk_retries(talk_to: Callable[..., Talk], lane: Lane) -> None:
    """Where we tried once, the SDK may try again; it says so, and then we try no target twice."""
    lane.a.play(error_reply(503), error_reply(500), say("at last"))
    answer = talk_to(lane.server, max_retries=2).chat(model=f"a-{lane.number}")
    assert answer.choices[0].message.content == "at last"
    assert len(lane.a.requests) == 3


def test_a_provider_that_told_us_to_wait(lane_talk: Talk, lane: Lane) -> None:
    """The SDK is told for how long; meanwhile nobody calls the provider."""
    lane.a.play(error_reply(429, WORDS, {"retry-after": "7"}))
    for code in ("rate_limit_exceeded", "all_targets_cooling"):
        with pytest.raises(openai.RateLimitError) as raised:
            lane_talk.chat(model=f"a-{lane.number}")
        assert (raised.value.code, raised.value.response.headers["retry-after"]) == (code, "7")
        assert "x-should-retry" not in raised.value.response.headers
    assert len(lane.a.requests) == 1


def test_nobody_there(lane_talk: Talk, lane: Lane) -> None:
    lane.a.refuse()
    with pytest.raises(openai.InternalServerError) as raised:
        lane_talk.chat(model=f"a-{lane.number}")
    assert (raised.value.status_code, raised.value.code) == (502, "connect_failed")


def test_our_deadline_comes_before_the_sdk_s(talk_to: Callable[..., Talk], lane: Lane) -> None:
    """The SDK tells its timeout: it gets an answer with the reason, and not an APITimeoutError."""
    lane.a.play([Hold()])
    started = time.monotonic()
    with pytest.raises(openai.InternalServerError) as raised:
        talk_to(lane.server, timeout=1.6).chat(model=f"patient-{lane.number}")
    assert (raised.value.status_code, raised.value.code) == (504, "deadline_exceeded")
    assert time.monotonic() - started < 1.6


def test_a_stream_that_never_begins(talk_to: Callable[..., Talk], lane: Lane) -> None:
    lane.a.play(sse(ROLE, Hold()))
    with pytest.raises(openai.InternalServerError) as raised:
        talk_to(lane.server, timeout=1.6).chunks(model=f"patient-{lane.number}")
    assert (raised.value.status_code, raised.value.code) == (504, "upstream_timeout")


def test_a_deadline_of_the_request(lane_talk: Talk, lane: Lane, stream: bool) -> None:
    lane.a.play([Hold()])
    ask = lane_talk.chunks if stream else lane_talk.chat
    with pytest.raises(openai.InternalServerError) as raised:
        ask(model=f"patient-{lane.number}", extra_headers={"x-trunkline-timeout": "200ms"})
    assert (raised.value.status_code, raised.value.code) == (504, "deadline_exceeded")
    for unreadable in ("soon", "0s", "-1s"):
        with pytest.raises(openai.BadRequestError):
            ask(model=f"patient-{lane.number}", extra_headers={"x-trunkline-timeout": unreadable})


def test_fallback(lane_talk: Talk, lane: Lane) -> None:
    """Switched off, the first target's own error comes back."""
    lane.a.play(error_reply(503, WORDS))
    headers, answer = lane_talk.raw_chat(model=f"ab-{lane.number}")
    assert (answer.choices[0].message.content, headers["x-trunkline-fallback"]) == ("from b", "true")
    with pytest.raises(openai.InternalServerError, match=WORDS) as raised:
        lane_talk.chat(model=f"ab-{lane.number}", extra_headers={"x-trunkline-fallback": "off"})
    assert (raised.value.status_code, raised.value.code) == (503, "upstream_overloaded")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"temperature": 3}, "temperature"),
    ({"n": 0}, "n"),
    ({"messages": []}, "messages"),
    ({"messages": ["hi"]}, "messages[0]"),
    ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
    ({"stop": ["a", "b", "c", "d", "e"]}, "stop"),
    ({"extra_body": {"stream_options": {"include_usage": True}}}, "stream_options"),
]


@pytest.mark.parametrize(("body", "param"), BAD, ids=[param for _, param in BAD])
def test_bad_requests(talk: Talk, body: dict[str, Any], param: str) -> None:
    with pytest.raises(openai.BadRequestError) as raised:
        talk.chat(model="chat", **body)
    assert (raised.value.code, raised.value.type, raised.value.param) == (
        "invalid_request",
        "invalid_request_error",
        param,
    )
    assert param in raised.value.message


@pytest.mark.parametrize(("name", "near"), [("chta", '"chat"'), ("demo/fsat", '"demo/fast"')])
def test_unknown_model(talk: Talk, stream: bool, name: str, near: str) -> None:
    ask = talk.chunks if stream else talk.chat
    if name.startswith("demo/"):  # a provider may have models that we never heard of: it says so itself
        near = "The demo models are echo"
    with pytest.raises(openai.NotFoundError) as raised:
        ask(model=name)
    assert raised.value.code == "model_not_found"
    assert near in raised.value.message


# What the demo's stream does -> the error's code.
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("cut-after-3", "upstream_stream_interrupted"),
        ("error-after-3", "upstream_error"),
        ("garbage-after-3", "invalid_response"),
        ("no-finish", "upstream_stream_interrupted"),
    ],
)
def test_an_error_in_mid_stream(talk: Talk, fault: str, code: str) -> None:
    """What came before it has reached the caller."""
    words = [f"word{number} " for number in range(6)]
    body = {"model": f"demo/{fault}+fast", "messages": [{"role": "user", "content": "".join(words).strip()}]}
    chunks: list[Any] = []
    with pytest.raises(openai.APIError) as raised:
        talk.raw_chunks(chunks, **body)
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == "".join(words[: 6 if fault == "no-finish" else 3]).strip()
    assert (raised.value.code, raised.value.type) == (code, "upstream_error")
    assert raised.value.message
    with pytest.raises(openai.APIError):
        talk.helped(**body)


def test_a_stall_in_mid_stream(lane_talk: Talk, lane: Lane) -> None:
    lane.a.play(sse(ROLE, {**ROLE, "choices": [{"index": 0, "delta": {"content": "so far"}}]}, Hold()))
    chunks: list[Any] = []
    with pytest.raises(openai.APIError) as raised:
        lane_talk.raw_chunks(chunks, model=f"a-{lane.number}")
    assert [chunk.choices[0].delta.content for chunk in chunks if chunk.choices[0].delta.content] == ["so far"]
    assert (raised.value.code, raised.value.type) == ("upstream_stream_stalled", "timeout_error")


def test_errors_are_told_to_the_log(talk: Talk, gateway: Server) -> None:
    with pytest.raises(openai.NotFoundError) as raised:
        talk.chat(model="nothing-like-it")
    assert raised.value.request_id is not None
    assert gateway.log_line(raised.value.request_id)["status"] == 404
