"""Faults B, rows 15-18: an upstream that asks to be left alone."""

import time
from email.utils import formatdate

import pytest

from tests.kit.expect import is_error, is_good
from tests.kit.lanes import Lane
from tests.kit.replies import error_reply, say
from tests.kit.upstream import Step

GOOD = say("from a")


def limited(**headers: str) -> list[Step]:
    """429 with these headers, their underscores read as hyphens."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return error_reply(429, "slow down", told, type="requests", code="rate_limit_exceeded")


def test_row_15_moves_on_and_lets_the_target_rest(lane: Lane, stream: bool) -> None:
    lane.a.play(limited(retry_after="2"))
    for attempts in (["a:rate_limit", "b:ok"], ["b:ok"], ["b:ok"]):
        answer = lane.post("ab", stream=stream)
        is_good(answer, "from b", lane.attempts(answer), attempts)
        assert answer.headers["x-trunkline-fallback"] == "true"
    assert lane.tried("a", "rate_limit") == len(lane.a.requests) == 1
    assert lane.state("a") == 2


def test_row_15_the_rest_ends_when_the_provider_said(lane: Lane) -> None:
    lane.a.play(limited(retry_after_ms="500"), GOOD)
    lane.post("ab")
    said = lane.a.requests[0].at
    assert lane.eventually(lambda: lane.attempts(lane.post("ab")) == ["a:ok"], 2)
    assert 0.45 < lane.a.requests[1].at - said < 1


def test_row_15_alone_waits_and_tries_again(lane: Lane, stream: bool) -> None:
    lane.a.play(limited(retry_after="0.5"), GOOD)
    answer = lane.post("a", stream=stream)
    is_good(answer, "from a", lane.attempts(answer), ["a:rate_limit", "a:ok"])
    first, second = lane.a.requests
    assert 0.5 <= second.at - first.at < 0.5 * 1.2 + 0.6


def test_row_15_a_wait_longer_than_max_backoff_is_told_at_once(lane: Lane, stream: bool) -> None:
    lane.a.play(limited(retry_after="30"))
    answer = lane.post("a", stream=stream)
    error = is_error(answer, 429, "rate_limit_exceeded", "rate_limit_error")
    assert error["message"].endswith("slow down")
    assert answer.headers["retry-after"] == "30"
    assert answer.elapsed < 1
    assert lane.attempts(answer) == ["a:rate_limit"]
    assert "x-should-retry" not in answer.headers


def test_row_15_a_wait_beyond_the_deadline_is_told_at_once(lane: Lane, stream: bool) -> None:
    lane.a.play(limited(retry_after_ms="1500"))
    answer = lane.post("brief", stream=stream)
    is_error(answer, 429, "rate_limit_exceeded", "rate_limit_error")
    assert answer.headers["retry-after"] == "2"
    assert answer.elapsed < 1
    assert len(lane.a.requests) == 1


def test_row_18_all_targets_cooling(lane: Lane, stream: bool) -> None:
    lane.a.play(limited(retry_after="30"))
    lane.b.play(limited(retry_after="20"))
    first = lane.post("ab", stream=stream)
    is_error(first, 429, "rate_limit_exceeded", "rate_limit_error")
    assert lane.attempts(first) == ["a:rate_limit", "b:rate_limit"]
    assert first.headers["x-should-retry"] == "false"
    second = lane.post("ab", stream=stream)
    is_error(second, 429, "all_targets_cooling", "rate_limit_error")
    assert int(second.headers["retry-after"]) in range(18, 21), "the one that is back first"
    assert second.attempts == []
    assert len(lane.a.requests) == len(lane.b.requests) == 1


HOUR_AGO = time.time() - 3600

WAITS = {
    "seconds": ({"retry_after": "7"}, {7}),
    "milliseconds-first": ({"retry_after_ms": "5000", "retry_after": "90"}, {5}),
    "fraction": ({"retry_after": "2.5"}, {2, 3}),
    "date-by-the-providers-clock": (
        {"retry_after": formatdate(HOUR_AGO + 40, usegmt=True), "date": formatdate(HOUR_AGO, usegmt=True)},
        {40},
    ),
    "more-than-we-tell": ({"retry_after": "1000000000"}, {120}),
}


@pytest.mark.parametrize(("headers", "told"), WAITS.values(), ids=WAITS)
def test_row_16_what_the_client_is_told(lane: Lane, headers: dict[str, str], told: set[int]) -> None:
    lane.a.play(limited(**headers))
    answer = lane.post("hasty")
    is_error(answer, 429, "rate_limit_exceeded")
    assert int(answer.headers["retry-after"]) in told
    assert len(lane.a.requests) == 1


def test_row_16_a_date_by_our_own_clock(lane: Lane) -> None:
    lane.a.play(limited(retry_after=formatdate(time.time() + 50, usegmt=True)))
    assert int(lane.post("hasty").headers["retry-after"]) in range(47, 51)


@pytest.mark.parametrize("value", ["-5", "0", "soon", "nan", "", "Fri, 99 Foo 2026 99:99:99 GMT"])
def test_row_16_nonsense_is_as_good_as_nothing(lane: Lane, value: str) -> None:
    lane.a.play(limited(retry_after=value), GOOD)
    answer = lane.post("a")
    is_good(answer, "from a", lane.attempts(answer), ["a:rate_limit", "a:ok"])
    assert answer.elapsed < 1.5


def test_row_17_persistent_without_retry_after(lane: Lane, stream: bool) -> None:
    lane.a.play(limited())
    for _ in range(5):
        answer = lane.post("ab", stream=stream)
        is_good(answer, "from b", lane.attempts(answer)[-1:], ["b:ok"])
    assert 1 <= len(lane.a.requests) <= 2


def test_row_17_persistent_alone(lane: Lane) -> None:
    lane.a.play(limited())
    answer = lane.post("a")
    is_error(answer, 429, "rate_limit_exceeded", "rate_limit_error")
    assert lane.attempts(answer) == ["a:rate_limit", "a:rate_limit"]
    assert answer.headers["x-should-retry"] == "false"
