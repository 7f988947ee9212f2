"""Faults A: connecting."""

from tests.kit.expect import is_error, is_good
from tests.kit.lanes import Lane
from tests.kit.replies import say
from tests.kit.upstream import Fin, Rst, Sleep, Step

GOOD = say("from a")


def test_row_1_refused_moves_on_at_once(lane: Lane, stream: bool) -> None:
    lane.a.refuse()
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), ["a:connection", "b:ok"])
    assert answer.headers["x-trunkline-fallback"] == "true"
    assert answer.headers["x-trunkline-provider"] == f"b{lane.number}"
    assert answer.headers["x-trunkline-model"] == "m"
    assert answer.headers["x-trunkline-route"] == f"ab-{lane.number}"
    assert answer.elapsed < 0.5, "it waited for something"
    assert (lane.tried("a", "connection"), lane.tried("b", "ok")) == (1, 1)


def test_row_1_refused_alone(lane: Lane, stream: bool) -> None:
    lane.a.refuse()
    answer = lane.post("a", stream=stream)
    error = is_error(answer, 502, "connect_failed", "upstream_error")
    assert lane.attempts(answer) == ["a:connection"]
    assert f"a-{lane.number}" in error["message"]
    assert f"a{lane.number}/m" in error["message"]
    assert str(lane.a.port) not in error["message"]
    assert answer.headers["x-trunkline-fallback"] == "false"
    assert "x-should-retry" not in answer.headers, "one attempt only: the client may try again"


def test_row_1_both_refused(lane: Lane, stream: bool) -> None:
    lane.a.refuse()
    lane.b.refuse()
    answer = lane.post("ab", stream=stream)
    is_error(answer, 502, "connect_failed", "upstream_error")
    assert lane.attempts(answer) == ["a:connection", "b:connection"]
    assert answer.headers["x-should-retry"] == "false"
    assert answer.headers["x-trunkline-fallback"] == "true"


def test_row_1_refused_again_and_again_opens_the_breaker(lane: Lane) -> None:
    lane.a.refuse()
    lane.post("ab")
    lane.post("ab")
    answer = lane.post("ab")
    is_good(answer, "from b", lane.attempts(answer), ["b:ok"])
    assert answer.headers["x-trunkline-fallback"] == "true", "the preferred target was passed over"
    assert lane.state("a") == 2


def test_row_1_an_open_breaker_only_advises(lane: Lane) -> None:
    lane.a.refuse()
    for _ in range(4):
        assert lane.attempts(lane.post("a")) == ["a:connection"]


def _dies_when_reused(lane: Lane, end: Step) -> None:
    """The upstream answers once a connection, then hangs up on the next request without a byte."""

    lane.a.play(lambda request: GOOD(request) if request.nth == 1 else [end])


def test_row_9_reset_on_a_reused_connection(lane: Lane, stream: bool) -> None:
    for end in (Rst(), Fin()):
        _dies_when_reused(lane, end)
        for _ in range(3):
            answer = lane.post("ab", stream=stream)
            is_good(answer, "from a", lane.attempts(answer)[-1:], ["a:ok"])
    assert lane.b.requests == []
    assert any(request.nth == 2 for request in lane.a.requests), "no connection was ever reused"
    assert lane.state("a") == 0, "a stale connection says nothing about the target"


def test_row_9_connection_closed_while_idle(lane: Lane, stream: bool) -> None:
    lane.a.play(lambda request: [*GOOD(request), Sleep(0.02), Rst()])
    for _ in range(3):
        answer = lane.post("ab", stream=stream)
        is_good(answer, "from a", lane.attempts(answer)[-1:], ["a:ok"])
    assert lane.b.requests == []


def test_row_10_reset_on_a_fresh_connection_moves_on(lane: Lane, stream: bool) -> None:
    lane.a.play([Rst()])
    answer = lane.post("ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), ["a:connection", "b:ok"])
    assert len(lane.a.requests) == 1
