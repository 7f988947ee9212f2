"""Requests in, exposition lines out."""

import random
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.observe.traffic import (
    CANARY,
    ECHO,
    GPT,
    OFF,
    OPENAI,
    UNLISTED,
    Now,
    a_bit_of_everything,
    exchange,
    route,
)
from trunkline.hub.usage import Usage
from trunkline.observe.prometheus import Metrics
from trunkline.observe.record import Exchange
from trunkline.types import CachePolicy, ClientKey, Config, Target


def shown(*exchanges: Exchange, state: Now | None = None) -> list[str]:
    """The lines a scrape gives after these requests, help and the process's own figures left out."""
    metrics = Metrics(state or Now())
    for each in exchanges:
        metrics.served(each)
    return lines(metrics)


def lines(metrics: Metrics) -> list[str]:
    body, _ = metrics.render()
    return [line for line in body.decode().splitlines() if line.startswith("trunkline_")]


def only(found: list[str], name: str) -> list[str]:
    """The samples of one metric that are not zero, without the prefix."""
    return [line[10:] for line in found if line.startswith(f"trunkline_{name}") and not line.endswith(" 0.0")]


OK = 'error_class=""'
USED = Usage(input=10, output=5, cached=4, reasoning=3)
STREAMED: dict[str, Any] = {"stream": True, "first_token": 1.0, "duration": 3.0}

ROWS = {
    "a unary answer": (
        exchange((GPT, "ok")),
        "requests_total",
        ['{error_class="",model="gpt-4o",provider="openai",route="smart",status="200",stream="false"} 1.0'],
    ),
    "a stream that broke is 200 with its class": (
        exchange((GPT, "ok"), stream=True, error_class="connection"),
        "requests_total",
        ['{error_class="connection",model="gpt-4o",provider="openai",route="smart",status="200",stream="true"} 1.0'],
    ),
    "nobody served": (
        exchange(route="none", status=404, error_class="model_not_found"),
        "requests_total",
        ['{error_class="model_not_found",model="none",provider="none",route="none",status="404",stream="false"} 1.0'],
    ),
    "a model nobody configured": (
        exchange((UNLISTED, "ok"), route="direct"),
        "requests_total",
        ['{error_class="",model="other",provider="openai",route="direct",status="200",stream="false"} 1.0'],
    ),
    "tries": (
        exchange((GPT, "server_error"), (GPT, "rate_limit"), (ECHO, "ok")),
        "attempts_total",
        [
            '{model="gpt-4o",provider="openai",result="server_error"} 1.0',
            '{model="gpt-4o",provider="openai",result="rate_limit"} 1.0',
            '{model="echo",provider="demo",result="ok"} 1.0',
        ],
    ),
    "a fallback has the last failure's reason; a retry is none": (
        exchange((GPT, "server_error"), (GPT, "rate_limit"), (ECHO, "ok")),
        "fallbacks_total",
        ['{from_model="openai/gpt-4o",reason="rate_limit",route="smart",to_model="demo/echo"} 1.0'],
    ),
    "a fallback to a model nobody configured": (
        exchange((UNLISTED, "timeout"), (ECHO, "ok")),
        "fallbacks_total",
        ['{from_model="openai/other",reason="timeout",route="smart",to_model="demo/echo"} 1.0'],
    ),
    "tokens": (
        exchange((GPT, "ok"), key="team-a", usage=USED),
        "tokens_total",
        [
            '{key="team-a",model="gpt-4o",provider="openai",route="smart",type="input"} 10.0',
            '{key="team-a",model="gpt-4o",provider="openai",route="smart",type="output"} 5.0',
        ],
    ),
    "cached input": (
        exchange((GPT, "ok"), usage=USED),
        "cached_input_tokens_total",
        ['{key="none",model="gpt-4o",provider="openai",route="smart"} 4.0'],
    ),
    "reasoning": (
        exchange((GPT, "ok"), usage=USED),
        "reasoning_tokens_total",
        ['{key="none",model="gpt-4o",provider="openai",route="smart"} 3.0'],
    ),
    "an answer from the cache uses no tokens": (
        exchange(target=GPT, cache="hit", usage=USED),
        "tokens_total",
        [],
    ),
    "usage missing": (exchange((GPT, "ok")), "usage_missing_total", ['{model="gpt-4o",provider="openai"} 1.0']),
    "no answer, no usage to miss": (exchange((GPT, "timeout"), status=504), "usage_missing_total", []),
    "the cache": (exchange(cache="hit"), "cache_requests_total", ['{result="hit",route="smart"} 1.0']),
    "a client gone": (exchange((GPT, "cancelled"), status=499), "client_disconnects_total", [" 1.0"]),
    "a client served": (exchange((GPT, "ok")), "client_disconnects_total", []),
    "duration": (
        exchange((GPT, "ok"), duration=2.5),
        "request_duration_seconds_sum",
        ['{model="gpt-4o",provider="openai",route="smart",stream="false"} 2.5'],
    ),
    "overhead": (exchange((GPT, "ok"), overhead=0.25), "overhead_seconds_sum", ['{route="smart"} 0.25']),
    "first token": (
        exchange((GPT, "ok"), **STREAMED),
        "time_to_first_token_seconds_sum",
        ['{model="gpt-4o",provider="openai",route="smart"} 1.0'],
    ),
    "a unary answer has no first token": (
        exchange((GPT, "ok"), first_token=1.0, duration=1.0),
        "time_to_first_token_seconds",
        [],
    ),
    "time per token: two seconds for the four after the first": (
        exchange((GPT, "ok"), usage=Usage(output=5), **STREAMED),
        "time_per_output_token_seconds_sum",
        ['{model="gpt-4o",provider="openai",route="smart"} 0.5'],
    ),
    "no time per token of a single one": (
        exchange((GPT, "ok"), usage=Usage(output=1), **STREAMED),
        "time_per_output_token_seconds",
        [],
    ),
    "no time per token where some were hidden": (
        exchange((GPT, "ok"), usage=USED, **STREAMED),
        "time_per_output_token_seconds",
        [],
    ),
}


