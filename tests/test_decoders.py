"""Framing: (bytes, events) by the HTML standard 9.2.6 and faults rows 49, 51-53, whatever the chunking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import PROPERTY, cut, in_all_ways, splits
from trunkline.decoders import ALIVE, BOM, MAX_BODY, MAX_EVENT, Event, JsonLines, ServerSentEvents, Whole
from trunkline.errors import Failure

Read = tuple[list[Event], str | None]


def read(pieces: list[bytes], *, text: bool = False) -> Read:
    """The events, and the class of the failure that ended them."""
    return framed(ServerSentEvents(text=text), pieces)


def framed(decoder: ServerSentEvents | JsonLines, pieces: list[bytes]) -> Read:
    events = list[Event]()
    try:
        for piece in pieces:
            events.extend(decoder.feed(piece))
        events.extend(decoder.close())
    except Failure as failure:
        return events, failure.kind
    return events, None


def told(data: bytes, event: str = "") -> Event:
    return Event(event, data)


AB = [told(b"a"), told(b"b")]

ROWS: dict[str, tuple[bytes, list[Event]]] = {
    "nothing": (b"", []),
    "LF": (b"data: a\n\ndata: b\n\n", AB),
    "CRLF": (b"data: a\r\n\r\ndata: b\r\n\r\n", AB),
    "CR": (b"data: a\r\rdata: b\r\r", AB),
    "LF then CRLF": (b"data: a\n\ndata: b\r\n\r\n", AB),
    "CR then LF": (b"data: a\r\rdata: b\n\n", AB),
    "LF CRLF": (b"data: a\n\r\ndata: b\n\r\n", AB),
    "CRLF CR": (b"data: a\r\n\rdata: b\r\n\r", AB),
    "CR CRLF": (b"data: a\r\r\ndata: b\r\r\n", AB),
    "LF CR": (b"data: a\n\rdata: b\n\r", AB),
    "one CRLF is one end of line": (b"data: a\r\ndata: b\r\n\r\n", [told(b"a\nb")]),
    "blank lines": (b"\n\n\r\n\rdata: a\n\n\n\n\ndata: b\n\n\r\r", AB),
    "BOM": (BOM + b"data: a\n\ndata: b\n\n", AB),
    "BOM, CRLF": (BOM + b"data: a\r\n\r\ndata: b\r\n\r\n", AB),
    "BOM and nothing": (BOM, []),
    "BOM before a blank line": (BOM + b"\r\ndata: a\n\n", [told(b"a")]),
    "half a BOM": (BOM[:2], []),
    "half a BOM before data": (BOM[:2] + b"data: a\n\ndata: b\n\n", [told(b"b")]),
    "second BOM": (BOM + BOM + b"data: a\n\ndata: b\n\n", [told(b"b")]),
    "BOM later on": (b"data: a\n\n" + BOM + b"data: b\n\n", [told(b"a")]),
    "BOM inside data": (b"data: " + BOM + b"\n\n", [told(BOM)]),
    "multi-line": (b'data: {"a":\ndata: 1}\n\n', [told(b'{"a":\n1}')]),
    "multi-line with an empty one": (b"data: a\ndata:\ndata: b\n\n", [told(b"a\n\nb")]),
    "bare field name": (b"data: a\ndata\ndata: b\n\n", [told(b"a\n\nb")]),
    "no space": (b"data:a\n\ndata:b\n\n", AB),
    "two spaces": (b"data:  a\n\n", [told(b" a")]),
    "tab": (b"data:\ta\n\n", [told(b"\ta")]),
    "colons": (b"data:a:b: c\n\n", [told(b"a:b: c")]),
    "id and retry": (b"id: 1\nretry: 3000\ndata: a\n\nid: 2\ndata: b\nretry: 1\n\n", AB),
    "id and retry alone": (b"id: 1\n\nretry: 3000\n\ndata: a\n\n", [told(b"a")]),
    "unknown fields": (b"foo: x\nbar\ndata: a\n\n data: x\nDATA: x\n\ndata: b\n\n", AB),
    "event": (b"event: error\ndata: a\n\ndata: b\n\n", [told(b"a", "error"), told(b"b")]),
    "event after data": (b"data: a\nevent: done\n\n", [told(b"a", "done")]),
    "event without space": (b"event:error\ndata:a\n\n", [told(b"a", "error")]),
    "event twice": (b"event: x\nevent: y\ndata: a\n\n", [told(b"a", "y")]),
    "event in bad UTF-8": (b"event: \xff\ndata: a\n\n", [told(b"a", "\ufffd")]),
    "event: ping": (b"event: ping\n\ndata: a\n\n", [ALIVE, told(b"a")]),
    "event: ping, empty data": (b"event: ping\ndata:\n\ndata: a\n\n", [ALIVE, told(b"a")]),
    "empty data": (b"data:\n\ndata: \n\ndata:   \n\n", [ALIVE, ALIVE, ALIVE]),
    "empty data, many lines": (b"data:\ndata:\ndata:\n\n", [ALIVE]),
    "comments": (b": OPENROUTER PROCESSING\n\n:\n\n:x\ndata: a\n: y\n\n", [ALIVE, ALIVE, ALIVE, ALIVE, told(b"a")]),
    "a comment is not data": (b":data: a\n\n", [ALIVE]),
    "no final blank line": (b"data: a\n\ndata: b\n", AB),
    "no final line end": (b"data: a\n\ndata: b", AB),
    "no final blank line, CRLF": (b"data: a\r\n\r\ndata: b\r\n", AB),
    "no final blank line, CR": (b"data: a\r\rdata: b\r", AB),
    "ends in a comment": (b"data: a\n\n: b", [told(b"a"), ALIVE]),
    "ends in a field": (b"data: a\n\nevent: ping", [told(b"a"), ALIVE]),
    "UTF-8": ("data: né 日本 🙂\n\n".encode(), [told("né 日本 🙂".encode())]),
    "not UTF-8": (b"data: \xff\xfe\x00\n\n", [told(b"\xff\xfe\x00")]),
    "other separators are text": ("data: a\u2028b\x0b\x0c\x85\n\n".encode(), [told("a\u2028b\x0b\x0c\x85".encode())]),
    "[DONE]": (b"data: a\n\ndata: [DONE]\n\n", [told(b"a"), told(b"[DONE]")]),
}


@pytest.mark.parametrize(("data", "events"), ROWS.values(), ids=ROWS)
def test_events(data: bytes, events: list[Event]) -> None:
    assert in_all_ways(read, data) == (events, None)


BLANK: dict[str, tuple[bytes, list[Event]]] = {
    "a blank": (b"data:  \n\n", [told(b" ")]),
    "an end of line": (b"event: output\ndata:\ndata:\n\n", [told(b"\n", "output")]),
    "text between ends of lines": (b"data: \ndata: a\ndata: \n\n", [told(b"\na\n")]),
    "nothing": (b"event: output\ndata: \n\n", [ALIVE]),
}


@pytest.mark.parametrize(("data", "events"), BLANK.values(), ids=BLANK)
def test_blanks_are_data_where_data_is_text(data: bytes, events: list[Event]) -> None:
    assert in_all_ways(lambda pieces: read(pieces, text=True), data) == (events, None)


LINES: dict[str, tuple[bytes, list[Event]]] = {
    "nothing": (b"", []),
    "lines": (b'{"a":1}\n{"b":2}\n', [told(b'{"a":1}'), told(b'{"b":2}')]),
    "CRLF": (b"1\r\n2\r\n", [told(b"1"), told(b"2")]),
    "blanks around": (b" 1 \n\t2\n", [told(b"1"), told(b"2")]),
    "blank lines": (b"\n1\n \r\n2\n", [ALIVE, told(b"1"), ALIVE, told(b"2")]),
    "no final end of line": (b"1\n2", [told(b"1"), told(b"2")]),
    "other separators are text": ("né 🙂\nx\u2028y\n".encode(), [told("né 🙂".encode()), told("x\u2028y".encode())]),
}


def lines(pieces: list[bytes]) -> Read:
    return framed(JsonLines(), pieces)


@pytest.mark.parametrize(("data", "events"), LINES.values(), ids=LINES)
def test_lines(data: bytes, events: list[Event]) -> None:
    assert in_all_ways(lines, data) == (events, None)


def test_lines_come_as_soon_as_they_are_whole() -> None:
    decoder = JsonLines()
    fed = [list(decoder.feed(piece)) for piece in (b"1", b"\n2\n3", b"\n")]
    assert fed == [[], [told(b"1"), told(b"2")], [told(b"3")]]
    assert list(decoder.close()) == []


@PROPERTY
@given(
    st.lists(st.sampled_from([b"\n", b"\r\n", b" ", b"a", b"{}", b"\xff"]), max_size=12)
    .map(b"".join)
    .flatmap(lambda data: st.tuples(st.just(data), splits(data)))
)
def test_any_split_of_any_lines_is_read_alike(case: tuple[bytes, list[bytes]]) -> None:
    data, pieces = case
    assert lines(pieces) == lines(cut(data, set())) == lines(cut(data, set(range(len(data)))))


@pytest.mark.parametrize("big", [b"x" * 200 + b"\n", b"x" * 200], ids=["a line", "no end of line"])
def test_row_53_a_huge_line_fails_after_what_came_before(big: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trunkline.decoders.MAX_EVENT", 64)
    small = b"x" * 60
    assert in_all_ways(lines, (small + b"\n") * 3 + big) == ([told(small)] * 3, "invalid_response")


def test_events_come_as_soon_as_they_are_whole() -> None:
    decoder = ServerSentEvents()
    assert [list(decoder.feed(piece)) for piece in (b"data: a\n", b"\n", b"data: b\r", b"\r", b"\n: c", b"\n")] == [
        [],
        [told(b"a")],
        [],
        [told(b"b")],
        [],
        [ALIVE],
    ]


LINE_ENDS = st.sampled_from([b"\n", b"\r\n", b"\r"])
VALUES = st.binary(min_size=1, max_size=9).map(lambda raw: b"." + raw.translate(None, b"\r\n"))
IGNORED = st.sampled_from([b"id: 7", b"retry: 10", b"x", b"foo: data: bar"])


@st.composite
def streams(draw: st.DrawFn) -> tuple[bytes, list[Event]]:
    """A stream in any framing, and the events it was made of."""
    raw, events = draw(st.sampled_from([b"", BOM])), list[Event]()
    for values in draw(st.lists(st.lists(VALUES, min_size=1, max_size=3), max_size=4)):
        name = draw(st.sampled_from(["", "error", "ping"]))
        lines = [b"event: " + name.encode()] if name else []
        lines += [b"data:" + draw(st.sampled_from([b"", b" "])) + value for value in values]
        lines += draw(st.lists(IGNORED, max_size=2))
        raw += b"".join(line + draw(LINE_ENDS) for line in lines) + b"\n\n"
        events.append(told(b"\n".join(values), name))
    return raw, events


@PROPERTY
@given(streams().flatmap(lambda made: st.tuples(st.just(made[1]), splits(made[0]))))
def test_what_was_framed_is_read(made: tuple[list[Event], list[bytes]]) -> None:
    events, pieces = made
    assert read(pieces) == (events, None)


SOUP = [b"\n", b"\n\n", b"\r\n", b"\r", b"data", b"data:", b": ", b" ", b"event: x", b"id: 1", BOM, b"\xef\xbb", b"a"]


@PROPERTY
@given(st.lists(st.sampled_from(SOUP), max_size=12).map(b"".join).flatmap(lambda d: st.tuples(st.just(d), splits(d))))
def test_any_split_of_anything_is_read_alike(case: tuple[bytes, list[bytes]]) -> None:
    data, pieces = case
    assert read(pieces) == read(cut(data, set())) == read(cut(data, set(range(len(data)))))


BIG = {
    "one line": b"data: " + b"x" * 200 + b"\n\n",
    "many lines": (b"data: " + b"x" * 40 + b"\n") * 5 + b"\n",
    "no end of line": b"data: " + b"x" * 200,
    "a comment": b": " + b"x" * 200 + b"\n\n",
    "unknown field": b"x" * 200 + b"\n\n",
}


@pytest.mark.parametrize("big", BIG.values(), ids=BIG)
def test_row_53_a_huge_event_fails_after_what_came_before(big: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only when it happens to come in small pieces."""
    monkeypatch.setattr("trunkline.decoders.MAX_EVENT", 64)
    assert in_all_ways(read, b"data: a\n\n" + big + b"data: b\n\n") == ([told(b"a")], "invalid_response")


