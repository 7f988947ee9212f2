"""What Prometheus scrapes: counters kept as requests end, gauges read when it asks.

Names and labels are the contract's (section 5). Label values come from the configuration only, so that no client
can grow the set (faults row 108).
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Protocol, TypeVar, get_args

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from trunkline.errors import CLASSES
from trunkline.hub.request import PARAMETERS
from trunkline.observe.record import CacheResult, Exchange, Try
from trunkline.observe.series import COUNTERS, HISTOGRAMS
from trunkline.types import Config, Group, Target

MOST_KEYS = 100
"""Client keys beyond the first hundred share the label `other`."""

STREAM = ("false", "true")

M = TypeVar("M", Counter, Histogram)


class StateView(Protocol):
    """What is true at this moment, read at every scrape, perhaps from another thread than the loop's."""

    def in_flight(self) -> int: ...

    def open_streams(self) -> int: ...

    def shed(self) -> int:
        """Requests refused since the start because too many were in flight."""
        ...

    def targets(self) -> Iterable[tuple[Target, int, int]]:
        """A copy: each target with its state (0 closed, 1 half-open, 2 open) and its calls in flight."""
        ...

    def redis_up(self) -> bool | None:
        """None where no Redis is configured."""
        ...

    def config_hash(self) -> str: ...


class Metrics:
    """An Observer whose findings `render` shows in Prometheus' text format."""

    def __init__(self, state: StateView) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a series more for each, which nobody reads
        self._registry = registry = CollectorRegistry()
        self._counters = {
            name: _Children(Counter(name, text, names.split(), registry=registry))
            for name, (text, names) in COUNTERS.items()
        }
        self._histograms = {
            name: _Children(Histogram(name, text, names.split(), registry=registry, buckets=buckets))
            for name, (text, names, buckets) in HISTOGRAMS.items()
        }
        self._keys: set[str] = set()
        self._now = _Now(state)
        registry.register(self._now)
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)

    def prepare(self, config: Config) -> None:
        """Start what is configured at 0: a rate does not see the step from nothing to 1."""
        for key in config.keys.values():
            self._key_label(key.name)
        self._now.configured = set()
        for name, route in config.routes.items():
            for result in get_args(CacheResult) if route.cache else ("bypass",):
                self._count("trunkline_cache_requests_total", name, result, by=0)
            targets = {labels(target) for target in _targets(route.group)}
            self._now.configured |= targets
            for provider, model in targets:
                self._count("trunkline_usage_missing_total", provider, model, by=0)
                for stream in STREAM:
                    self._count("trunkline_requests_total", name, provider, model, "200", "", stream, by=0)
                for result in ("ok", "cancelled", *CLASSES):
                    self._count("trunkline_attempts_total", provider, model, result, by=0)

    def served(self, exchange: Exchange) -> None:
        served_by = labels(exchange.target)
        route, stream, status = exchange.route, STREAM[exchange.stream], str(exchange.status)
        self._count("trunkline_requests_total", route, *served_by, status, exchange.error_class, stream)
        self._count("trunkline_cache_requests_total", route, exchange.cache)
        self._time("trunkline_request_duration_seconds", exchange.duration, route, *served_by, stream)
        self._time("trunkline_overhead_seconds", exchange.overhead, route)
        if exchange.status == 499:
            self._count("trunkline_client_disconnects_total")
        self._tries(route, exchange.tries)
        for lost in exchange.dropped:
            self._count("trunkline_lossy_total", served_by[0], parameter(lost))
        # Answers from the cache use no tokens and tell nothing about a provider's speed.
        if exchange.tries and exchange.tries[-1].result == "ok":
            self._speed(exchange, *served_by)
            self._tokens(exchange, *served_by)
            self._cost(exchange, *served_by)

    def render(self) -> tuple[bytes, str]:
        """The body and content type of an answer to a scrape. Thousands of lines at 8 us each: leave it to a thread."""
        return generate_latest(self._registry), CONTENT_TYPE_PLAIN_0_0_4

    def _tries(self, route: str, tries: list[Try]) -> None:
        for attempt in tries:
            self._count("trunkline_attempts_total", *labels(attempt.target), attempt.result)
        for failed, following in pairwise(tries):
            if failed.target.id != following.target.id:
                left, taken = ("/".join(labels(attempt.target)) for attempt in (failed, following))
                self._count("trunkline_fallbacks_total", route, left, taken, failed.result)

    def _speed(self, exchange: Exchange, provider: str, model: str) -> None:
        """Streams only: the first content of a unary answer is its last."""
        if not exchange.stream or exchange.first_token is None:
            return
        self._time("trunkline_time_to_first_token_seconds", exchange.first_token, exchange.route, provider, model)
        usage = exchange.usage
        # Hidden reasoning comes before the first content: counted in, a token would seem to take no time.
        if usage is not None and usage.output > 1 and not usage.reasoning:
            mean = (exchange.duration - exchange.first_token) / (usage.output - 1)
            self._time("trunkline_time_per_output_token_seconds", mean, exchange.route, provider, model)

    def _tokens(self, exchange: Exchange, provider: str, model: str) -> None:
        usage = exchange.usage
        if usage is None:
            self._count("trunkline_usage_missing_total", provider, model)
            return
        where = (provider, model, exchange.route, self._key_label(exchange.key))
        self._count("trunkline_tokens_total", *where, "input", by=usage.input)
        self._count("trunkline_tokens_total", *where, "output", by=usage.output)
        self._count("trunkline_cached_input_tokens_total", *where, by=usage.cached)
        self._count("trunkline_reasoning_tokens_total", *where, by=usage.reasoning)

    def _cost(self, exchange: Exchange, provider: str, model: str) -> None:
        if exchange.cost is not None:
            where = (provider, model, exchange.route, self._key_label(exchange.key))
            self._count("trunkline_cost_usd_total", *where, by=float(exchange.cost))
        elif exchange.usage is not None:
            self._count("trunkline_price_unknown_total", provider, model)

    def _count(self, name: str, *values: str, by: float = 1) -> None:
        self._counters[name][values].inc(by)

    def _time(self, name: str, seconds: float, *values: str) -> None:
        self._histograms[name][values].observe(seconds)

    def _key_label(self, name: str) -> str:
        if name not in self._keys and len(self._keys) < MOST_KEYS:
            self._keys.add(name)
        return name if name in self._keys else "other"


