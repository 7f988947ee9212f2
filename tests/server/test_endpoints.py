"""One table says what exists and who may ask; this walks it with every kind of caller."""

import http.client
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.server import Server
from trunkline.server.app import ENDPOINTS

KEY, METRICS_KEY = "tl-canary-endpoints", "canary-metrics"
CONFIG = """
server: {metrics_key: "${METRICS_KEY}"}
providers: {demo: }
expose: [routes, models]
routes:
  smart: {targets: [demo/fast]}
keys:
  - {name: team-a, key: "${TEAM_KEY}"}
"""
BODIES = {"POST": '{"model": "smart", "messages": [{"role": "user", "content": "hi"}], "input": "hi"}', "GET": None}


class Guarded(Server):
    """`stop` reads /metrics, which is guarded here."""

    def stop(self) -> None:
        self._process.terminate()
        assert self._process.wait(10) == 0
        self.kill()
        self.check_output()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    environ = {"METRICS_KEY": METRICS_KEY, "TEAM_KEY": KEY}
    with Guarded(CONFIG, tmp_path_factory.mktemp("endpoints"), environ=environ, key=KEY) as running:
        yield running


def ask(server: Server, method: str, path: str, key: str | None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {key}"} if key else {})}
    connection.request(method, path, BODIES[method], headers)
    status = connection.getresponse().status
    connection.close()
    return status


PATHS = {"/v1/models/{id:path}": "/v1/models/demo/fast"}
ALLOWED = {
    "nobody": {None: 200, "wrong": 200, KEY: 200, METRICS_KEY: 200},
    "key": {None: 401, "wrong": 401, KEY: 200, METRICS_KEY: 401},
    "metrics": {None: 401, "wrong": 401, KEY: 401, METRICS_KEY: 200},
}


@pytest.mark.parametrize("shown", [None, "wrong", KEY, METRICS_KEY], ids=["no key", "wrong key", "key", "metrics key"])
@pytest.mark.parametrize(("path", "method", "role"), [row[:3] for row in ENDPOINTS], ids=[row[0] for row in ENDPOINTS])
def test_who_may_ask(server: Server, path: str, method: str, role: str, shown: str | None) -> None:
    assert ask(server, method, PATHS.get(path, path), shown) == ALLOWED[role][shown]


@pytest.mark.parametrize(
    "path", ["/v1/responses", "/v1/messages", "/v1/completions", "/admin/usage", "/", "/v1/../metrics"]
)
def test_what_does_not_exist(server: Server, path: str) -> None:
    assert ask(server, "GET", path, KEY) == 404


def test_encoded_paths_open_nothing(server: Server) -> None:
    assert ask(server, "GET", "/v1%2f..%2fmetrics", KEY) == 404
    assert ask(server, "GET", "/%6detrics", None) == 401


DRAIN = """
server: {auth: none, drain: 2500ms}
providers: {demo: }
routes: {r: {targets: [demo/lorem]}}
"""


def test_draining_ends_streams_in_band(tmp_path: Path) -> None:
    server = Server(DRAIN, tmp_path)
    server.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        body = '{"model": "r", "stream": true, "max_tokens": 900, "messages": [{"role": "user", "content": "hi"}]}'
        connection.request("POST", "/v1/chat/completions", body, {"content-type": "application/json"})
        with connection.getresponse() as reply:
            first = reply.read1()
            server._process.terminate()
            text = first + reply.read()
        assert b'"code":"draining"' in text.split(b"data: ")[-1]
        assert b"[DONE]" not in text
        assert server._process.wait(10) == 0
        server.check_output()
    finally:
        connection.close()
        server.kill()
