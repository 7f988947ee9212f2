"""The HTTP transport against real sockets: how far a call came, and what it came to."""

import asyncio

import pytest

from tests.kit.replies import say
from tests.kit.server import eventually
from tests.kit.upstream import Fin, Hold, Rst, Upstream
from trunkline.errors import Failure
from trunkline.ports import Outbound, Progress
from trunkline.transport.http import HttpTransport


async def call(transport: HttpTransport, upstream: Upstream, progress: Progress, within: float = 5.0) -> bytes:
    request = Outbound(f"{upstream.base_url}/chat/completions", {}, b"{}")
    async with asyncio.timeout(within):
        reply = await transport.send(request, progress)
        body = b""
        while piece := await reply.read():
            body += piece
        return body


def calls(upstream: Upstream, count: int = 1, within: float = 5.0) -> list[tuple[str, str, bool]]:
    """(what it came to, phase, on a reused connection) of calls one after the other."""

    async def main() -> list[tuple[str, str, bool]]:
        transport = HttpTransport()
        seen: list[tuple[str, str, bool]] = []
        try:
            for _ in range(count):
                progress = Progress()
                try:
                    await call(transport, upstream, progress, within)
                    result = "ok"
                except Failure as failure:
                    result = "stale" if failure.stale else failure.kind
                except TimeoutError:
                    result = "timeout"
                seen.append((result, progress.phase, progress.reused))
        finally:
            await transport.close()
        return seen

    return asyncio.run(main())


def test_a_connection_serves_again(upstream: Upstream) -> None:
    upstream.play(say("hi"))
    assert calls(upstream, 3) == [("ok", "answered", False), ("ok", "answered", True), ("ok", "answered", True)]
    assert len(upstream.connections) == 1


def test_refused(upstream: Upstream) -> None:
    upstream.refuse()
    assert calls(upstream) == [("connection", "connecting", False)]


def test_never_accepted(upstream: Upstream) -> None:
    upstream.clog()
    assert calls(upstream, within=0.3) == [("timeout", "connecting", False)]


def test_no_answer(upstream: Upstream) -> None:
    upstream.play([Hold()])
    assert calls(upstream, within=0.3) == [("timeout", "sent", False)]


@pytest.mark.parametrize("end", [Fin(), Rst()], ids=["fin", "rst"])
def test_gone_before_an_answer(upstream: Upstream, end: Fin | Rst) -> None:
    upstream.play([end])
    assert calls(upstream) == [("connection", "sent", False)]


def test_a_reused_connection_that_is_gone_is_stale(upstream: Upstream) -> None:
    upstream.play(say("hi"), [Rst()])
    assert calls(upstream, 2) == [("ok", "answered", False), ("stale", "sent", True)]


def test_cancelling_closes_the_connection(upstream: Upstream) -> None:
    upstream.play([Hold()])
    calls(upstream, within=0.2)
    assert eventually(lambda: upstream.connections[0].left is not None, 1)