class _Children(dict[tuple[str, ...], M]):
    """Label values -> the child that counts them: a look-up here is a quarter of what `labels()` costs."""

    def __init__(self, metric: M) -> None:
        super().__init__()
        self._metric: M = metric

    def __missing__(self, values: tuple[str, ...]) -> M:
        child: M = self._metric.labels(*values) if values else self._metric
        self[values] = child
        return child


class _Now(Collector):
    """The gauges, and the one counter that is kept elsewhere. Targets that are `configured` show before their first
    call."""

    def __init__(self, state: StateView) -> None:
        self._state = state
        self.configured: set[tuple[str, str]] = set()

    def collect(self) -> Iterator[Metric]:
        state = self._state
        yield GaugeMetricFamily("trunkline_in_flight_requests", "Requests not yet ended.", state.in_flight())
        yield GaugeMetricFamily("trunkline_open_streams", "Streams not yet ended.", state.open_streams())
        yield CounterMetricFamily("trunkline_shed_total", "Requests refused as too many.", state.shed())
        yield from self._targets()
        redis_up = state.redis_up()
        if redis_up is not None:
            yield GaugeMetricFamily("trunkline_redis_up", "Redis answers.", redis_up)
        info = GaugeMetricFamily("trunkline_config_info", "The configuration served.", labels=("hash",))
        info.add_metric((state.config_hash(),), 1)
        yield info
        yield GaugeMetricFamily("trunkline_config_valid", "The file as it is now is the one served.", 1)

    def _targets(self) -> Iterator[Metric]:
        """One sample a provider and model, whatever its keys: the worst state, the sum of the calls."""
        where = ("provider", "model")
        states = GaugeMetricFamily("trunkline_target_state", "0 closed, 1 half-open, 2 open.", labels=where)
        calls = GaugeMetricFamily("trunkline_target_in_flight", "Upstream calls not yet ended.", labels=where)
        seen = dict.fromkeys(sorted(self.configured), (0, 0))
        for target, state, in_flight in self._state.targets():
            worst, total = seen.get(labels(target), (0, 0))
            seen[labels(target)] = max(worst, state), total + in_flight
        for values, (worst, total) in seen.items():
            states.add_metric(values, worst)
            calls.add_metric(values, total)
        yield states
        yield calls


def labels(target: Target | None) -> tuple[str, str]:
    """Provider and model as metrics name them."""
    if target is None:
        return "none", "none"
    return target.provider.name, target.model if target.listed else "other"


def parameter(lost: str) -> str:
    """A lost parameter as metrics name it: what only a client can have named shares one label."""
    name = lost.partition("=")[0]
    return name if name in PARAMETERS else "other"


def _targets(group: Group) -> Iterator[Target]:
    for entry in (*group.members, *(fallback.to for fallback in group.fallbacks)):
        if isinstance(entry, Group):
            yield from _targets(entry)
        elif entry.provider.off is None:
            yield entry