def test_many_small_events_are_not_one_huge_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trunkline.decoders.MAX_EVENT", 64)
    small = told(b"x" * 30)
    assert in_all_ways(read, (b"data: " + b"x" * 30 + b"\n\n") * 10) == ([small] * 10, None)


def test_memory_is_bounded_without_an_end_of_line() -> None:
    """8 MiB are a limit, not a target: an event of 1 MB passes."""
    decoder, piece = ServerSentEvents(), b"x" * 65_536
    list(decoder.feed(b"data: "))
    for _ in range(MAX_EVENT // len(piece) - 1):
        assert list(decoder.feed(piece)) == []
    with pytest.raises(Failure) as raised:
        [list(decoder.feed(piece)) for _ in range(2)]
    assert raised.value.kind == "invalid_response"
    assert str(MAX_EVENT) in raised.value.words


def test_memory_is_bounded_without_a_blank_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines without a value take memory too."""
    monkeypatch.setattr("trunkline.decoders.MAX_EVENT", 64)
    assert read([b"data:\n"] * 1000) == ([], "invalid_response")


def test_a_whole_body_is_its_pieces() -> None:
    def body(pieces: list[bytes]) -> bytes:
        whole = Whole()
        for piece in pieces:
            whole.feed(piece)
        return whole.body()

    assert in_all_ways(body, b"") == b""
    assert in_all_ways(body, '{"né": "日本"}'.encode()) == '{"né": "日本"}'.encode()


def test_row_33_a_whole_body_has_a_limit() -> None:
    whole, piece = Whole(), bytes(MAX_BODY // 4)
    for _ in range(4):
        whole.feed(piece)
    with pytest.raises(Failure, match=str(MAX_BODY)) as raised:
        whole.feed(b"x")
    assert raised.value.kind == "invalid_response"
