"""A real Prometheus scrapes the metrics, and every query of the board finds something."""

import json
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.deploy.board import QUERIED, QUERIES, Query, busy, filled, label_values
from tests.observe.traffic import a_bit_of_everything
from tests.system import need
from trunkline.observe.prometheus import Metrics

pytestmark = pytest.mark.system

CONFIG = """
global: {{scrape_interval: 500ms}}
scrape_configs:
  - job_name: trunkline
    static_configs: [{{targets: ["127.0.0.1:{port}"]}}]
"""

Ask = Callable[[str, dict[str, str]], Any]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """`ask(path of the API, parameters)` -> data, once enough was scraped for a rate."""
    prometheus = need("prometheus", "prometheus")
    directory = tmp_path_factory.mktemp("prometheus")
    with serving(busy()) as port, running(prometheus, directory, port) as base:

        def ask(path: str, parameters: dict[str, str]) -> Any:
            with urllib.request.urlopen(f"{base}/api/v1/{path}?{urllib.parse.urlencode(parameters)}") as answer:
                return json.load(answer)["data"]

        wait_until(lambda: ask("query", {"query": "count_over_time(up[10s]) >= 4"})["result"])
        yield ask


@pytest.mark.parametrize("query", QUERIES, ids=[query.title for query in QUERIES])
def test_every_query_finds_something(query: Query, ask: Ask) -> None:
    result = ask("query", {"query": filled(query.expr, "10s")})["result"]
    assert result
    assert {sample["value"][1] for sample in result} - {"NaN"}


@pytest.mark.parametrize("variable", QUERIED, ids=lambda variable: variable["name"])
def test_every_variable_has_a_choice(variable: dict[str, Any], ask: Ask) -> None:
    selector, label = label_values(variable)
    assert ask(f"label/{label}/values", {"match[]": filled(selector)})


@contextmanager
def serving(metrics: Metrics) -> Iterator[int]:
    """An endpoint whose every scrape finds another round of requests served."""

    class Endpoint(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            for each in a_bit_of_everything():
                metrics.served(each)
            body, content_type = metrics.render()
            self.send_response(200)
            self.send_header("content-type", content_type)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def running(prometheus: str, directory: Path, port: int) -> Iterator[str]:
    """A Prometheus that scrapes this port, on a port of its own choice; gives its base URL."""
    (directory / "prometheus.yml").write_text(CONFIG.format(port=port))
    command = [
        prometheus,
        f"--config.file={directory}/prometheus.yml",
        f"--storage.tsdb.path={directory}/data",
        "--web.listen-address=127.0.0.1:0",
    ]
    with (directory / "log").open("wb") as log, subprocess.Popen(command, stderr=log, stdout=log) as process:
        try:
            yield f"http://{listening(directory / 'log')}"
        finally:
            process.terminate()


def listening(log: Path) -> str:
    """The address that Prometheus got from the system, which it tells in its log."""
    mark = 'msg="Listening on" address='
    wait_until(lambda: mark in log.read_text())
    return log.read_text().partition(mark)[2].split()[0]


def wait_until(ready: Callable[[], Any], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            if ready():
                return
        time.sleep(0.1)
    pytest.fail(f"nothing came of it in {seconds} s")
