"""Faults C, rows 41-46: a stream that fails after its first content. The client must notice, and nobody else serves."""

import json
from typing import Any

import pytest

from tests.kit.expect import is_broken, is_good
from tests.kit.lanes import Lane
from tests.kit.replies import DONE, FINISH, LAST_CHUNK, ROLE, USAGE_CHUNK, chunk, eof_sse, framed, open_sse, sse, tokens
from tests.kit.server import eventually
from tests.kit.upstream import Fin, Hold, Rst, Send, Sleep, Step

GAP = Sleep(0.02)
LOG_FIELDS = {
    "ts", "level", "request_id", "route", "provider", "model", "status", "error_class", "stream", "attempts",
    "input_tokens", "output_tokens", "cost_usd", "first_token_ms", "duration_ms", "key", "cache",
}  # fmt: skip


def text(count: int) -> str:
    return "".join(f"t{number} " for number in range(count))


def cuts(count: int) -> dict[str, list[Step]]:
    begun = open_sse(ROLE, *tokens(count))
    return {
        "rst": [*begun, GAP, Rst()],
        "fin-in-chunked-body": [*begun, GAP, Fin()],
        "fin-in-an-event": [*begun, framed(b'data: {"id": "chatcmpl-up", "obj'), GAP, Fin()],
        "clean-end": [*begun, LAST_CHUNK],
        "done-without-finish": [*open_sse(ROLE, *tokens(count), DONE), LAST_CHUNK],
        "body-until-eof": eof_sse(ROLE, *tokens(count)),
        "usage-but-no-finish": sse(ROLE, *tokens(count), USAGE_CHUNK),
    }


@pytest.mark.parametrize("how", cuts(1))
@pytest.mark.parametrize("count", [1, 40])
def test_row_41_and_46_cut_after_tokens(lane: Lane, count: int, how: str) -> None:
    lane.a.play(cuts(count)[how])
    answer = lane.post("ab", stream=True)
    error = is_broken(answer, text(count), "upstream_stream_interrupted")
    assert f"ab-{lane.number}" in error["message"]
    assert f"a{lane.number}/m" in error["message"]
    assert lane.attempts(answer) == ["a:ok"], "committed"
    assert [told["target"] for told in answer.tail["attempts"]] == [f"a{lane.number}/m"]
    assert len(lane.a.requests) == 1
    assert lane.b.requests == []


def test_row_41_is_counted_and_logged(lane: Lane) -> None:
    lane.a.play(cuts(3)["rst"])
    answer = lane.post("ab", stream=True)
    line = lane.server.log_line(answer.headers["x-request-id"])
    assert (line["status"], line["stream"], line["route"]) == (200, True, f"ab-{lane.number}")
    assert (line["provider"], line["model"], line["key"]) == (f"a{lane.number}", "m", "tester")
    assert line["error_class"] == "connection"
    assert set(line) == LOG_FIELDS
    labels = {"route": f"ab-{lane.number}", "status": "200", "stream": "true"}
    assert lane.server.metric("trunkline_requests_total", error_class=line["error_class"], **labels) == 1
    assert lane.server.metric("trunkline_requests_total", error_class="", **labels) == 0


def test_row_41_counts_against_the_target(lane: Lane) -> None:
    lane.a.play(cuts(1)["rst"])
    lane.post("ab", stream=True)
    lane.post("ab", stream=True)
    answer = lane.post("ab", stream=True)
    is_good(answer, "from b", lane.attempts(answer), ["b:ok"])


def test_row_41_what_came_before_a_garbled_chunk_size_is_told(lane: Lane) -> None:
    lane.a.play([*open_sse(ROLE, *tokens(2)), GAP, Send(b"zz\r\nwhat\r\n"), Fin()])
    answer = lane.post("ab", stream=True)
    is_broken(answer, text(2), "invalid_response")
    assert answer.elapsed < 1, "it waited for the idle timeout"


def test_row_42_stall(lane: Lane) -> None:
    lane.a.play(open_sse(ROLE, *tokens(2), Hold()))
    answer = lane.post("swift-ab", stream=True)
    is_broken(answer, text(2), "upstream_stream_stalled", "timeout_error")
    last = next(frame.at for frame in reversed(answer.frames) if frame.kind == "chunk")
    assert 0.28 < answer.ended - last < 1.2
    assert eventually(lambda: lane.a.connections[0].left is not None, 0.25)
    assert lane.b.requests == []


