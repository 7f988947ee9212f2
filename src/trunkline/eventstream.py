"""Amazon's binary framing of event streams, sans IO: bytes in, whole events out, whatever the chunking.

A frame: its length and that of its headers, a checksum of the two, headers, payload, and a checksum of all that;
numbers are big-endian. https://smithy.io/2.0/aws/amazon-eventstream.html
"""

import struct
import zlib
from collections.abc import Iterator

import orjson

from trunkline.decoders import ALIVE, MAX_EVENT, Event
from trunkline.errors import Failure

PRELUDE = struct.Struct(">III")
CHECKSUM = struct.Struct(">I")
LENGTH = struct.Struct(">H")
MOST_HEADERS = 128 * 1024

# Header values by type: the bytes they take, but for the two that begin with their length.
FIXED = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}
MEASURED = frozenset({6, 7})

FAILED = "exception:"
"""Begins the name of an event that says what went wrong; after it stands the provider's exception or error code."""


class EventStream:
    """A Framing. An event is named by its frame's `:event-type`; exceptions and errors begin with FAILED, and their
    data is JSON with a `message`."""

    __slots__ = ("_pending",)

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[Event]:
        """Events completed by `data`. Raises Failure for bytes that are no frame, or one larger than MAX_EVENT, after
        those before it."""
        pending = self._pending
        pending += data
        while len(pending) >= PRELUDE.size:
            size, headers = _measured(pending)
            if len(pending) < size:
                return
            frame = bytes(pending[:size])
            del pending[:size]
            yield _event(frame, headers)

    def close(self) -> Iterator[Event]:
        """A frame that the end of the body cut off says nothing; whether anything is missing, its reader knows."""
        yield from ()


def _measured(pending: bytearray) -> tuple[int, int]:
    """The lengths of a frame and of its headers."""
    size, headers, checksum = PRELUDE.unpack_from(pending)
    if zlib.crc32(pending[:8]) != checksum:
        raise _broken("the checksum of a frame's lengths is wrong")
    if size > MAX_EVENT or headers > MOST_HEADERS:
        raise _broken(f"a frame is larger than {MAX_EVENT} bytes, or its headers than {MOST_HEADERS}")
    if size < PRELUDE.size + headers + CHECKSUM.size:
        raise _broken("a frame is shorter than its headers")
    return size, headers


def _event(frame: bytes, headers: int) -> Event:
    end = len(frame) - CHECKSUM.size
    if zlib.crc32(frame[:end]) != CHECKSUM.unpack_from(frame, end)[0]:
        raise _broken("the checksum of a frame is wrong")
    start = PRELUDE.size + headers
    said = _headers(frame[PRELUDE.size : start])
    payload = frame[start:end] or b"{}"
    kind = said.get(":message-type")
    if kind == "event":
        return Event(said.get(":event-type", ""), payload)
    if kind == "exception":
        return Event(FAILED + said.get(":exception-type", ""), payload)
    if kind == "error":
        words = orjson.dumps({"message": said.get(":error-message", "")})
        return Event(FAILED + said.get(":error-code", ""), words)
    return ALIVE


def _headers(data: bytes) -> dict[str, str]:
    """Those whose values have a length: text, but for bytes that nobody asks for."""
    found: dict[str, str] = {}
    at = 0
    try:
        while at < len(data):
            start = at + 1 + data[at]
            name, kind = data[at + 1 : start], data[start]
            start += 1
            if kind in MEASURED:
                (length,) = LENGTH.unpack_from(data, start)
                start += LENGTH.size
                found[_text(name)] = _text(data[start : start + length])
            else:
                length = FIXED[kind]
            at = start + length
    except (IndexError, KeyError, struct.error):
        at = -1
    if at != len(data):
        raise _broken("the headers of a frame cannot be read")
    return found


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _broken(words: str) -> Failure:
    return Failure("invalid_response", words)
