"""What passes through, what stays here, and what the answer's headers tell."""

import re
from collections.abc import Callable

import pytest
from openai import BadRequestError, OpenAI

from tests.kit.lanes import CLIENT_KEY, PROVIDER_KEYS, Lane
from tests.kit.server import Server
from tests.sdk.talk import Talk, options

TIMING = r"upstream;dur=\d+\.\d, trunkline;dur=\d+\.\d"


def test_extra_body_passes(lane_talk: Talk, lane: Lane) -> None:
    """Unknown members go to an OpenAI-compatible server as they are, below `messages` too."""
    messages = [{"role": "user", "content": [{"type": "text", "text": "hi", "cache_control": {"type": "ephemeral"}}]}]
    extra = {"top_k": 5, "chat_template_kwargs": {"thinking": True, "none": None}}
    lane_talk.chat(model=f"a-{lane.number}", messages=messages, seed=7, extra_body=extra)
    (request,) = lane.a.requests
    assert request.json == {"model": "m", "messages": messages, "seed": 7, **extra}


def test_a_stream_asks_for_usage(lane_talk: Talk, lane: Lane) -> None:
    chunks = lane_talk.chunks(model=f"a-{lane.number}")
    (request,) = lane.a.requests
    assert request.json["stream_options"] == {"include_usage": True}
    assert all("usage" not in chunk.to_dict() for chunk in chunks)


@pytest.mark.parametrize("name", ["api_key", "base_url", "extra_headers"])
def test_upstreams_come_from_the_configuration(lane_talk: Talk, lane: Lane, name: str) -> None:
    with pytest.raises(BadRequestError) as raised:
        lane_talk.chat(model=f"a-{lane.number}", extra_body={name: "http://elsewhere"})
    assert (raised.value.code, raised.value.param) == ("invalid_request", name)
    assert lane.a.requests == []


def test_headers_upstream(lane_talk: Talk, lane: Lane) -> None:
    """Trace context goes on; the client's key, its SDK's headers and anything else stay."""
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    extra = {"traceparent": trace, "x-team": "ours", "openai-organization": "org-client", "cookie": "a=b"}
    lane_talk.chat(model=f"a-{lane.number}", extra_headers=extra)
    (request,) = lane.a.requests
    assert request.header("authorization") == f"Bearer {PROVIDER_KEYS['A_KEY']}"
    assert request.header("traceparent") == trace
    names = {name.lower() for name, _ in request.headers}
    assert names <= {
        *("host", "content-type", "content-length", "accept", "accept-encoding", "user-agent"),
        *("authorization", "traceparent"),
    }
    assert "OpenAI" not in (request.header("user-agent") or "")
    assert CLIENT_KEY not in repr(request)


def test_headers_of_an_answer(talk: Talk, gateway: Server) -> None:
    headers, answer = talk.raw_chat(model="chat", extra_headers={"x-request-id": "mine-1"})
    assert answer._request_id == headers["x-request-id"] == "mine-1"
    told = {name: value for name, value in headers.items() if name.startswith("x-trunkline-")}
    assert told == {
        "x-trunkline-route": "chat",
        "x-trunkline-provider": "demo",
        "x-trunkline-model": "fast",
        "x-trunkline-attempts": "demo/fast:ok",
        "x-trunkline-fallback": "false",
        "x-trunkline-cache": "bypass",
        "x-trunkline-cost-usd": "unknown",
    }
    assert re.fullmatch(TIMING, headers["server-timing"])
    assert int(headers["x-ratelimit-remaining-requests"]) > 0
    assert gateway.log_line("mine-1")["route"] == "chat"


def test_headers_of_a_stream(talk: Talk) -> None:
    headers = talk.raw_chunks([], model="saved")
    told = {name: headers[f"x-trunkline-{name}"] for name in ("route", "model", "fallback")}
    assert told == {"route": "saved", "model": "fast", "fallback": "true"}
    assert headers["x-trunkline-attempts"].endswith("demo/fast:ok")
    assert headers["content-type"].startswith("text/event-stream")


def test_an_id_of_our_own(talk: Talk) -> None:
    first, second = (talk.chat(model="chat")._request_id for _ in range(2))
    assert first
    assert second
    assert first != second


def test_direct(talk: Talk) -> None:
    headers, _ = talk.raw_chat(model="demo/fast")
    assert headers["x-trunkline-route"] == "direct"


def test_an_answer_read_as_it_streams(gateway: Server) -> None:
    with OpenAI(**options(gateway)) as client:
        ask = client.chat.completions.with_streaming_response
        with ask.create(model="chat", messages=[{"role": "user", "content": "hi"}]) as response:
            assert response.request_id
            assert response.parse().choices[0].message.content == "hi"


def test_x_api_key(talk_to: Callable[..., Talk], lane: Lane) -> None:
    """The other way to show a key."""
    talk = talk_to(lane.server, default_headers={"authorization": "", "x-api-key": CLIENT_KEY})
    assert talk.chat(model=f"a-{lane.number}").choices[0].message.content == "from a"