def test_row_42_comments_do_not_hide_a_stall(lane: Lane) -> None:
    pings: list[Step] = [step for _ in range(40) for step in (*open_sse(b": still here\n\n")[1:], Sleep(0.05))]
    lane.a.play([*open_sse(ROLE, *tokens(2)), *pings])
    answer = lane.post("swift-ab", stream=True)
    is_broken(answer, text(2), "upstream_stream_stalled", "timeout_error")
    assert answer.elapsed < 1.5, "the comments went on for 2 s"


def test_row_43_drip_until_the_deadline(lane: Lane) -> None:
    drops = [item for token in tokens(60) for item in (token, Sleep(0.05))]
    lane.a.play(sse(ROLE, *drops, FINISH))
    answer = lane.post("brief", stream=True)
    is_broken(answer, text(len(answer.text.split())), "deadline_exceeded", "timeout_error")
    assert 0.55 < answer.elapsed < 1.5
    assert len(answer.text.split()) >= 5
    assert eventually(lambda: lane.a.connections[0].left is not None, 0.25)


def _error(**members: Any) -> dict[str, Any]:
    return {"error": {"message": "sorry about that", **members}}


IN_STREAM = {
    "openai": (_error(type="server_error", code=None), "upstream_error", "upstream_error"),
    "openai-rate-limit": (_error(code="rate_limit_exceeded"), "rate_limit_exceeded", "rate_limit_error"),
    "anthropic": ({"type": "error", **_error(type="overloaded_error")}, "upstream_overloaded", "overloaded_error"),
    "openrouter": ({**chunk("", finish="error"), **_error(code=502)}, "upstream_error", "upstream_error"),
}


@pytest.mark.parametrize(("event", "code", "kind"), IN_STREAM.values(), ids=IN_STREAM)
@pytest.mark.parametrize("named", [False, True], ids=["data-only", "event-error"])
@pytest.mark.parametrize("then", [b"", DONE], ids=["ends", "done-follows"])
def test_row_44_error_event_in_the_middle(
    lane: Lane, event: dict[str, Any], code: str, kind: str, named: bool, then: bytes
) -> None:
    data = b"event: error\n" * named + b"data: " + json.dumps(event).encode() + b"\n\n"
    lane.a.play(sse(ROLE, *tokens(2), data, *([then] if then else []), done=False))
    answer = lane.post("ab", stream=True)
    error = is_broken(answer, text(2), code, kind)
    assert error["message"].endswith("sorry about that")
    assert lane.b.requests == []


ENDS_WELL: dict[str, list[Step]] = {
    "clean-end": sse(ROLE, *tokens(2), FINISH, USAGE_CHUNK, done=False),
    "body-until-eof": eof_sse(ROLE, *tokens(2), FINISH, USAGE_CHUNK),
    "without-usage": sse(ROLE, *tokens(2), FINISH, done=False),
    "no-blank-line-at-the-end": [
        *open_sse(ROLE, *tokens(2), b"data: " + json.dumps(FINISH).encode()),
        LAST_CHUNK,
    ],
}


@pytest.mark.parametrize("steps", ENDS_WELL.values(), ids=ENDS_WELL)
def test_row_45_a_missing_done_is_added(lane: Lane, steps: list[Step]) -> None:
    lane.a.play(steps)
    answer = lane.post("ab", stream=True)
    is_good(answer, text(2), lane.attempts(answer), ["a:ok"])
    assert lane.state("a") == 0


def test_row_47_what_follows_done_is_ignored(lane: Lane) -> None:
    lane.a.play(sse(ROLE, *tokens(2), FINISH, DONE, chunk("more"), _error()))
    answer = lane.post("ab", stream=True)
    is_good(answer, text(2), lane.attempts(answer), ["a:ok"])


def test_row_48_the_first_malformed_event_ends_the_stream(lane: Lane) -> None:
    lane.a.play(sse(ROLE, *tokens(2), b"data: {nope\n\n", chunk("more"), FINISH))
    is_broken(lane.post("ab", stream=True), text(2), "invalid_response")
