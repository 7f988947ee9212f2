"""Faults C, rows 37-40: a stream (or an answer) that never begins. The client must not notice."""

import json
from typing import Any

import pytest

from tests.kit.expect import is_error, is_good
from tests.kit.lanes import Lane
from tests.kit.replies import DONE, LAST_CHUNK, ROLE, USAGE_CHUNK, Json, chunk, head, open_sse, sse
from tests.kit.server import eventually
from tests.kit.upstream import Fin, Hold, Rst, Send, Sleep, Step

PING = b": PROCESSING\n\n"
WAITING: list[Json | bytes | Step] = [Sleep(0.08), PING, chunk(""), Sleep(0.08), chunk(), USAGE_CHUNK]
LATE = open_sse(ROLE, *WAITING, *WAITING, *WAITING, *WAITING, chunk("late"))


def _let_go(lane: Lane) -> bool:
    return eventually(lambda: all(c.left is not None for c in lane.a.connections), 0.25)


def test_row_37_silence_moves_on_without_a_second_try(lane: Lane, stream: bool) -> None:
    lane.a.play([Hold()])
    answer = lane.post("swift-ab", stream=stream)
    is_good(answer, "from b", lane.attempts(answer), ["a:timeout", "b:ok"])
    assert 0.29 < answer.elapsed < 1.2
    assert len(lane.a.requests) == 1
    assert _let_go(lane)
    assert lane.tried("a", "timeout") == 1


def test_row_37_silence_alone(lane: Lane, stream: bool) -> None:
    lane.a.play([Hold()])
    answer = lane.post("swift-a", stream=stream)
    is_error(answer, 504, "upstream_timeout", "timeout_error")
    assert lane.attempts(answer) == ["a:timeout"]
    assert "x-should-retry" not in answer.headers
    assert _let_go(lane)


def test_row_37_silence_until_the_deadline(lane: Lane, stream: bool) -> None:
    lane.a.play([Hold()])
    answer = lane.post("brief", stream=stream)
    is_error(answer, 504, "deadline_exceeded", "timeout_error")
    assert 0.55 < answer.elapsed < 1.5
    assert _let_go(lane)


def test_row_37_a_unary_answer_that_stops_in_the_middle(lane: Lane) -> None:
    begun = head(200, {"content-type": "application/json", "content-length": "400"}) + b'{"id": "chatcmpl-'
    lane.a.play([Send(begun), Hold()])
    answer = lane.post("brief")
    is_error(answer, 504, "deadline_exceeded", "timeout_error")
    assert _let_go(lane)


@pytest.mark.parametrize("alone", [False, True], ids=["moves-on", "alone"])
def test_row_38_signs_of_life_are_no_content(lane: Lane, alone: bool) -> None:
    lane.a.play(LATE)
    answer = lane.post("swift-a" if alone else "swift-ab", stream=True)
    if alone:
        is_error(answer, 504, "upstream_timeout", "timeout_error")
    else:
        is_good(answer, "from b", lane.attempts(answer), ["a:timeout", "b:ok"])
        assert [c["choices"][0]["delta"].get("role") for c in answer.chunks].count("assistant") == 1
    assert 0.29 < answer.elapsed < 1.2
    assert _let_go(lane)


def test_row_38_content_just_in_time(lane: Lane) -> None:
    lane.a.play(open_sse(ROLE, Sleep(0.15), *sse(chunk("from a"), chunk(finish="stop"))[1:]))
    answer = lane.post("swift-ab", stream=True)
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])


def _error(**members: Any) -> dict[str, Any]:
    return {"error": {"message": "sorry about that", **members}}


ERROR_EVENTS = {
    "openai": (_error(type="requests", code="rate_limit_exceeded"), "rate_limit", 429, "rate_limit_exceeded"),
    "openai-server": (_error(type="server_error", code=None), "server_error", 502, "upstream_error"),
    "openrouter": (
        {**chunk(finish="error"), **_error(code=502)},
        "server_error",
        502,
        "upstream_error",
    ),
    "openrouter-overloaded": ({**chunk(finish="error"), **_error(code=529)}, "overloaded", 503, "upstream_overloaded"),
    "anthropic": ({"type": "error", **_error(type="overloaded_error")}, "overloaded", 503, "upstream_overloaded"),
}


@pytest.mark.parametrize(("event", "result", "status", "code"), ERROR_EVENTS.values(), ids=ERROR_EVENTS)
@pytest.mark.parametrize("named", [False, True], ids=["data-only", "event-error"])
def test_row_39_an_error_as_first_event_keeps_its_status(
    lane: Lane, event: dict[str, Any], result: str, status: int, code: str, named: bool
) -> None:
    data = b"event: error\n" * named + b"data: " + json.dumps(event).encode() + b"\n\n"
    lane.a.play(sse(ROLE, data))
    answer = lane.post("hasty", stream=True)
    assert is_error(answer, status, code)["message"].endswith("sorry about that")
    assert lane.attempts(answer)[-1] == f"a:{result}"


@pytest.mark.parametrize(("event", "result", "status", "code"), ERROR_EVENTS.values(), ids=ERROR_EVENTS)
def test_row_39_an_error_as_first_event_moves_on(
    lane: Lane, event: dict[str, Any], result: str, status: int, code: str
) -> None:
    lane.a.play(sse(event))
    answer = lane.post("ab", stream=True)
    is_good(answer, "from b", lane.attempts(answer)[-2:], [f"a:{result}", "b:ok"])


GAP = Sleep(0.02)
EARLY_ENDS: dict[str, tuple[list[Step], str]] = {
    "reset-after-headers": (open_sse(GAP, Rst()), "connection"),
    "reset-after-role": (open_sse(ROLE, GAP, Rst()), "connection"),
    "fin-after-role": (open_sse(ROLE, GAP, Fin()), "connection"),
    "clean-end-at-once": ([*open_sse(), LAST_CHUNK], "connection"),
    "clean-end-after-role": ([*open_sse(ROLE), LAST_CHUNK], "connection"),
    "done-after-role": ([*open_sse(ROLE, DONE), LAST_CHUNK], "connection"),
    "garbage": (sse(b"data: {nope\n\n"), "invalid_response"),
    "not-a-chunk": (sse(b'data: "text"\n\n'), "invalid_response"),
}
TOLD = {"invalid_response": "invalid_response", "connection": "connect_failed"}
early_ends = pytest.mark.parametrize(("steps", "result"), EARLY_ENDS.values(), ids=EARLY_ENDS)


@early_ends
def test_row_40_an_end_before_content_moves_on(lane: Lane, steps: list[Step], result: str) -> None:
    lane.a.play(steps)
    answer = lane.post("ab", stream=True)
    is_good(answer, "from b", lane.attempts(answer), [f"a:{result}", "b:ok"])
    assert [c["choices"][0]["delta"].get("role") for c in answer.chunks].count("assistant") == 1


@early_ends
def test_row_40_alone_the_client_gets_a_real_status(lane: Lane, steps: list[Step], result: str) -> None:
    lane.a.play(steps)
    answer = lane.post("a", stream=True)
    is_error(answer, 502, TOLD[result], "upstream_error")
    assert lane.attempts(answer) == [f"a:{result}"]
