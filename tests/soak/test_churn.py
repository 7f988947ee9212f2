"""Minutes of clients that come, go and hang up at any moment: nothing may stay behind."""

import asyncio
import json
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.kit.server import Server, eventually

pytestmark = pytest.mark.soak

SECONDS = float(os.environ.get("SOAK_SECONDS", "180"))
CLIENTS = 40
SEED = 20261121

CONFIG = """
server: {auth: none, log: "off"}
providers:
  a: {kind: openai, base_url: "http://127.0.0.1:PORT/v1"}
  demo:
expose: [routes, models]
routes:
  churn: {targets: [a/fast], timeouts: {first_token: 2s, idle: 2s}, cooldown: {after: 1000000}}
"""
# Answered by a second Trunkline in front of its own demo provider: a real upstream over real sockets.
UPSTREAM = """
server: {auth: none, log: "off"}
providers: {demo: }
expose: [routes, models]
routes: {fast: {targets: [demo/drip-5]}, demo: {targets: [demo/fast]}}
"""


def rss(pid: int) -> float:
    """MiB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


async def visit(port: int, rng: random.Random) -> None:
    """One request, left alone at a random moment as often as not."""
    stream = rng.random() < 0.7
    text = " ".join(["word"] * rng.randint(1, 40))
    body = json.dumps({"model": "churn", "stream": stream, "messages": [{"role": "user", "content": text}]}).encode()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    try:
        async with asyncio.timeout(rng.random() * 0.3 if rng.random() < 0.5 else 10):
            writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
            got = b""
            while not got.endswith(b"0\r\n\r\n") and not (b"content-length" in got and got.endswith(b"}")):
                piece = await reader.read(65536)
                if not piece:
                    break
                got += piece
    except TimeoutError:
        pass
    finally:
        writer.transport.abort()


async def churn(port: int, seconds: float, rng: random.Random) -> int:
    until, count = time.monotonic() + seconds, 0

    async def client() -> None:
        nonlocal count
        while time.monotonic() < until:
            await visit(port, rng)
            count += 1

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    return count


def test_churn(start_server: Callable[..., Server], capsys: pytest.CaptureFixture[str]) -> None:
    upstream = start_server(UPSTREAM)
    server = start_server(CONFIG.replace("PORT", str(upstream.port)))
    rng = random.Random(SEED)
    asyncio.run(churn(server.port, min(20.0, SECONDS / 4), rng))
    server.settled()
    before = rss(server.pid), descriptors(server.pid)
    count = asyncio.run(churn(server.port, SECONDS, rng))
    server.settled()
    assert eventually(lambda: descriptors(server.pid) <= before[1] + 5, 60), "descriptors stay behind"
    after = rss(server.pid), descriptors(server.pid)
    with capsys.disabled():
        print(f"\n{count} requests in {SECONDS:.0f} s, (MiB, descriptors) {before} -> {after}")
    assert after[0] - before[0] < 8, "memory grows"
    assert server.metric("trunkline_client_disconnects_total") > count * 0.2
