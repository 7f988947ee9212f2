"""What goes out on a stream: data events and comments of one line each, and nothing that breaks an SDK."""

from copy import deepcopy

import orjson
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import ANY_JSON, PROPERTY
from tests.hub.upstream import ROLE, STOP, USAGE, chunk, text
from trunkline.decoders import ALIVE, Event, ServerSentEvents
from trunkline.hub.sse import DONE, PING_COMMENT, error_frame, frames, tail_comment
from trunkline.ports import PING
from trunkline.types import Json


def events(raw: bytes) -> list[Event]:
    decoder = ServerSentEvents()
    return list(decoder.feed(raw))  # not closed: each event ends in a blank line of its own


def data(raw: bytes) -> list[Json]:
    return [orjson.loads(event.data or b"null") for event in events(raw)]


def test_nothing() -> None:
    assert frames([], False) == frames([], True) == b""


def test_one_event_a_chunk() -> None:
    raw = frames([ROLE, text("a\nb\r\n\u2028c"), STOP], False)
    assert data(raw) == [ROLE, text("a\nb\r\n\u2028c"), STOP]
    assert raw.count(b"\n") == 6
    assert b"\r" not in raw


def test_usage_is_null_but_once_where_it_was_asked_for() -> None:
    told = [deepcopy(one) for one in (ROLE, text("a"), STOP, chunk(usage=USAGE))]
    assert [one["usage"] for one in data(frames(told, True))] == [None, None, None, USAGE]


def test_usage_is_not_mentioned_where_it_was_not() -> None:
    assert not any("usage" in one for one in data(frames([deepcopy(ROLE), deepcopy(STOP)], False)))


def test_a_ping_is_a_comment() -> None:
    raw = frames([PING, deepcopy(ROLE), PING], True)
    assert events(raw) == [ALIVE, Event("", orjson.dumps({**ROLE, "usage": None})), ALIVE]
    assert raw.startswith(b": ping\n\n")
    assert raw.endswith(PING_COMMENT)
    assert PING == {}, "shared by all: never written to"


def test_only_the_ping_itself_is_one() -> None:
    assert frames([{}], False) == b"data: {}\n\n"


def test_the_end() -> None:
    assert events(DONE) == [Event("", b"[DONE]")]


def test_an_error_is_an_event_without_a_name() -> None:
    body = {"error": {"message": "no\n\ndata: x", "type": "upstream_error", "param": None, "code": "upstream_error"}}
    assert data(error_frame(body)) == [body]


def test_the_tail_is_a_comment() -> None:
    raw = tail_comment({"request_id": "r\n\ndata: x", "cost_usd": None})
    assert events(raw) == [ALIVE]
    assert orjson.loads(raw.removeprefix(b": trunkline ")) == {"request_id": "r\n\ndata: x", "cost_usd": None}


CHUNKS = st.lists(st.dictionaries(st.text(max_size=5), ANY_JSON, max_size=3) | st.just(PING), max_size=4)


@PROPERTY
@given(CHUNKS, st.booleans(), st.dictionaries(st.text(max_size=5), ANY_JSON, max_size=3))
def test_every_line_is_data_a_comment_or_blank(chunks: list[Json], with_usage: bool, fields: Json) -> None:
    """`event:`, `id:` and `retry:` lines break the official SDKs, and so does an event of two lines."""
    raw = frames(chunks, with_usage) + error_frame({"error": fields}) + tail_comment(fields) + DONE
    lines = raw.split(b"\n")
    assert lines.pop() == b""
    assert all(line == b"" for line in lines[1::2])
    assert all(line.startswith((b"data: ", b": ")) for line in lines[::2])
    assert len(lines) == 2 * (len(chunks) + 3)
    assert b"\r" not in raw
