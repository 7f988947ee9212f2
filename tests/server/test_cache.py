"""The cache as a client sees it, in the process and in a real Valkey, which then goes away."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cache.support import Server as Valkey
from tests.kit.client import chat_body, post_chat
from tests.kit.replies import say
from tests.kit.server import Server, eventually
from tests.kit.upstream import Upstream

CONFIG = """
server: {{auth: none}}
redis: {{url: "${{REDIS_URL:-}}"}}
providers:
  a: {{kind: openai, base_url: "{url}"}}
  demo:
expose: [routes, models]
routes:
  kept: {{targets: [a/m], cache: {{ttl: 1h}}}}
"""


@pytest.fixture
def valkey(tmp_path: Path) -> Iterator[Valkey]:
    running = Valkey(tmp_path)
    yield running
    running.kill()


def cache_header(server: Server, **rest: object) -> str:
    return post_chat(server, {**chat_body("kept"), **rest}).headers["x-trunkline-cache"]


@pytest.mark.parametrize("where", ["process", "redis"])
def test_a_second_request_costs_no_call(
    where: str, start_server: Callable[..., Server], upstream: Upstream, valkey: Valkey
) -> None:
    upstream.play(say("from a"))
    environ = {"REDIS_URL": valkey.url} if where == "redis" else {}
    server = start_server(CONFIG.format(url=upstream.base_url), environ=environ)
    assert cache_header(server) == "miss"
    time.sleep(0.1)  # writes to Redis are off the path of the request
    assert [cache_header(server), cache_header(server, stream=True)] == ["hit", "hit"]
    assert cache_header(server, temperature=0.5) == "miss"
    assert len(upstream.requests) == 2
    assert server.metric("trunkline_cache_requests_total", route="kept", result="hit") == 2
    assert server.metric("trunkline_redis_up") == (1 if where == "redis" else 0)


def test_a_frozen_redis_costs_five_short_waits_and_never_an_answer(
    start_server: Callable[..., Server], upstream: Upstream, valkey: Valkey
) -> None:
    upstream.play(say("from a"))
    server = start_server(CONFIG.format(url=upstream.base_url), environ={"REDIS_URL": valkey.url})
    assert cache_header(server) == "miss"
    valkey.freeze()
    try:
        took = []
        for seed in range(15):
            started = time.monotonic()
            assert cache_header(server, seed=seed) == "miss"
            took.append(time.monotonic() - started)
        assert max(took) < 0.5, f"50 ms each, and what a busy machine adds: {took}"
        assert sorted(took)[7] < 0.045, f"all but five must not wait: {took}"
        assert server.metric("trunkline_redis_up") == 0
        assert eventually(lambda: "redis_down" in server.stderr(), 2)
    finally:
        valkey.thaw()
