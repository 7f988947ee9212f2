"""Requests in, JSON lines out; and a reader that is slow, gone or full."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import orjson
import pytest

from tests.observe.traffic import CANARY, ECHO, GPT, OPENAI, a_bit_of_everything, exchange
from trunkline.hub.usage import Usage
from trunkline.observe.log import FLUSH_AFTER, LONGEST, Batch, Descriptor, RequestLog, line, severity
from trunkline.observe.record import CacheResult, Exchange
from trunkline.types import Target

AT = 1_800_000_000.25
FIELDS = [
    *("ts", "level", "request_id", "route", "provider", "model", "status", "error_class", "stream", "attempts"),
    *("input_tokens", "output_tokens", "cost_usd", "first_token_ms", "duration_ms", "key", "cache"),
]

Level = Literal["info", "debug", "off"]


def logged(served: Exchange, level: Level = "info") -> list[bytes]:
    written: list[bytes] = []
    RequestLog(written.append, lambda: AT, level).served(served)
    return written


def test_the_line_of_the_contract() -> None:
    served = exchange(
        (GPT, "rate_limit"),
        (ECHO, "ok"),
        stream=True,
        key="team-a",
        usage=Usage(input=10, output=5),
        first_token=0.1234,
        duration=2.5,
        cache="miss",
    )
    (written,) = logged(served)
    record = orjson.loads(written)
    assert list(record) == FIELDS
    assert list(record.values()) == [
        "2027-01-15T08:00:00.250Z",
        "info",
        "r1",
        "smart",
        "demo",
        "echo",
        200,
        "",
        True,
        "openai/gpt-4o:rate_limit, demo/echo:ok",
        10,
        5,
        None,
        123.4,
        2500.0,
        "team-a",
        "miss",
    ]


def test_what_is_unknown_is_null() -> None:
    (written,) = logged(exchange(route="none", status=404, error_class="model_not_found"))
    record = orjson.loads(written)
    nulls = [name for name, value in record.items() if value is None]
    assert nulls == ["provider", "model", "input_tokens", "output_tokens", "cost_usd", "first_token_ms"]
    assert record["attempts"] == ""


@pytest.mark.parametrize("cache", ["hit", "coalesced", "stale"])
def test_attempts_of_a_kept_answer(cache: CacheResult) -> None:
    assert exchange(cache=cache).attempts == "cache:hit"
    assert exchange((GPT, "timeout"), cache=cache).attempts == "openai/gpt-4o:timeout"


@pytest.mark.parametrize(
    ("status", "error_class", "expected"),
    [
        (200, "", "info"),
        (200, "connection", "error"),
        (404, "model_not_found", "warning"),
        (499, "client_gone", "warning"),
        (429, "rate_limit", "warning"),
        (502, "server_error", "error"),
        (503, "overloaded", "error"),
    ],
)
def test_severity(status: int, error_class: str, expected: str) -> None:
    assert severity(exchange(status=status, error_class=error_class)) == expected


def test_off_writes_no_requests_but_events() -> None:
    written: list[bytes] = []
    log = RequestLog(written.append, lambda: AT, "off")
    log.served(exchange((GPT, "ok")))
    log.event("redis_down", "warning", name="cache", since=1.5)
    assert written == [
        b'{"ts":"2027-01-15T08:00:00.250Z","level":"warning","event":"redis_down","name":"cache","since":1.5}\n'
    ]


def test_debug_adds_tries() -> None:
    (written,) = logged(exchange((GPT, "timeout"), (ECHO, "ok")), "debug")
    record = orjson.loads(written)
    assert list(record) == [*FIELDS, "tries"]
    assert record["tries"] == [
        {"target": "openai/gpt-4o", "result": "timeout", "ms": 500.0},
        {"target": "demo/echo", "result": "ok", "ms": 500.0},
    ]


@pytest.mark.parametrize(
    "name",
    [
        'a"b\\c',
        "a\r\nb: c\n",
        "\x00\x1b[31m\x7f",
        "\u00e9\u4f60\U0001f600",
        "\u2028\u0085",
        "lone \ud800",
        "x" * 100_000,
    ],
    ids=["quotes", "CRLF", "controls", "unicode", "separators", "surrogate", "endless"],
)
@pytest.mark.parametrize("level", ["info", "debug"])
def test_a_hostile_name_stays_one_json_line(name: str, level: Level) -> None:
    """Faults row 109."""
    target = Target(provider=OPENAI, model=name, listed=False)
    (written,) = logged(exchange((target, "ok"), (target, "ok"), id=name[:128]), level)
    assert written.endswith(b"\n")
    assert written.count(b"\n") == 1
    assert len(written) <= LONGEST
    record = orjson.loads(written)
    assert list(record)[:17] == FIELDS
    assert record["model"] == name.encode("utf-8", "replace").decode()[:200]
    assert (record["status"], record["stream"], record["cost_usd"]) == (200, False, None)


@pytest.mark.parametrize("level", ["info", "debug"])
def test_no_secret(level: Level) -> None:
    """Faults row 110."""
    for served in a_bit_of_everything():
        (written,) = logged(served, level)
        assert CANARY.encode() not in written


class Reader:
    """What stands behind stderr: it takes what it is given until it breaks."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.broken: Exception | None = None

    def write(self, block: bytes) -> None:
        if self.broken is not None:
            raise self.broken
        self.blocks.append(block)

    @property
    def lines(self) -> list[bytes]:
        return b"".join(self.blocks).splitlines(keepends=True)


