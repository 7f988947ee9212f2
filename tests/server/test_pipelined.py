"""A client that leaves with requests still in the pipeline: the one being served is told."""

import json
from collections.abc import Callable

from tests.kit.client import Client, chat_body
from tests.kit.server import Server, eventually
from tests.kit.upstream import Hold, Upstream

CONFIG = """
server: {{auth: none}}
providers:
  a: {{kind: openai, base_url: "{url}"}}
  demo:
expose: [routes, models]
routes: {{r: {{targets: [a/m]}}}}
"""


def test_leaving_with_a_second_request_queued(start_server: Callable[..., Server], upstream: Upstream) -> None:
    upstream.play([Hold()])
    server = start_server(CONFIG.format(url=upstream.base_url))
    body = json.dumps(chat_body("r")).encode()
    with Client(server.port) as client:
        for _ in range(2):
            client.request("POST", "/v1/chat/completions", body, {})
        assert eventually(lambda: len(upstream.requests) == 1, 2)
    assert eventually(lambda: upstream.connections[0].left is not None, 2)
    assert len(upstream.requests) == 1