@pytest.mark.parametrize(("served", "name", "expected"), ROWS.values(), ids=ROWS.keys())
def test_a_request_counts(served: Exchange, name: str, expected: list[str]) -> None:
    assert only(shown(served), name) == [name + rest for rest in expected]


def test_no_key_on_requests() -> None:
    assert not [
        line for line in shown(exchange((GPT, "ok"), key="team-a")) if "requests_total" in line and "key" in line
    ]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("request_duration_seconds", 0.01, 655.36),
        ("time_to_first_token_seconds", 0.01, 120.0),
        ("time_per_output_token_seconds", 0.005, 2.5),
        ("overhead_seconds", 0.0001, 0.5),
    ],
)
def test_buckets(name: str, first: float, last: float) -> None:
    found = shown(exchange((GPT, "ok"), usage=Usage(output=5), **STREAMED))
    bounds = [float(line.split('le="')[1].split('"')[0]) for line in found if f"{name}_bucket" in line]
    assert (bounds[0], bounds[-2], bounds[-1]) == (first, last, float("inf"))


class TestNow:
    def test_gauges(self) -> None:
        found = shown(state=Now(requests=7, streams=4, refused=9, hash="abc"))
        for line in (
            "trunkline_in_flight_requests 7.0",
            "trunkline_open_streams 4.0",
            "trunkline_shed_total 9.0",
            "trunkline_redis_up 1.0",
            'trunkline_config_info{hash="abc"} 1.0',
            "trunkline_config_valid 1.0",
        ):
            assert line in found

    def test_shed_is_a_counter(self) -> None:
        assert b"# TYPE trunkline_shed_total counter" in Metrics(Now()).render()[0]

    @pytest.mark.parametrize(("redis", "expected"), [(None, []), (False, ["redis_up 0.0"]), (True, ["redis_up 1.0"])])
    def test_redis_only_where_there_is_one(self, redis: bool | None, expected: list[str]) -> None:
        assert [line[10:] for line in shown(state=Now(redis=redis)) if "redis" in line] == expected

    def test_one_sample_a_target(self) -> None:
        """Several keys or unlisted models of one provider are one series: the worst state, all calls."""
        other = Target(provider=OPENAI, model="another", listed=False)
        found = shown(state=Now(seen=[(GPT, 0, 2), (GPT, 2, 3), (GPT, 1, 0), (UNLISTED, 1, 1), (other, 0, 1)]))
        assert [line for line in found if "target" in line] == [
            'trunkline_target_state{model="gpt-4o",provider="openai"} 2.0',
            'trunkline_target_state{model="other",provider="openai"} 1.0',
            'trunkline_target_in_flight{model="gpt-4o",provider="openai"} 5.0',
            'trunkline_target_in_flight{model="other",provider="openai"} 2.0',
        ]

    def test_is_read_at_every_scrape(self) -> None:
        now = Now(requests=1)
        metrics = Metrics(now)
        assert "trunkline_in_flight_requests 1.0" in lines(metrics)
        now.requests = 2
        assert "trunkline_in_flight_requests 2.0" in lines(metrics)


