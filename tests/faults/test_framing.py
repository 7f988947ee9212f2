"""Faults C, rows 49-52 and 58: the same events, however an upstream frames them."""

import json
from typing import Any

import pytest

from tests.kit.answer import Answer
from tests.kit.expect import is_good
from tests.kit.lanes import Lane
from tests.kit.replies import (
    DONE,
    FINISH,
    LAST_CHUNK,
    ROLE,
    USAGE,
    USAGE_CHUNK,
    chunk,
    event,
    framed,
    open_sse,
    sliced,
    sse,
)
from tests.kit.upstream import Sleep

WORDS = "Grüße, 世界 😀"
EVENTS = [ROLE, chunk("Grüße, "), chunk("世界 "), chunk("😀"), FINISH, USAGE_CHUNK]
BODIES = [json.dumps(item, ensure_ascii=False).encode() for item in EVENTS] + [b"[DONE]"]


def _lines(end: bytes, blank: bytes) -> bytes:
    return b"".join(b"data: " + body + end + blank for body in BODIES)


def _multi_line() -> bytes:
    """Each event in several data lines, as JSON allows between its tokens."""
    indented = [json.dumps(item, ensure_ascii=False, indent=1).encode() for item in EVENTS]
    events = [b"".join(b"data: " + line + b"\n" for line in body.split(b"\n")) + b"\n" for body in indented]
    return b"".join(events) + DONE


FRAMINGS = {
    "lf": _lines(b"\n", b"\n"),
    "crlf": _lines(b"\r\n", b"\r\n"),
    "cr": _lines(b"\r", b"\r"),
    "crlf-then-lf": _lines(b"\r\n", b"\n"),
    "lf-then-cr": _lines(b"\n", b"\r"),
    "bom": b"\xef\xbb\xbf" + _lines(b"\n", b"\n"),
    "no-space": b"".join(b"data:" + body + b"\n\n" for body in BODIES),
    "multi-line": _multi_line(),
    "multi-line-crlf": _multi_line().replace(b"\n", b"\r\n"),
    "id-retry-event": b"".join(
        b"id: %d\nretry: 3000\nevent: message\ndata: %s\n\n" % (number, body) for number, body in enumerate(BODIES)
    ),
    "comments": b"".join(b": hello\n\n:\n\n: x\ndata: " + body + b"\n\n" for body in BODIES),
}


def _chunks(answer: Answer) -> list[dict[str, Any]]:
    """All events but what differs between two requests."""
    return [{k: v for k, v in c.items() if k not in ("id", "created")} for c in answer.chunks]


@pytest.mark.parametrize("piece", [0, 1], ids=["whole", "byte-by-byte"])
@pytest.mark.parametrize("framing", FRAMINGS)
def test_row_49_and_51_same_events_out(lane: Lane, framing: str, piece: int) -> None:
    steps = [*open_sse(FRAMINGS[framing]), LAST_CHUNK]
    lane.a.play(open_sse(*EVENTS, DONE, LAST_CHUNK), sliced(steps) if piece else steps)
    plain, answer = lane.post("ab", stream=True), lane.post("ab", stream=True)
    is_good(answer, WORDS, lane.attempts(answer), ["a:ok"])
    assert _chunks(answer) == _chunks(plain)


def test_row_51_each_byte_in_a_chunk_of_its_own(lane: Lane) -> None:
    body = FRAMINGS["crlf"]
    lane.a.play([*open_sse(), *(framed(body[i : i + 1]) for i in range(len(body))), LAST_CHUNK])
    answer = lane.post("ab", stream=True)
    is_good(answer, WORDS, lane.attempts(answer), ["a:ok"])


PINGS = {
    "event-ping-without-data": b"event: ping\n\n",
    "empty-data": b"data:\n\n",
    "blank-data": b"data: \n\n",
    "event-ping-empty-data": b"event: ping\ndata:\n\n",
}


