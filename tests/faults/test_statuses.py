"""Faults B: what an upstream's status leads to."""

import pytest

from tests.kit.expect import is_error, is_good
from tests.kit.lanes import Lane
from tests.kit.replies import error_reply, say

GOOD = say("from a")


def test_row_20_and_21_a_hiccup_is_tried_again(lane: Lane, stream: bool) -> None:
    for status, result in ((500, "server_error"), (408, "timeout"), (409, "server_error")):
        lane.a.play(error_reply(status), GOOD)
        answer = lane.post("ab", stream=stream)
        is_good(answer, "from a", lane.attempts(answer), [f"a:{result}", "a:ok"])
        assert answer.headers["x-trunkline-fallback"] == "true", "an attempt failed before"
    assert lane.b.requests == []
    assert (lane.tried("a", "server_error"), lane.tried("a", "timeout"), lane.tried("a", "ok")) == (2, 1, 3)


def test_row_21_persistent_moves_on_after_one_retry(lane: Lane, stream: bool) -> None:
    lane.a.play(error_reply(500))
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), ["a:server_error", "a:server_error", "b:ok"])


def test_row_21_persistent_alone(lane: Lane, stream: bool) -> None:
    lane.a.play(error_reply(500, "boom at the provider"))
    answer = lane.post("a", stream=stream)
    error = is_error(answer, 502, "upstream_error", "upstream_error")
    assert lane.attempts(answer) == ["a:server_error", "a:server_error"]
    assert answer.headers["x-should-retry"] == "false"
    assert error["message"].endswith("boom at the provider")


def test_row_21_no_retry_for_a_client_that_is_itself_retrying(lane: Lane) -> None:
    lane.a.play(error_reply(500))
    answer = lane.post("ab", headers={"x-stainless-retry-count": "1"})
    is_good(answer, "from b", lane.attempts(answer), ["a:server_error", "b:ok"])


ILL = [
    (502, "server_error", 502, "upstream_error"),
    (503, "overloaded", 503, "upstream_overloaded"),
    (504, "timeout", 504, "upstream_timeout"),
    (529, "overloaded", 503, "upstream_overloaded"),
]
ill = pytest.mark.parametrize(("status", "result", "told", "code"), ILL, ids=[str(row[0]) for row in ILL])


@ill
def test_row_22_ill_moves_on(lane: Lane, stream: bool, status: int, result: str, told: int, code: str) -> None:
    lane.a.play(error_reply(status))
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), [f"a:{result}", "b:ok"])
    assert lane.tried("a", result) == 1


@ill
def test_row_22_ill_alone(lane: Lane, stream: bool, status: int, result: str, told: int, code: str) -> None:
    lane.a.play(error_reply(status))
    answer = lane.post("a", stream=stream)
    is_error(answer, told, code)
    assert lane.attempts(answer) == [f"a:{result}"]
    assert "x-should-retry" not in answer.headers


def test_row_22_breaker_opens_and_a_probe_closes_it(lane: Lane) -> None:
    lane.a.play(error_reply(502), error_reply(502), GOOD)
    lane.post("ab")
    lane.post("ab")
    assert lane.state("a") == 2
    answer = lane.post("ab")
    is_good(answer, "from b", lane.attempts(answer), ["b:ok"])
    assert answer.headers["x-trunkline-fallback"] == "true"

    def back() -> bool:
        return lane.attempts(lane.post("ab")) == ["a:ok"]

    assert lane.eventually(back, 1.5), "cooldown of 400 ms is over, yet the target was not tried again"
    lane.post("ab")
    assert lane.state("a") == 0


@pytest.mark.parametrize("status", [503, 529])
def test_row_22_retry_after_binds(lane: Lane, status: int) -> None:
    lane.a.play(error_reply(status, headers={"retry-after": "30"}))
    first = lane.post("a")
    is_error(first, 503, "upstream_overloaded", "overloaded_error")
    assert first.headers["retry-after"] == "30"
    second = lane.post("a")
    is_error(second, 429, "all_targets_cooling", "rate_limit_error")
    assert int(second.headers["retry-after"]) in range(28, 31)
    assert len(lane.a.requests) == 1


REFUSED = pytest.mark.parametrize("status", [401, 403])


@REFUSED
def test_row_23_refused_key_moves_on(lane: Lane, stream: bool, status: int) -> None:
    lane.a.play(error_reply(status, "Incorrect API key provided"))
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), ["a:auth", "b:ok"])


@REFUSED
def test_row_23_refused_key_alone_is_not_the_clients_fault(lane: Lane, stream: bool, status: int) -> None:
    lane.a.play(error_reply(status, "Incorrect API key provided"))
    answer = lane.post("a", stream=stream)
    is_error(answer, 502, "upstream_auth", "upstream_error")
    assert lane.attempts(answer) == ["a:auth"]
    assert answer.headers["x-should-retry"] == "false"
    assert "retry-after" not in answer.headers


def test_row_23_a_refused_key_is_parked(lane: Lane, stream: bool) -> None:
    lane.a.play(error_reply(401))
    lane.post("ab", stream=stream)
    again = lane.post("ab", stream=stream)
    is_good(again, "from b", lane.attempts(again), ["b:ok"])
    assert again.headers["x-trunkline-fallback"] == "true"
    alone = lane.post("a", stream=stream)
    is_error(alone, 502, "upstream_auth")
    assert alone.headers["x-should-retry"] == "false"
    assert alone.attempts == []
    assert len(lane.a.requests) == 1


def test_row_23_a_forbidden_model_parks_nothing(lane: Lane) -> None:
    lane.a.play(error_reply(403, "this model is not for you", code="model_forbidden"), GOOD)
    lane.post("ab")
    answer = lane.post("ab")
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])


@pytest.mark.parametrize("status", [400, 413, 422])
def test_row_24_the_clients_own_fault_passes_through(lane: Lane, stream: bool, status: int) -> None:
    words = "Invalid value for 'top_p': must be at most 1"
    lane.a.play(error_reply(status, words, type="invalid_request_error", param="top_p", code="integer_above_max_value"))
    for _ in range(4):
        answer = lane.post("ab", stream=stream)
        error = is_error(answer, status, "integer_above_max_value", "invalid_request_error")
        assert error["message"].endswith(words)
        assert error["param"] == "top_p"
        assert lane.attempts(answer) == ["a:invalid_request"]
        assert answer.headers["x-should-retry"] == "false"
        assert answer.headers["x-trunkline-fallback"] == "false"
    assert len(lane.a.requests) == 4, "it does not count against the target"
    assert lane.b.requests == []
    assert lane.state("a") == 0


def test_row_24_without_a_code_of_its_own(lane: Lane) -> None:
    lane.a.play(error_reply(400, "no"))
    is_error(lane.post("ab"), 400, "invalid_request", "invalid_request_error")
