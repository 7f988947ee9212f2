"""Framing of upstream bodies, sans IO: bytes in, whole events out, whatever the chunking.

Server-sent events by the WHATWG HTML standard, section 9.2.6, with what LLM providers do to it (faults rows 51-53).
"""

from collections.abc import Iterator
from typing import NamedTuple

from trunkline.errors import Failure

MAX_EVENT = 8 * 1024 * 1024
MAX_BODY = 32 * 1024 * 1024

BOM = b"\xef\xbb\xbf"


class Event(NamedTuple):
    """What came, with its name where the format has names. `data` None: a comment, or an event without data; a sign of
    life and nothing more."""

    name: str
    data: bytes | None


ALIVE = Event("", None)


class ServerSentEvents:
    """Splits a byte stream into events. Lines end in LF, CRLF or CR, which a chunk border may split.

    `text`: data is text rather than JSON, so that blanks are data too.
    """

    __slots__ = ("_after_cr", "_data", "_event", "_pending", "_size", "_started", "_text")

    def __init__(self, *, text: bool = False) -> None:
        self._text = text
        self._pending = b""
        self._data: list[bytes] = []
        self._event = ""
        self._size = 0
        self._started = False
        self._after_cr = False

    def feed(self, data: bytes) -> Iterator[Event]:
        """Events completed by `data`. Raises Failure when one grows past MAX_EVENT, after those before it."""
        buffer = self._pending + data if self._pending else data
        if not self._started:
            if len(buffer) < len(BOM) and BOM.startswith(buffer):
                self._pending = buffer
                return
            buffer = buffer.removeprefix(BOM)
            self._started = True
        if self._after_cr or b"\r" in buffer:
            buffer = self._to_lf(buffer)
        *lines, self._pending = buffer.split(b"\n")
        yield from self._events(lines)
        self._bound(len(self._pending))

    def close(self) -> Iterator[Event]:
        """The event that the end of the body cut off before its blank line: many servers leave that out."""
        last, self._pending = self._pending, b""
        yield from self._events([last, b""] if last else [b""])

    def _to_lf(self, buffer: bytes) -> bytes:
        if self._after_cr:
            buffer = buffer.removeprefix(b"\n")
        self._after_cr = buffer.endswith(b"\r")
        return buffer.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _events(self, lines: list[bytes]) -> Iterator[Event]:
        for line in lines:
            if not line:
                if self._data or self._event:
                    yield self._dispatch()
                self._size = 0
                continue
            self._size += len(line) + 1
            self._bound(0)
            if line.startswith(b"data:"):
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
            elif line.startswith(b":"):
                yield ALIVE
            elif line.startswith(b"event:"):
                self._event = line[6:].strip().decode("utf-8", "replace")
            elif line == b"data":
                self._data.append(b"")

    def _dispatch(self) -> Event:
        data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
        event = Event(self._event, data) if data.strip() or (self._text and data) else ALIVE
        self._data, self._event = [], ""
        return event

    def _bound(self, more: int) -> None:
        if self._size + more > MAX_EVENT:
            raise Failure("invalid_response", f"an event is larger than {MAX_EVENT} bytes")


class JsonLines:
    """Splits a byte stream into lines, each an event. A blank one is a sign of life."""

    __slots__ = ("_pending", "_size")

    def __init__(self) -> None:
        self._pending: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> Iterator[Event]:
        """Lines completed by `data`. Raises Failure when one grows past MAX_EVENT, after those before it."""
        *lines, rest = data.split(b"\n")
        for line in lines:
            yield self._line(line)
        self._keep(rest)

    def close(self) -> Iterator[Event]:
        """The last line, where the body ended before its line did."""
        if self._pending:
            yield self._line(b"")

    def _line(self, end: bytes) -> Event:
        self._keep(end)
        line = b"".join(self._pending).strip()
        self._pending, self._size = [], 0
        return Event("", line) if line else ALIVE

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > MAX_EVENT:
            raise Failure("invalid_response", f"an event is larger than {MAX_EVENT} bytes")
        if piece:
            self._pending.append(piece)


class Whole:
    """Collects a body that is one event."""

    __slots__ = ("_pieces", "_size")

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> None:
        """Raises Failure when the body grows past MAX_BODY."""
        self._size += len(data)
        if self._size > MAX_BODY:
            raise Failure("invalid_response", f"the answer is larger than {MAX_BODY} bytes")
        self._pieces.append(data)

    def body(self) -> bytes:
        return b"".join(self._pieces)