class Timer:
    """A `call_later` that waits to be told."""

    def __init__(self) -> None:
        self.due: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, seconds: float, then: Callable[[], None]) -> None:
        self.due.append((seconds, then))

    def fire(self) -> None:
        due, self.due = self.due, []
        for _, then in due:
            then()


def batch_for(reader: Reader, timer: Timer) -> Batch:
    return Batch(reader.write, timer.call_later, lambda: AT)


class TestBatch:
    def test_the_first_line_sets_the_timer_and_all_go_together(self) -> None:
        reader, timer = Reader(), Timer()
        batch = batch_for(reader, timer)
        for text in (b"1\n", b"2\n", b"3\n"):
            batch.add(text)
        assert [seconds for seconds, _ in timer.due] == [FLUSH_AFTER]
        assert reader.blocks == []
        timer.fire()
        assert reader.blocks == [b"1\n2\n3\n"]
        batch.add(b"4\n")
        timer.fire()
        assert reader.blocks == [b"1\n2\n3\n", b"4\n"]

    def test_a_flush_by_hand_leaves_nothing_for_the_timer(self) -> None:
        reader, timer = Reader(), Timer()
        batch = batch_for(reader, timer)
        batch.add(b"1\n")
        batch.flush()
        timer.fire()
        assert reader.blocks == [b"1\n"]

    def test_blocks_are_whole_lines_that_a_pipe_takes_at_once(self) -> None:
        reader, timer = Reader(), Timer()
        batch = batch_for(reader, timer)
        texts = [b"%04d" % n + b"x" * (n % 700) + b"\n" for n in range(1000)]
        for text in texts:
            batch.add(text)
        batch.flush()
        assert reader.lines == texts
        assert all(block.endswith(b"\n") and len(block) <= 4096 for block in reader.blocks)

    @pytest.mark.parametrize(
        "broken",
        [BrokenPipeError(), BlockingIOError(), OSError(errno.ENOSPC, "no space"), ValueError("I/O on closed file")],
        ids=["gone", "stopped", "full", "closed"],
    )
    def test_a_broken_reader_loses_lines_and_hears_of_it(self, broken: Exception) -> None:
        """Faults row 89."""
        reader, timer = Reader(), Timer()
        batch = batch_for(reader, timer)
        reader.broken = broken
        for _ in range(2):
            batch.add(b"lost\n")
            batch.add(b"lost\n")
            timer.fire()
        assert batch.dropped == 4
        reader.broken = None
        batch.add(b"kept\n")
        timer.fire()
        batch.add(b"kept too\n")
        timer.fire()
        notice = line(AT, "warning", {"event": "log_lines_dropped", "lines": 4})
        assert reader.lines == [notice, b"kept\n", b"kept too\n"]
        assert batch.dropped == 4

    def test_what_got_through_before_the_break_is_not_counted(self) -> None:
        reader, timer = Reader(), Timer()

        def write_one(block: bytes) -> None:
            reader.write(block)
            reader.broken = BrokenPipeError()

        batch = Batch(write_one, timer.call_later, lambda: AT)
        for _ in range(3):
            batch.add(b"x" * 4000 + b"\n")
        timer.fire()
        assert (len(reader.lines), batch.dropped) == (1, 2)


class TestDescriptor:
    def test_writes(self, tmp_path: Path) -> None:
        path = tmp_path / "log"
        with path.open("wb") as file:
            Descriptor(file.fileno()).write(b"a line\n")
        assert path.read_bytes() == b"a line\n"

    def test_a_reader_that_stopped_never_blocks(self) -> None:
        """Faults row 89: were the write to wait, this test would time out."""
        reading, writing = os.pipe()
        timer = Timer()
        batch = Batch(Descriptor(writing).write, timer.call_later, lambda: AT)
        text = b"x" * 999 + b"\n"
        for _ in range(1000):
            batch.add(text)
        batch.flush()
        read = os.read(reading, 1_000_000)
        assert read == text * (len(read) // 1000)
        assert 0 < batch.dropped == 1000 - len(read) // 1000
        batch.add(b"again\n")
        batch.flush()
        assert os.read(reading, 1_000_000).splitlines()[-1] == b"again"
        os.close(reading)
        os.close(writing)

    @pytest.mark.parametrize("case", ["no reader", "closed", "full disk"])
    def test_raises_what_a_batch_takes(self, case: str) -> None:
        reading, writing = os.pipe()
        os.close(reading)
        if case == "full disk":
            os.close(writing)
            writing = os.open("/dev/full", os.O_WRONLY)
        descriptor = Descriptor(writing)
        if case == "closed":
            os.close(writing)
        with pytest.raises(OSError):
            descriptor.write(b"a line\n")
        if case != "closed":
            os.close(writing)


def test_an_event_takes_any_value() -> None:
    fields: dict[str, Any] = {"path": Path("/x"), "error": ValueError("no \ud800")}
    record = orjson.loads(line(AT, "error", {"event": "startup", **fields}))
    assert (record["path"], record["error"]) == ("/x", "no ?")
