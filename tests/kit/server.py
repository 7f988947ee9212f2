"""The real server process, its output, its metrics, and what must hold when it ends."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from prometheus_client.parser import text_string_to_metric_families

from tests.kit.client import CANARY, chat_body, get, post_chat
from tests.kit.ports import reserve_port

Json = dict[str, Any]
Labels = frozenset[tuple[str, str]]

STARTS_WITHIN = 20.0
STOPS_WITHIN = 10.0
# What asyncio and the interpreter print when a task, coroutine or connection was left lying about.
LITTER = ("Traceback (most recent call last)", "never retrieved", "was never awaited", "Unclosed ", "was destroyed")
IN_FLIGHT = ("trunkline_in_flight_requests", "trunkline_open_streams", "trunkline_target_in_flight")


class Server:
    """`trunkline serve` on a free port with a clean environment.

    environ    variables beyond PATH and HOME
    key        the client key that the kit's client shows; None where the file says `auth: none`
    healthy    a model that always answers, for `settled`
    """

    def __init__(
        self,
        config: str | None,
        directory: Path,
        *,
        environ: Mapping[str, str] | None = None,
        key: str | None = None,
        healthy: str = "demo/echo",
        arguments: tuple[str, ...] = (),
    ) -> None:
        self.directory = directory
        self.key = key
        self._reserve, self.port = reserve_port()
        self._healthy = healthy
        self._arguments = ["--port", str(self.port), *arguments]
        if config is not None:
            (directory / "proxy.yaml").write_text(config)
            self._arguments = ["-c", str(directory / "proxy.yaml"), *self._arguments]
        self._environ = {"PATH": os.environ["PATH"], "HOME": str(directory), "LANG": "C.UTF-8", **(environ or {})}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> None:
        if exc is None:
            self.stop()
        else:
            self.kill()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        return self._process.pid

    def start(self) -> None:
        """Returns once /health/live answers. Raises RuntimeError with the output of a process that died or hangs."""
        with (self.directory / "stdout").open("wb") as out, (self.directory / "stderr").open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "trunkline", "serve", *self._arguments],
                cwd=self.directory,
                env=self._environ,
                stdout=out,
                stderr=err,
                stdin=subprocess.DEVNULL,
            )
        if not eventually(lambda: self._process.poll() is not None or self._live(), STARTS_WITHIN):
            self.kill()
            raise RuntimeError(f"the server did not become live:\n{self.output()}")
        if self._process.poll() is not None:
            self._reserve.close()
            raise RuntimeError(f"the server exited with {self._process.returncode}:\n{self.output()}")

    def stop(self) -> None:
        """TERM, then: exit code 0, nothing left lying about, no secret in output or metrics."""
        self._reserve.close()
        assert self._process.poll() is None, f"the server is gone already:\n{self.output()}"
        metrics = get(self, "/metrics").body
        self._process.terminate()
        try:
            code = self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running {STOPS_WITHIN} s after TERM:\n{self.output()}") from None
        assert code == 0, f"exit code {code} after TERM:\n{self.output()}"
        assert CANARY not in metrics, "a secret in the metrics"
        self.check_output()

    def kill(self) -> None:
        self._reserve.close()
        self._process.kill()
        self._process.wait()

    def check_output(self) -> None:
        output = self.output()
        for litter in LITTER:
            assert litter not in output, f"{litter!r} in the output:\n{output}"
        bugs = [line for line in self._json_lines() if line.get("level") == "error" and "status" not in line]
        assert bugs == []
        assert CANARY.decode() not in output, f"a secret in the output:\n{output}"

    def stderr(self) -> str:
        return (self.directory / "stderr").read_text()

    def output(self) -> str:
        return self.stderr() + (self.directory / "stdout").read_text()

    def log_lines(self) -> list[Json]:
        """The lines about requests, parsed."""
        return [line for line in self._json_lines() if "status" in line]

    def log_line(self, request_id: str) -> Json:
        """The one line about this request; it may be written a moment after the client has its answer."""

        def mine() -> list[Json]:
            return [line for line in self.log_lines() if line["request_id"] == request_id]

        assert eventually(lambda: bool(mine()), 2.0), f"no log line for {request_id}"
        (line,) = mine()
        return line

    def metrics(self, *names: str) -> dict[tuple[str, Labels], float]:
        """(name, labels) -> value, of the samples of these names, or of all."""
        text = get(self, "/metrics").body.decode()
        if names:  # reading the whole page takes far longer than most tests
            text = "\n".join(line for line in text.splitlines() if line.startswith(names)) + "\n"
        families = text_string_to_metric_families(text)
        return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}

    def metric(self, name: str, **labels: str) -> float:
        """The sum of the samples of this name that carry these labels, 0 where there are none."""
        wanted = labels.items()
        return sum(v for (n, given), v in self.metrics(name).items() if n == name and wanted <= given)

    def settled(self) -> None:
        """Nothing is in flight any more, and a healthy request still works."""
        busy: dict[tuple[str, Labels], float] = {}

        def idle() -> bool:
            nonlocal busy
            samples = self.metrics(*IN_FLIGHT)
            assert any(name == IN_FLIGHT[0] for name, _ in samples), f"{IN_FLIGHT[0]} is not exported"
            busy = {key: value for key, value in samples.items() if key[0] in IN_FLIGHT and value != 0}
            return not busy

        assert eventually(idle, 2.0), f"still in flight: {busy}"
        answer = post_chat(self, chat_body(self._healthy))
        assert answer.status == 200, answer.body

    def _json_lines(self) -> list[Json]:
        return [json.loads(line) for line in self.stderr().splitlines() if line.startswith("{")]

    def _live(self) -> bool:
        try:
            return get(self, "/health/live").status == 200
        except OSError:
            return False


def eventually(condition: Callable[[], bool], within: float, every: float = 0.005) -> bool:
    """The condition came true within this many seconds."""
    deadline = time.monotonic() + within
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(every)
    return True
