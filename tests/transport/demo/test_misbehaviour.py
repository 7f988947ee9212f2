"""What the model names that misbehave do, piece by piece, and when."""

import asyncio
from typing import Any

import orjson
import pytest

from tests.transport.demo.play import USER, Played, Sleeper, ask, listen, outbound
from trunkline.errors import Failure
from trunkline.transport.demo import DemoTransport

TOKENS = ["one", " two", " three", " four", " five"]


def contents(played: Played) -> list[str]:
    """Of the readable chunks of a stream, however it ended; None of them is empty."""
    found = []
    for data in played.data:
        if data.startswith(b'{"id"'):
            delta = orjson.loads(data)["choices"][0]["delta"]
            found += [delta["content"]] if delta.get("content") else []
    return found


@pytest.mark.parametrize(
    ("model", "status", "kind", "code"),
    [
        ("status-400", 400, "invalid_request_error", "invalid_value"),
        ("status-401", 401, "invalid_request_error", "invalid_api_key"),
        ("status-404", 404, "invalid_request_error", "model_not_found"),
        ("status-418", 418, "invalid_request_error", None),
        ("status-429", 429, "requests", "rate_limit_exceeded"),
        ("status-500", 500, "server_error", None),
        ("status-503", 503, "server_error", None),
        ("status-529", 529, "overloaded_error", None),
        ("status-599", 599, "server_error", None),
    ],
)
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_status(model: str, status: int, kind: str, code: str | None, stream: bool) -> None:
    played = ask(model=model, stream=stream)
    error = played.json["error"]
    assert (played.status, error["type"], error["code"], error["param"]) == (status, kind, code, None)
    assert played.headers["content-type"] == "application/json"
    assert "retry-after" not in played.headers


@pytest.mark.parametrize(
    ("model", "seconds"), [("status-429-retry-after-2", "2"), ("status-503-retry-after-0.5", "0.5")]
)
def test_a_status_that_says_when_to_come_back(model: str, seconds: str) -> None:
    assert ask(model=model).headers["retry-after"] == seconds


@pytest.mark.parametrize(
    ("model", "waits"),
    [
        ("echo", [0.0] + [1 / 30] * 4),
        ("fast", [0.0] * 5),
        ("slow", [2.0] + [1 / 30] * 4),
        ("slow-150+fast", [0.15] + [0.0] * 4),
        ("late-150+fast", [0.15] + [0.0] * 5),
        ("drip-250", [0.0] + [0.25] * 4),
    ],
)
def test_the_pace_of_a_stream(model: str, waits: list[float]) -> None:
    played = ask(model=model, stream=True)
    assert contents(played) == TOKENS
    assert played.waits == waits


@pytest.mark.parametrize(
    ("model", "waits", "pieces"),
    [
        ("echo", [0.0], 1),
        ("slow", [2.0], 1),
        ("late-150", [0.15, 0.0], 1),
        ("drip-250", [0.0] + [0.25] * 4, 5),
        ("drip-250+slow", [2.0] + [0.25] * 4, 5),
    ],
)
def test_the_pace_of_a_whole_answer(model: str, waits: list[float], pieces: int) -> None:
    played = ask(model=model)
    assert played.json["choices"][0]["message"]["content"] == USER["content"]
    assert (played.waits, len(played.pieces)) == (waits, pieces)


def test_choices_share_the_pace() -> None:
    assert ask(model="drip-250", stream=True, n=3).waits == [0.0] + [0.25] * 4


@pytest.mark.parametrize(("after", "tokens"), [(0, 0), (1, 1), (3, 3), (5, 5), (9, 5)])
@pytest.mark.parametrize("fault", ["cut", "stall", "error", "garbage"])
def test_a_stream_breaks_after_so_many_chunks(fault: str, after: int, tokens: int) -> None:
    """At the end of the content where there are fewer, but never after the finish."""
    played = asyncio.run(broken_stream(f"{fault}-after-{after}"))
    before = [piece for piece in played.pieces if piece.startswith(b'data: {"id"')]
    if fault == "garbage":
        broken = next(place for place, data in enumerate(played.data) if not data.endswith((b"}", b"]")))
        before = played.pieces[:broken]
        assert played.data[-1] == b"[DONE]"
        assert contents(played) == TOKENS
    else:
        assert contents(played) == TOKENS[:tokens]
        assert b'finish_reason":"' not in played.body
    assert len(before) == (tokens + 1 if after else 0)
    assert (played.failure is not None, played.stalled) == (fault == "cut", fault == "stall")
    if fault == "error":
        assert orjson.loads(played.data[-1])["error"].keys() == {"message", "type", "param", "code"}


