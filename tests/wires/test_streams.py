"""Replies in events: (bytes, what comes of them), whatever the chunking (faults C)."""

import orjson
import pytest

from tests.hub.support import in_all_ways
from tests.hub.upstream import ROLE, STOP, USAGE, answer, choice, chunk, says, text
from tests.wires.support import DONE, SSE, Outcome, call, read, reader, sse

CHUNKS = [ROLE, text("né"), STOP]


TOLD = sse(*CHUNKS)
BROKEN = ("invalid_response", "an event of the stream is not valid JSON", None)
NO_OBJECT = ("invalid_response", "an event of the stream is not a JSON object", None)

STREAMS: dict[str, tuple[bytes, Outcome]] = {
    "OpenAI": (TOLD + DONE, Outcome(CHUNKS, done=True)),
    "no [DONE]": (TOLD, Outcome(CHUNKS)),
    "no final blank line": (TOLD + DONE[:-2], Outcome(CHUNKS, done=True)),
    "blanks around [DONE]": (TOLD + b"data:  [DONE] \n\n", Outcome(CHUNKS, done=True)),
    "data after [DONE]": (TOLD + DONE + sse(text("x"), b"{", {"error": {"message": "no"}}), Outcome(CHUNKS, done=True)),
    "comments after [DONE]": (TOLD + DONE + b": x\n\n", Outcome(CHUNKS, done=True)),
    "[DONE] alone": (DONE, Outcome([], done=True)),
    "empty": (b"", Outcome([])),
    "comments": (b": a\n\n" + sse(ROLE) + b": b\n\n", Outcome(["ping", ROLE, "ping"])),
    "ping events": (b"event: ping\n\n" + sse(ROLE) + b"event: ping\ndata:\n\n", Outcome(["ping", ROLE, "ping"])),
    "empty data": (sse(ROLE, b"", STOP), Outcome([ROLE, "ping", STOP])),
    "an empty object is no ping": (sse({}, STOP), Outcome([{}, STOP])),
    "error null": (sse({**ROLE, "error": None}), Outcome([{**ROLE, "error": None}])),
    "error empty": (sse({**ROLE, "error": {}}), Outcome([{**ROLE, "error": {}}])),
    "CRLF": (TOLD.replace(b"\n", b"\r\n"), Outcome(CHUNKS)),
    "not UTF-8": (
        sse(ROLE, orjson.dumps(text("né")).replace("é".encode(), b"\xe9"), STOP),
        Outcome([ROLE, text("n\ufffd"), STOP]),
    ),
    "half a surrogate pair": (
        sse(orjson.dumps(text("n!")).replace(b"!", b"\\ud83d")),
        Outcome([text("n\ufffd")]),
    ),
    "malformed": (sse(ROLE, text("a"), b"{", STOP), Outcome([ROLE, text("a")], BROKEN)),
    "cut in an event": (sse(ROLE) + sse(text("a"))[:-9], Outcome([ROLE], BROKEN)),
    "NaN": (sse(ROLE, b'{"x": NaN}'), Outcome([ROLE], BROKEN)),
    "HTML inside": (sse(ROLE, b"<html>"), Outcome([ROLE], BROKEN)),
    "a list": (sse(ROLE, []), Outcome([ROLE], NO_OBJECT)),
    "text": (sse(ROLE, "a"), Outcome([ROLE], NO_OBJECT)),
    "null": (sse(ROLE, b"null"), Outcome([ROLE], NO_OBJECT)),
}


@pytest.mark.parametrize(("body", "outcome"), STREAMS.values(), ids=STREAMS)
def test_a_stream(body: bytes, outcome: Outcome) -> None:
    assert in_all_ways(reader(call(stream=True), SSE), body) == outcome


def test_a_stream_without_a_content_type() -> None:
    assert in_all_ways(reader(call(stream=True), ""), TOLD + DONE).events == CHUNKS


def test_a_content_type_has_no_case() -> None:
    assert read(call(stream=True), "Text/Event-Stream", [TOLD]).events == CHUNKS


def test_an_event_deeper_than_can_be_sent() -> None:
    """orjson reads 1,024 levels and writes 254 (faults 0.8)."""
    deep = orjson.dumps(text("a"))[:-1] + b',"x":' + b"[" * 300 + b"]" * 300 + b"}"
    outcome = read(call(stream=True), SSE, [sse(ROLE, deep)])
    assert (outcome.events, (outcome.failed or ("",))[0]) == ([ROLE], "invalid_response")


def test_an_event_of_many_brackets_is_not_a_deep_one() -> None:
    wide = {**text("[" * 500), "x": [[]] * 500}
    assert read(call(stream=True), SSE, [sse(wide)]) == Outcome([wide])


def test_a_stream_where_a_whole_answer_was_asked_for() -> None:
    body = b": x\n\n" + sse(ROLE, text("n"), text("é"), chunk(choice({}, "stop"), usage=USAGE)) + DONE
    assert in_all_ways(reader(call(), SSE), body).events == [answer(says("né"))]


ENDS: dict[str, tuple[bytes, bool]] = {
    "finish": (TOLD, True),
    "cut after the finish": (TOLD + b"data: [DO", True),
    "error after the finish, then text": (TOLD + sse({"error": {"message": "m"}}, text("x")), True),
    "garbage after [DONE]": (TOLD + DONE + b"data: {\n\n", True),
    "no finish": (sse(ROLE, text("a")), False),
    "[DONE] without finish": (sse(ROLE, text("a")) + DONE, False),
    "nothing": (b"", False),
    "comments": (b": x\n\n", False),
    "malformed": (sse(ROLE, b"{") + TOLD, False),
    "finish error": (sse(ROLE, chunk(choice({}, "error"))), False),
    "not a choice": (sse(chunk("x")), False),
}


@pytest.mark.parametrize(("body", "answered"), ENDS.values(), ids=ENDS)
def test_rows_45_and_46_only_a_finish_reason_makes_a_folded_stream_whole(body: bytes, answered: bool) -> None:
    outcome = in_all_ways(reader(call(), SSE), body)
    assert (len(outcome.events), outcome.failed is None) == (int(answered), answered)
    assert answered or (outcome.failed or ("",))[0] in ("invalid_response", "server_error")
