"""Faults D, row 59: a client that leaves. The upstream call ends within 250 ms, whatever phase it is in."""

import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from tests.kit.client import Client
from tests.kit.expect import is_good
from tests.kit.lanes import Lane
from tests.kit.replies import ROLE, chunk, error_reply, head, open_sse, say
from tests.kit.server import eventually
from tests.kit.upstream import Hold, Send, Step

AT_MOST = 0.25

HALF_A_BODY: list[Step] = [
    Send(head(200, {"content-type": "application/json", "content-length": "900"}) + b'{"id": "chatcmpl-'),
    Hold(),
]
HALF_AN_ERROR: list[Step] = [
    Send(head(429, {"content-type": "application/json", "content-length": "900"}) + b'{"error": {'),
    Hold(),
]

# phase -> (asked as a stream, what the upstream does)
PHASES: dict[str, tuple[bool, list[Step]]] = {
    "awaiting-headers-unary": (False, [Hold()]),
    "awaiting-headers-stream": (True, [Hold()]),
    "in-the-headers": (False, [Send(b"HTTP/1.1 200 OK\r\ncontent-"), Hold()]),
    "in-a-unary-body": (False, HALF_A_BODY),
    "in-an-error-body": (True, HALF_AN_ERROR),
    "before-first-content": (True, open_sse(ROLE, Hold())),
    "mid-stream": (True, open_sse(ROLE, chunk("a"), Hold())),
}

LEAVE: dict[str, Callable[[Client], float]] = {"fin": Client.close, "rst": Client.reset}
leave_both_ways = pytest.mark.parametrize("leave", LEAVE.values(), ids=LEAVE)


@leave_both_ways
@pytest.mark.parametrize("phase", PHASES)
def test_row_59_client_leaves(lane: Lane, phase: str, leave: Callable[[Client], float]) -> None:
    """Three times, and the median counts: a busy machine may itself stall for longer than is allowed."""
    gone_before = lane.server.metric("trunkline_client_disconnects_total")
    took = sorted(_leave(lane, phase, leave) for _ in range(3))
    assert took[1] <= AT_MOST
    assert lane.server.metric("trunkline_client_disconnects_total") == gone_before + 3
    assert lane.state("a") == 0, "it is not the target's failure"
    lane.a.play(say("from a"))
    again = lane.post("patient")
    is_good(again, "from a", lane.attempts(again), ["a:ok"])


def _leave(lane: Lane, phase: str, leave: Callable[[Client], float]) -> float:
    """Seconds from the client's leave in this phase to the end of the upstream's connection."""
    stream, steps = PHASES[phase]
    lane.a.play(steps)
    asked = len(lane.a.requests)
    request_id = f"left-{uuid4()}"
    client = lane.start("patient", stream=stream, headers={"x-request-id": request_id})
    assert eventually(lambda: len(lane.a.requests) == asked + 1, 2)
    if phase == "mid-stream":
        client.read_until(b'"content":"a"')
    else:
        time.sleep(0.05)  # let what was sent arrive
    left = leave(client)
    connection = lane.a.connections[lane.a.requests[-1].connection]
    assert eventually(lambda: connection.left is not None, 2), "the upstream call goes on"
    line = lane.server.log_line(request_id)
    assert (line["status"], line["model"]) == (499, "m")
    assert connection.left is not None
    return connection.left - left


@pytest.mark.parametrize("phase", ["awaiting-headers-unary", "before-first-content"])
def test_row_59_a_leave_is_an_attempt_cancelled(lane: Lane, phase: str) -> None:
    stream, steps = PHASES[phase]
    lane.a.play(steps)
    client = lane.start("patient", stream=stream)
    assert eventually(lambda: len(lane.a.requests) == 1, 2)
    client.close()
    assert eventually(lambda: lane.tried("a", "cancelled") == 1, 2)


@leave_both_ways
def test_row_59_client_leaves_between_tries(lane: Lane, stream: bool, leave: Callable[[Client], float]) -> None:
    lane.a.play(error_reply(429, headers={"retry-after-ms": "700"}))
    client = lane.start("patient", stream=stream)
    assert eventually(lambda: len(lane.a.requests) == 1, 2)
    time.sleep(0.05)
    assert lane.server.metric("trunkline_in_flight_requests") == 1
    left = leave(client)
    assert eventually(lambda: lane.server.metric("trunkline_in_flight_requests") == 0, 2)
    assert time.monotonic() - left <= 2 * AT_MOST
    time.sleep(0.9)
    assert len(lane.a.requests) == 1, "nobody is there to hear the second try"


@leave_both_ways
def test_row_59_client_leaves_while_connecting(lane: Lane, leave: Callable[[Client], float]) -> None:
    lane.a.clog()
    client = lane.start("patient")
    assert eventually(lambda: _connecting_to(lane.a.port) == 1, 2), "no connection attempt seen"
    left = leave(client)
    assert eventually(lambda: _connecting_to(lane.a.port) == 0, 2)
    assert time.monotonic() - left <= 2 * AT_MOST


def test_row_59_many_leave_at_once(lane: Lane) -> None:
    """No slot of the connection pool is lost."""
    lane.a.play([Hold()])
    clients = [lane.start("patient", stream=True) for _ in range(50)]
    assert eventually(lambda: len(lane.a.requests) == 50, 5)
    for client in clients:
        client.reset()
    assert eventually(lambda: all(c.left is not None for c in lane.a.connections), 1)
    lane.a.play(say("from a"))
    answer = lane.post("patient")
    is_good(answer, "from a", lane.attempts(answer), ["a:ok"])


def _connecting_to(port: int) -> int:
    """Sockets of this machine in SYN-SENT to this port of ours (proc(5): state 02)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[2].endswith(f":{port:04X}") and row[3] == "02" for row in rows)
