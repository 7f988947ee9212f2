"""Requests as they look when they have ended, for tests of those who watch them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trunkline.hub.usage import Usage
from trunkline.observe.record import Exchange, Try
from trunkline.types import Cooldown, Fallback, Group, Provider, Route, Target

CANARY = "sk-canary-upstream-51c7e0"

OPENAI = Provider(
    name="openai",
    wire="openai",
    base_url="https://api.openai.test/v1",
    auth="bearer",
    keys=(CANARY,),
    headers={"x-team": CANARY},
)
DEMO = Provider(name="demo", wire="openai", base_url="demo://", auth="none")
OFF = Provider(name="groq", wire="openai", base_url="https://api.groq.test", auth="bearer", off="GROQ_API_KEY is unset")

GPT = Target(provider=OPENAI, model="gpt-4o")
ECHO = Target(provider=DEMO, model="echo")
UNLISTED = Target(provider=OPENAI, model="whatever-the-client-said", listed=False)


@dataclass
class Now:
    """A StateView of plain values."""

    requests: int = 3
    streams: int = 2
    refused: int = 1
    seen: Iterable[tuple[Target, int, int]] = ((GPT, 0, 2), (ECHO, 2, 0))
    redis: bool | None = True
    hash: str = "c0ffee"

    def in_flight(self) -> int:
        return self.requests

    def open_streams(self) -> int:
        return self.streams

    def shed(self) -> int:
        return self.refused

    def targets(self) -> Iterable[tuple[Target, int, int]]:
        return self.seen

    def redis_up(self) -> bool | None:
        return self.redis

    def config_hash(self) -> str:
        return self.hash


def exchange(*tries: tuple[Target, str], **fields: Any) -> Exchange:
    """A request that made these tries of 0.5 s each; without any it is an answer of our own."""
    target = tries[-1][0] if tries else None
    made = [Try(tried, result, 0.5) for tried, result in tries]
    known: dict[str, Any] = {"id": "r1", "kind": "chat", "arrived": 0.0, "route": "smart", "status": 200}
    return Exchange(**{**known, "target": target, "tries": made, **fields})


def route(name: str, *targets: Target, fallbacks: tuple[Target, ...] = (), **fields: Any) -> Route:
    group = Group(name=name, members=targets, fallbacks=tuple(Fallback(to=target) for target in fallbacks))
    return Route(name=name, group=group, cooldown=Cooldown(), **fields)


def a_bit_of_everything() -> list[Exchange]:
    """One of each kind, so that every metric has something to show."""
    usage = Usage(input=1000, output=201, cached=400)
    thought = Usage(input=10, output=90, reasoning=64)
    streamed: dict[str, Any] = {"stream": True, "first_token": 0.4, "duration": 4.4, "overhead": 0.0004}
    return [
        exchange((GPT, "ok"), key="team-a", duration=2.0, overhead=0.0002, usage=usage, cache="miss"),
        exchange((GPT, "rate_limit"), (ECHO, "ok"), key="team-b", usage=usage, **streamed),
        exchange((GPT, "ok"), usage=thought, **streamed),
        exchange((GPT, "ok"), error_class="connection", **streamed),
        exchange((GPT, "cancelled"), status=499, error_class="client_gone", duration=1.0),
        exchange((GPT, "server_error"), (GPT, "timeout"), status=504, error_class="timeout", duration=60.0),
        exchange(cache="hit", duration=0.001, usage=usage, target=GPT),
        exchange(route="none", status=404, error_class="model_not_found"),
    ]
