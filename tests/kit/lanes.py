"""One server, many lanes: a lane is a pair of upstreams of its own behind routes of its own.

Starting a process costs half a second, and a target that failed rests: so every test takes a fresh lane of a server
that serves many.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.kit.answer import Answer
from tests.kit.client import Client, chat_body, post_chat, start_chat
from tests.kit.replies import say
from tests.kit.server import Server, eventually
from tests.kit.thread import LoopThread
from tests.kit.upstream import Upstream

LANES = 32
CLIENT_KEY = "tl-canary-client-4f1c0a"
# Not of any known pattern, so that only who knows the key can take it out of a provider's words.
PROVIDER_KEYS = {"A_KEY": "9b1d77.canary.a", "B_KEY": "03ce52.canary.b"}

# Longer than any stall of a busy machine; only what waits for a timeout has short ones.
CALM = "timeouts: {connect: 2s, first_token: 3s, idle: 3s, answer: 3s, total: 6s}"
SWIFT = "timeouts: {connect: 2s, first_token: 300ms, idle: 300ms, answer: 300ms, total: 6s}"
RETRIES = "retries: {attempts: 2, backoff: 20ms, max_backoff: 2s}"
COOLDOWN = "cooldown: {after: 2, for: 400ms, up_to: 1s}"

ROUTES = {
    "ab": f"targets: [a#/m, b#/m], {CALM}, {RETRIES}, {COOLDOWN}",
    "a": f"targets: [a#/m], {CALM}, {RETRIES}, {COOLDOWN}",
    "swift-ab": f"targets: [a#/m, b#/m], {SWIFT}, {RETRIES}, {COOLDOWN}",
    "swift-a": f"targets: [a#/m], {SWIFT}, {RETRIES}, {COOLDOWN}",
    # no wait is short enough, so that the client is told how long it should have been
    "hasty": f"targets: [a#/m], {CALM}, retries: {{backoff: 1ms, max_backoff: 1ms}}, {COOLDOWN}",
    # the deadline of the whole request comes first
    "brief": f"targets: [a#/m], timeouts: {{first_token: 5s, idle: 5s, total: 600ms}}, {RETRIES}, {COOLDOWN}",
    # nothing ends but by the client's leave
    "patient": f"targets: [a#/m], timeouts: {{connect: 20s, first_token: 20s, idle: 20s, total: 20s}}, {COOLDOWN}",
}
"""Name -> definition, `#` being the lane's number."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Upstreams `a` and `b`, both answering well until told otherwise, behind the routes of `ROUTES`."""

    number: int
    server: Server
    a: Upstream
    b: Upstream

    def body(self, route: str, *, stream: bool = False, **rest: Any) -> dict[str, Any]:
        """A chat request to one of this lane's routes; `rest` are further members, or others instead."""
        return {**chat_body(f"{route}-{self.number}", stream=stream), **rest}

    def post(
        self, route: str, *, stream: bool = False, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> Answer:
        return post_chat(self.server, self.body(route, stream=stream, **rest), headers)

    def start(self, route: str, *, stream: bool = False, headers: Mapping[str, str] | None = None) -> Client:
        return start_chat(self.server, self.body(route, stream=stream), headers)

    def attempts(self, answer: Answer) -> list[str]:
        """`x-trunkline-attempts` with the lane's number out: `a:timeout`, `b:ok`."""
        return [told.replace(f"{self.number}/m:", ":") for told in answer.attempts]

    def tried(self, provider: str, result: str) -> float:
        """How often the metrics say that this provider's target came to this result."""
        labels = {"provider": f"{provider}{self.number}", "model": "m", "result": result}
        return self.server.metric("trunkline_attempts_total", **labels)

    def state(self, provider: str) -> float:
        """0 closed, 1 half-open, 2 open."""
        return self.server.metric("trunkline_target_state", provider=f"{provider}{self.number}", model="m")

    def eventually(self, condition: Callable[[], bool], within: float) -> bool:
        """The condition, which asks the server itself, came true within this many seconds."""
        return eventually(condition, within, every=0.05)

    def check(self) -> None:
        """What must hold after every test: all is quiet, and the client's key went nowhere."""
        self.server.settled()
        for request in (*self.a.requests, *self.b.requests):
            assert CLIENT_KEY not in repr(request.headers), "the client's key went upstream"


class Lanes:
    """Hands out fresh lanes, starting another server when those of the last are used up."""

    def __init__(self, thread: LoopThread, new_directory: Callable[[], Path]) -> None:
        self._thread = thread
        self._new_directory = new_directory
        self._free: list[Lane] = []
        self._upstreams: list[Upstream] = []
        self._server: Server | None = None

    def take(self) -> Lane:
        if not self._free:
            self.close()
            self._open()
        return self._free.pop()

    def close(self) -> None:
        """Stop the server, checking what it leaves behind."""
        server = self._let_go()
        if server is not None:
            server.stop()

    def discard(self) -> None:
        """The server is not what it was: the next test gets another."""
        server = self._let_go()
        if server is not None:
            server.kill()

    def _let_go(self) -> Server | None:
        self._free = []
        for upstream in self._upstreams:
            upstream.close()
        self._upstreams = []
        server, self._server = self._server, None
        return server

    def _open(self) -> None:
        pairs = [(self._upstream("a"), self._upstream("b")) for _ in range(LANES)]
        environ = {**PROVIDER_KEYS, "CLIENT_KEY": CLIENT_KEY}
        server = Server(config(pairs), self._new_directory(), environ=environ, key=CLIENT_KEY)
        server.start()
        self._server = server
        self._free = [Lane(number, server, a, b) for number, (a, b) in enumerate(pairs)]

    def _upstream(self, name: str) -> Upstream:
        upstream = Upstream(self._thread, say(f"from {name}"))
        self._upstreams.append(upstream)
        return upstream


def config(pairs: list[tuple[Upstream, Upstream]]) -> str:
    """The `proxy.yaml` of these lanes."""
    lines = ["server: {max_body: 256KiB}", 'keys: [{name: tester, key: "${CLIENT_KEY}"}]', "providers:", "  demo:"]
    for number, (a, b) in enumerate(pairs):
        lines.append(f'  a{number}: {{kind: openai, base_url: "{a.base_url}", api_key: "${{A_KEY}}"}}')
        lines.append(f'  b{number}: {{kind: openai, base_url: "{b.base_url}", api_key: "${{B_KEY}}"}}')
    lines += ["expose: [routes, models]", "routes:"]
    for number in range(len(pairs)):
        lines += [f"  {name}-{number}: {{{text.replace('#', str(number))}}}" for name, text in ROUTES.items()]
    return "\n".join(lines) + "\n"