@pytest.mark.parametrize("ping", PINGS.values(), ids=PINGS)
def test_row_52_a_ping_becomes_a_comment(lane: Lane, ping: bytes) -> None:
    gap = Sleep(0.03)
    lane.a.play(
        sse(ping, ROLE, ping, chunk("from "), gap, ping, ping, gap, chunk("a"), ping, FINISH, ping, USAGE_CHUNK)
    )
    answer = lane.post("ab", stream=True)
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])
    begun = next(i for i, frame in enumerate(answer.frames) if frame.kind == "chunk" and "from" in frame.text)
    assert "ping" in answer.kinds[begun:], "a sign of life is passed on once the stream has begun"
    assert set(answer.kinds) == {"chunk", "ping", "tail", "done"}


def test_row_52_a_providers_comments_stay_with_us(lane: Lane) -> None:
    comment = b": OPENROUTER PROCESSING\n\n"
    lane.a.play(sse(comment, ROLE, comment, chunk("from a"), comment, FINISH, comment))
    answer = lane.post("ab", stream=True)
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])
    assert "comment" not in answer.kinds


USAGES = {
    "chunk-of-its-own": [FINISH, USAGE_CHUNK],
    "in-the-finish-chunk": [{**FINISH, "usage": USAGE}],
    "in-every-chunk": [{**chunk("."), "usage": {**USAGE, "completion_tokens": 1}}, {**FINISH, "usage": USAGE}],
    "choices-null": [FINISH, {**USAGE_CHUNK, "choices": None}],
    "before-finish": [USAGE_CHUNK, FINISH],
}


@pytest.mark.parametrize("asked", [False, True], ids=["not-asked", "asked"])
@pytest.mark.parametrize("ending", USAGES.values(), ids=USAGES)
def test_row_58_usage_is_counted_always_and_shown_when_asked(
    lane: Lane, ending: list[dict[str, Any]], asked: bool
) -> None:
    lane.a.play(sse(ROLE, chunk("Hi"), *ending))
    answer = lane.post("ab", stream=True, stream_options={"include_usage": asked})
    assert lane.a.requests[0].json["stream_options"]["include_usage"] is True
    assert answer.finish == "stop"
    _shown(answer, asked)
    assert (answer.tail["input_tokens"], answer.tail["output_tokens"]) == (11, 7)
    labels = {"provider": f"a{lane.number}", "model": "m", "route": f"ab-{lane.number}", "key": "tester"}
    assert lane.server.metric("trunkline_tokens_total", type="input", **labels) == 11
    assert lane.server.metric("trunkline_tokens_total", type="output", **labels) == 7


def _shown(answer: Answer, asked: bool) -> None:
    """Exactly one usage chunk, after the last finish, and only for who asked."""
    if not asked:
        assert "usage" not in answer.kinds
        assert all("usage" not in body for body in answer.chunks)
        assert answer.kinds[-3:] == ["chunk", "tail", "done"]
        return
    assert answer.kinds.count("usage") == 1
    assert answer.kinds[-4:] == ["chunk", "usage", "tail", "done"]
    assert all(body["usage"] is None for body in answer.chunks)
    (shown,) = answer.only("usage")
    assert shown["choices"] == []
    assert shown["usage"].items() >= USAGE.items()


def test_row_58_without_any_usage(lane: Lane) -> None:
    lane.a.play(sse(ROLE, chunk("Hi"), FINISH))
    answer = lane.post("ab", stream=True)
    is_good(answer, "Hi", lane.attempts(answer), ["a:ok"])
    labels = {"provider": f"a{lane.number}", "model": "m"}
    assert lane.server.metric("trunkline_usage_missing_total", **labels) == 1


def test_row_50_invalid_utf8_never_goes_out(lane: Lane) -> None:
    broken = event(chunk("a?b")).replace(b"?", b"\xff")
    lane.a.play(sse(ROLE, broken, FINISH))
    answer = lane.post("ab", stream=True)
    is_good(answer, "a\ufffdb", lane.attempts(answer), ["a:ok"])
