"""One JSON line per request on stderr, and one per change of state. No body, no secret.

    served, event -> RequestLog -> Batch -> Descriptor -> stderr

Nothing here waits or raises: serving comes before logging (faults row 89).
"""

import errno
import os
import select
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, Literal

import orjson

from trunkline.observe.record import Exchange

FLUSH_AFTER = 0.05
"""Seconds for which lines are gathered."""

LONGEST = 4096
"""Bytes. Text in a longer line is cut: a client can name a model of any length."""

Severity = Literal["info", "warning", "error"]


class RequestLog:
    """An Observer. `write` takes one whole line, `now` tells Unix time; `level` `off` leaves out requests, `debug`
    adds what each attempt took."""

    def __init__(
        self,
        write: Callable[[bytes], None],
        now: Callable[[], float],
        level: Literal["info", "debug", "off"] = "info",
    ) -> None:
        self._write = write
        self._now = now
        self._level = level

    def served(self, exchange: Exchange) -> None:
        if self._level == "off":
            return
        fields = request_fields(exchange)
        if self._level == "debug":
            fields["tries"] = [
                {"target": attempt.target.id, "result": attempt.result, "ms": milliseconds(attempt.seconds)}
                for attempt in exchange.tries
            ]
        self._write(line(self._now(), severity(exchange), fields))

    def event(self, name: str, /, level: Severity = "info", **fields: Any) -> None:
        """A change of state: startup, drain, Redis up or down, a target that cools. Written at every level."""
        self._write(line(self._now(), level, {"event": name, **fields}))


class Batch:
    """Gathers lines and writes them together; `flush` when the loop ends.

    `write` raises OSError rather than wait. Lines it does not take are gone: `dropped` counts them, and the next
    line that gets through is preceded by one that says so. `call_later` is the loop's.
    """

    def __init__(
        self,
        write: Callable[[bytes], None],
        call_later: Callable[[float, Callable[[], None]], object],
        now: Callable[[], float],
    ) -> None:
        self._write = write
        self._call_later = call_later
        self._now = now
        self._lines: list[bytes] = []
        self._untold = 0
        self.dropped = 0

    def add(self, text: bytes) -> None:
        if not self._lines:
            self._call_later(FLUSH_AFTER, self.flush)
        self._lines.append(text)

    def flush(self) -> None:
        lines, self._lines = self._lines, []
        told = [self._notice()] if lines and self._untold else []
        left = len(told) + len(lines)
        try:
            for block in _blocks(told + lines):
                self._write(b"".join(block))
                left -= len(block)
                self._untold = 0
        except (OSError, ValueError):  # ValueError is how Python's own streams say that they are closed
            lost = min(left, len(lines))
            self.dropped += lost
            self._untold += lost

    def _notice(self) -> bytes:
        return line(self._now(), "warning", {"event": "log_lines_dropped", "lines": self._untold})


class Descriptor:
    """Writes to a file descriptor, and raises BlockingIOError where that would wait for a reader.

    O_NONBLOCK would hold for every process that shares the terminal or pipe. Instead: a pipe that poll calls
    writable takes PIPE_BUF bytes at once (pipe(7)), and a Batch never gives it more.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLOUT)

    def write(self, block: bytes) -> None:
        if not self._poll.poll(0):
            raise BlockingIOError(errno.EAGAIN, "the log's reader has stopped reading")
        os.write(self._descriptor, block)


def request_fields(exchange: Exchange) -> dict[str, Any]:
    """The contract's log line ("Life") after `ts` and `level`, in its order. Unknown figures are null."""
    target, usage = exchange.target, exchange.usage
    return {
        "request_id": exchange.id,
        "route": exchange.route,
        "provider": target.provider.name if target else None,
        "model": target.model if target else None,
        "status": exchange.status,
        "error_class": exchange.error_class,
        "stream": exchange.stream,
        "attempts": exchange.attempts,
        "input_tokens": usage.input if usage else None,
        "output_tokens": usage.output if usage else None,
        "cost_usd": None if exchange.cost is None else float(exchange.cost),
        "first_token_ms": None if exchange.first_token is None else milliseconds(exchange.first_token),
        "duration_ms": milliseconds(exchange.duration),
        "key": exchange.key,
        "cache": exchange.cache,
    }


def severity(exchange: Exchange) -> Severity:
    """A stream that broke is 200 with its class: an error all the same."""
    if exchange.status >= 500 or (exchange.status < 400 and exchange.error_class):
        return "error"
    return "warning" if exchange.status >= 400 else "info"


def line(now: float, level: Severity, fields: dict[str, Any]) -> bytes:
    """One JSON line, whatever the values hold (faults row 109)."""
    stamp = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")
    record = {"ts": stamp.replace("+00:00", "Z"), "level": level, **fields}
    try:
        text = orjson.dumps(record, default=str, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # text that is no Unicode
        text = b""
    if 0 < len(text) <= LONGEST:
        return text
    plain = {name: _plain(value) for name, value in record.items()}
    return orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value).encode("utf-8", "replace").decode()[:200]


def _blocks(lines: list[bytes]) -> Iterator[list[bytes]]:
    """As many whole lines at a time as PIPE_BUF holds, at least one."""
    block: list[bytes] = []
    size = 0
    for text in lines:
        if block and size + len(text) > select.PIPE_BUF:
            yield block
            block, size = [], 0
        block.append(text)
        size += len(text)
    if block:
        yield block
