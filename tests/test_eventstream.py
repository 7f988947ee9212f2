"""Amazon's frames: (bytes, events), and the same as botocore reads them."""

import zlib
from typing import Any

import orjson
import pytest
from botocore.eventstream import EventStreamBuffer, ParserError
from hypothesis import given
from hypothesis import strategies as st

from tests.hub.support import PROPERTY, cut, splits
from tests.wires.bedrock.frames import Header, event, exception, fault, frame
from trunkline.decoders import ALIVE, MAX_EVENT, Event
from trunkline.errors import Failure
from trunkline.eventstream import FAILED, EventStream

TEXT = st.text(max_size=12)
NAMES = st.text("abcdefgh:-", min_size=1, max_size=20)
FIXED_SIZES = {2: 1, 3: 2, 5: 8, 8: 8, 9: 16}
VALUES: st.SearchStrategy[Header] = (
    TEXT
    | st.binary(max_size=12)
    | st.booleans()
    | st.integers(-(2**31), 2**31 - 1)
    | st.sampled_from(sorted(FIXED_SIZES)).flatmap(
        lambda kind: st.tuples(st.just(kind), st.binary(min_size=FIXED_SIZES[kind], max_size=FIXED_SIZES[kind]))
    )
)
HEADERS = st.dictionaries(NAMES, VALUES, max_size=4)
FRAMES = st.lists(st.tuples(HEADERS, TEXT, st.binary(max_size=40)), max_size=4)


def read(pieces: list[bytes]) -> tuple[list[Event], str | None]:
    """The events, and what ended them: class and words."""
    stream, events = EventStream(), []
    try:
        for piece in pieces:
            for told in stream.feed(piece):
                events.append(told)  # noqa: PERF402 - one by one: a failure comes after the events before it
        events += stream.close()
    except Failure as failure:
        return events, f"{failure.kind}: {failure.words}"
    return events, None


def everywhere(data: bytes) -> tuple[list[Event], str | None]:
    """The same whole and byte by byte."""
    whole = read([data])
    assert read(cut(data, set(range(len(data))))) == whole
    return whole


ROWS: dict[str, tuple[bytes, list[Event]]] = {
    "nothing": (b"", []),
    "an event": (
        frame({":message-type": "event", ":event-type": "a"}, b'{"x":1}'),
        [Event("a", b'{"x":1}')],
    ),
    "two at once": (
        frame({":message-type": "event", ":event-type": "a"}, b"1")
        + frame({":event-type": "b", ":message-type": "event"}, b"2"),
        [Event("a", b"1"), Event("b", b"2")],
    ),
    "no payload": (frame({":message-type": "event", ":event-type": "a"}), [Event("a", b"{}")]),
    "an exception": (exception("throttlingException", message="m"), [
        Event(FAILED + "throttlingException", b'{"message":"m"}')
    ]),
    "an error": (fault("InternalError", "né"), [Event(FAILED + "InternalError", '{"message":"né"}'.encode())]),
    "a kind nobody knows": (frame({":message-type": "x"}, b"1"), [ALIVE]),
    "no kind": (frame({}, b"1"), [ALIVE]),
    "values of every type": (
        frame({
            "t": True, "f": False, "b": (2, b"\1"), "s": (3, b"\1\2"), "i": 7, "l": (5, bytes(8)), "y": b"raw",
            "d": (8, bytes(8)), "u": (9, bytes(16)), ":message-type": "event", ":event-type": "a",
        }, b"1"),
        [Event("a", b"1")],
    ),
    "cut off in its lengths": (frame({":message-type": "event"}, b"1")[:9], []),
    "cut off in its payload": (frame({":message-type": "event"}, b"1")[:-5], []),
}  # fmt: skip


@pytest.mark.parametrize(("data", "wanted"), ROWS.values(), ids=ROWS)
def test_events(data: bytes, wanted: list[Event]) -> None:
    assert everywhere(data) == (wanted, None)


GOOD = frame({":message-type": "event", ":event-type": "a"}, b'{"x":1}')