async def broken_stream(model: str, seconds: float = 0.02) -> Played:
    """Read to the end, or until nothing comes for a moment."""
    body = {"model": f"{model}+fast", "messages": [USER], "stream": True}
    sleeper = Sleeper()
    return await listen(outbound(body), DemoTransport(sleeper), sleeper, patience=seconds)


def test_a_cut_is_a_failure_of_the_connection_and_stays_one() -> None:
    async def read_on() -> list[str]:
        request = outbound({"model": "cut-after-1+fast", "messages": [USER], "stream": True})
        reply = await DemoTransport(Sleeper()).send(request)
        words = []
        for _ in range(4):
            try:
                await reply.read()
            except Failure as failure:
                words.append(f"{failure.kind} {failure.in_stream}: {failure}")
        return words

    assert (
        asyncio.run(read_on())
        == ["connection upstream_stream_interrupted: the connection was cut in the middle of the answer"] * 2
    )


@pytest.mark.parametrize("fault", ["cut-after-3", "stall", "garbage-after-3"])
def test_a_whole_answer_breaks_in_the_middle(fault: str) -> None:
    whole = ask(model="fast").body.replace(b'"fast"', f'"{fault}"'.encode())
    played = asyncio.run(broken_whole(fault))
    assert 0 < len(played.body) < len(whole) - 50
    assert (played.failure is not None, played.stalled) == (fault == "cut-after-3", fault == "stall")
    with pytest.raises(orjson.JSONDecodeError):
        orjson.loads(played.body)


async def broken_whole(model: str) -> Played:
    sleeper = Sleeper()
    request = outbound({"model": model, "messages": [USER]})
    return await listen(request, DemoTransport(sleeper), sleeper, patience=0.02)


def test_an_error_in_a_whole_answer_is_its_status() -> None:
    assert ask(model="error-after-3").status == 500


def test_a_stream_without_a_finish() -> None:
    played = ask(model="no-finish+fast", stream=True, stream_options={"include_usage": True})
    assert contents(played) == TOKENS
    assert (played.failure, played.stalled, len(played.data)) == (None, False, 6)


def test_a_whole_answer_without_a_finish() -> None:
    assert ask(model="no-finish").json["choices"][0]["finish_reason"] is None


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("model", "kind", "start"),
    [
        ("ok-error", "application/json", b'{"error":{"message":'),
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
        ("empty", "application/json", b""),
    ],
)
def test_a_200_that_is_no_answer(model: str, kind: str, start: bytes, stream: bool) -> None:
    played = ask(model=model, stream=stream)
    assert (played.status, played.headers["content-type"]) == (200, kind)
    assert played.body.startswith(start)
    assert bool(played.body) == bool(start)


@pytest.mark.parametrize("model", ["refused", "reset", "refused+late-100"])
def test_a_connection_that_fails_before_an_answer(model: str) -> None:
    played = ask(model=model)
    assert played.status == 0
    assert played.failure is not None
    assert (played.failure.kind, played.failure.stale) == ("connection", False)


def test_a_flaky_model_fails_first_and_answers_then() -> None:
    async def calls(*models: str) -> list[int]:
        transport = DemoTransport(Sleeper())
        bodies = [{"model": model, "messages": [USER]} for model in models]
        return [(await transport.send(outbound(body))).status for body in bodies]

    names = ["flaky-2", "flaky-1", "flaky-2", "flaky-1", "echo", "flaky-2", "flaky-2"]
    assert asyncio.run(calls(*names)) == [500, 500, 500, 200, 200, 200, 200]
    assert asyncio.run(calls("flaky-1")) == [500]


def test_rate_limits_are_told_with_an_answer() -> None:
    headers = ask().headers
    assert headers["x-ratelimit-limit-requests"] == "10000"
    assert headers["x-ratelimit-remaining-requests"] == "9999"
    assert int(headers["x-ratelimit-remaining-tokens"]) < int(headers["x-ratelimit-limit-tokens"])
    assert headers["x-ratelimit-reset-tokens"].endswith("ms")
    assert headers["x-request-id"].startswith("req_")
    assert all(name == name.lower() for name in headers)


def test_misbehaviour_adds_up() -> None:
    played: Any = asyncio.run(broken_stream("lorem+slow-70+cut-after-2"))
    assert contents(played) == ["Lorem", " ipsum"]
    assert played.waits == [0.07, 0.0]
    assert played.failure is not None