class TestPrepare:
    def prepared(self) -> list[str]:
        smart = route("smart", GPT, Target(provider=OFF, model="llama"), fallbacks=(ECHO,), cache=CachePolicy(ttl=60))
        metrics = Metrics(Now(seen=()))
        metrics.prepare(Config(routes={"smart": smart, "plain": route("plain", ECHO)}))
        return lines(metrics)

    @pytest.mark.parametrize(
        "line",
        [
            f'requests_total{{{OK},model="gpt-4o",provider="openai",route="smart",status="200",stream="true"}} 0.0',
            f'requests_total{{{OK},model="echo",provider="demo",route="smart",status="200",stream="false"}} 0.0',
            'attempts_total{model="gpt-4o",provider="openai",result="ok"} 0.0',
            'attempts_total{model="echo",provider="demo",result="rate_limit"} 0.0',
            'usage_missing_total{model="gpt-4o",provider="openai"} 0.0',
            'cache_requests_total{result="hit",route="smart"} 0.0',
            'cache_requests_total{result="bypass",route="plain"} 0.0',
            "client_disconnects_total 0.0",
            'target_state{model="gpt-4o",provider="openai"} 0.0',
            'target_in_flight{model="echo",provider="demo"} 0.0',
        ],
    )
    def test_what_is_configured_starts_at_zero(self, line: str) -> None:
        assert f"trunkline_{line}" in self.prepared()

    def test_what_cannot_happen_does_not_show(self) -> None:
        found = self.prepared()
        assert not [line for line in found if "groq" in line]
        assert 'trunkline_cache_requests_total{result="hit",route="plain"} 0.0' not in found

    def test_a_target_that_left_the_file_shows_no_state(self) -> None:
        metrics = Metrics(Now(seen=()))
        metrics.prepare(Config(routes={"a": route("a", GPT), "b": route("b", ECHO)}))
        metrics.prepare(Config(routes={"b": route("b", ECHO)}))
        states = [line for line in lines(metrics) if "target_state" in line]
        assert states == ['trunkline_target_state{model="echo",provider="demo"} 0.0']

    def test_keys_of_the_file_come_first(self) -> None:
        """Which hundred keys have a name of their own is the file's order, not who came first."""
        keys = {str(n): ClientKey(name=f"team-{n}", digest=str(n)) for n in range(150)}
        metrics = Metrics(Now())
        metrics.prepare(Config(keys=keys))
        for n in (149, 100, 99, 0):
            metrics.served(exchange((GPT, "ok"), key=f"team-{n}", usage=USED))
        found = only(lines(metrics), "cached_input_tokens_total")
        assert [(line.split('"')[1], line.split()[-1]) for line in found] == [
            ("other", "8.0"),
            ("team-99", "4.0"),
            ("team-0", "4.0"),
        ]


def test_names_from_clients_do_not_grow_the_set() -> None:
    """Faults row 108."""
    rng = random.Random(108)
    metrics = Metrics(Now())
    made_up = (f"{rng.getrandbits(64):x}" for _ in range(200_000))
    for model, key in zip(made_up, made_up, strict=True):
        target = Target(provider=OPENAI, model=model, listed=False)
        metrics.served(exchange((target, "not_found"), (ECHO, "ok"), key=key, usage=USED, stream=True, first_token=0.1))
    assert len(lines(metrics)) <= 2000


def test_prometheus_reads_it() -> None:
    body, content_type = rendered()
    assert content_type == "text/plain; version=0.0.4; charset=utf-8"
    names = {family.name for family in text_string_to_metric_families(body.decode())}
    assert {"trunkline_requests", "process_resident_memory_bytes", "python_info"} <= names
    assert b"_created" not in body


def test_no_secret() -> None:
    """Faults row 110."""
    assert CANARY.encode() not in rendered()[0]


def rendered() -> tuple[bytes, str]:
    metrics = Metrics(Now())
    metrics.prepare(Config(routes={"smart": route("smart", GPT, fallbacks=(ECHO,))}))
    for each in a_bit_of_everything():
        metrics.served(each)
    return metrics.render()