def resized(size: int, headers: int = 0) -> bytes:
    """A frame that says it is as large, with the right checksum for that."""
    prelude = size.to_bytes(4, "big") + headers.to_bytes(4, "big")
    return prelude + zlib.crc32(prelude).to_bytes(4, "big")


def resealed(data: bytes) -> bytes:
    """With the right checksum of the whole."""
    return data[:-4] + zlib.crc32(data[:-4]).to_bytes(4, "big")


BROKEN: dict[str, bytes] = {
    "a length changed": b"\x01" + GOOD[1:],
    "a payload changed": GOOD.replace(b'"x"', b'"y"'),
    "a checksum changed": GOOD[:-1] + bytes([GOOD[-1] ^ 1]),
    "too large": resized(MAX_EVENT + 1),
    "headers too large": resized(MAX_EVENT, 128 * 1024 + 1),
    "shorter than its headers": resized(30, 20),
    "shorter than itself": resized(15),
    "JSON": b'{"message": "no stream at all"}',
    "HTML": b"<html><body>502</body></html>",
    "a header of a type nobody knows": frame({"a": (10, b"")}, b"1"),
    "a header longer than all": frame({"a": (7, b"\xff\xff")}, b"1"),
    "a header without its length": frame({"a": (7, b"\x00")}, b"1"),
    "a header without a value": resealed(frame({"a": True}).replace(b"\x01a\x00", b"\x02a\x00")),
    "a number cut off": frame({"a": (4, b"\x00")}, b"1"),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN)
def test_what_is_no_frame(data: bytes) -> None:
    """It fails, after the events before it, and goes on failing."""
    assert everywhere(GOOD + data) == ([Event("a", b'{"x":1}')], everywhere(data)[1])
    assert (everywhere(data)[1] or "").startswith("invalid_response: ")
    assert everywhere(data + GOOD)[1] == everywhere(data)[1]


def test_the_largest_frame() -> None:
    head = {":message-type": "event", ":event-type": "a"}
    room = MAX_EVENT - len(frame(head))
    assert len(read([frame(head, b"x" * room)])[0]) == 1
    assert read([frame(head, b"x" * (room + 1))])[1] is not None


def as_botocore(data: bytes) -> list[tuple[dict[str, Any], bytes]]:
    buffer = EventStreamBuffer()
    buffer.add_data(data)
    return [(message.headers, message.payload) for message in buffer]


@PROPERTY
@given(FRAMES.flatmap(lambda told: st.tuples(st.just(told), splits(b"".join(written(one) for one in told)))))
def test_any_frames_in_any_pieces(case: Any) -> None:
    """What is written is what botocore reads, and so do we."""
    told, pieces = case
    wanted = [Event(name, payload or b"{}") for _, name, payload in told]
    theirs = as_botocore(b"".join(pieces))
    assert [Event(headers[":event-type"], payload or b"{}") for headers, payload in theirs] == wanted
    assert read(pieces) == (wanted, None)


def written(told: tuple[dict[str, Header], str, bytes]) -> bytes:
    headers, name, payload = told
    return frame({**headers, ":message-type": "event", ":event-type": name}, payload)


@PROPERTY
@given(st.binary(max_size=60) | st.just(GOOD), st.integers(0, 80), st.integers(1, 255))
def test_one_bit_wrong(payload: bytes, place: int, flip: int) -> None:
    """Neither botocore nor we read a frame with a wrong byte."""
    data = bytearray(event("a", {"x": payload.hex()}))
    data[place % len(data)] ^= flip
    try:
        theirs = as_botocore(bytes(data))
    except ParserError:
        theirs = []
    assert theirs == []
    assert read([bytes(data)])[1] is not None


@PROPERTY
@given(st.binary(max_size=80).flatmap(lambda data: st.tuples(st.just(data), splits(data))))
def test_any_bytes(case: tuple[bytes, list[bytes]]) -> None:
    data, pieces = case
    assert read(pieces) == read([data])


def test_padding_is_left_to_the_reader() -> None:
    (told,) = read([event("a", {"x": 1})])[0]
    assert orjson.loads(told.data or b"") == {"x": 1, "p": "abcdefgh"}
