"""`routes.NAME`: what clients may ask for, as the file may describe it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from trunkline.config.compound import Anything, ListOf, MapOf
from trunkline.config.record import Record, Section, Shorthand, key, section
from trunkline.config.shapes import Choice, Integer, Number, Text, duration
from trunkline.errors import CLASSES
from trunkline.types import NOTHING, CacheScope, Cooldown, Retries, Timeouts

STRATEGIES = ("priority", "round_robin", "weighted")
# Names of the interface that a file may not use yet.
LATER_STRATEGIES = frozenset(
    {
        *("random", "least_busy", "latency_optimized", "cost_optimized", "quality_optimized", "balanced"),
        *("local_first", "capability_match", "affinity", "experiment"),
    }
)

TARGET = Text(r"[^/\s]+(/\S+)?", "PROVIDER/MODEL or the name of a route")

_TIMEOUTS, _RETRIES, _COOLDOWN = Timeouts(), Retries(), Cooldown()
_PARAMETERS = MapOf(Anything(), ".+", "at least one character")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSection(Section):
    """One place in a route's order."""

    model: str = key(TARGET, "", "PROVIDER/MODEL, or another route.", required=True)
    weight: int = key(Integer(0, 1_000_000), 1, "Share under `weighted`; 0 sends no new requests.")
    params: Mapping[str, Any] = key(_PARAMETERS, NOTHING, "Defaults, where the client says nothing; over the route's.")
    force: Mapping[str, Any] = key(_PARAMETERS, NOTHING, "Always, over the client; over the route's.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FallbackSection(Section):
    """Where to go when the targets failed."""

    to: str = key(TARGET, "", "PROVIDER/MODEL, or another route.", required=True)
    on: tuple[str, ...] = key(ListOf(Choice(CLASSES, "failure class")), (), "Only after failures of these classes.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RetriesSection(Section):
    """Tries at one target."""

    attempts: int = key(Integer(1, 10), _RETRIES.attempts, "Tries per target, the first included.")
    backoff: float = key(duration(zero=True), _RETRIES.backoff, "First wait; doubles, with full jitter.")
    max_backoff: float = key(duration(zero=True), _RETRIES.max_backoff, "Longest wait.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeoutsSection(Section):
    """How long is waited for what."""

    connect: float = key(duration(), _TIMEOUTS.connect, "Name lookup, TCP and TLS.")
    first_token: float | None = key(duration(), None, "Streams: to the first content; 60s, 5m where the model reasons.")
    idle: float = key(duration(), _TIMEOUTS.idle, "Between two signs of life.")
    total: float | None = key(duration(), None, "From arrival, over all attempts; absent: 10m, streams 30m.")
    answer: float | None = key(duration(), None, "Unary: to the reply's headers; absent: up to `total`.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CooldownSection(Section):
    """How long a failing target is left alone."""

    after: int = key(Integer(1), _COOLDOWN.after, "Consecutive failures that send a target to rest.")
    rest: float = key(duration(), _COOLDOWN.rest, "First rest; doubles.", name="for")
    up_to: float = key(duration(), _COOLDOWN.up_to, "Longest rest.")


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheSection(Section):
    """Same question, same answer."""

    ttl: float = key(duration(), 0.0, "How long an answer is kept.", required=True)
    scope: CacheScope = key(Choice(("key", "route", "global")), "key", "Who shares answers.")
    stale_if_error: float = key(duration(zero=True), 0.0, "Kept so much longer, for when every target fails.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSection(Section):
    """A name that clients ask for as `model`, and what serves it."""

    description: str = key(Text(), "", "For people.")
    strategy: str = key(
        Choice(STRATEGIES, "strategy", LATER_STRATEGIES), "priority", "In which order targets are tried."
    )
    targets: tuple[TargetSection, ...] = key(
        ListOf(Shorthand(Record(TargetSection), "model")), (), "What serves it.", required=True
    )
    fallbacks: tuple[FallbackSection, ...] = key(
        ListOf(Shorthand(Record(FallbackSection), "to")), (), "Where to go when the targets failed."
    )
    retries: RetriesSection = section(RetriesSection, "Tries at one target.")
    timeouts: TimeoutsSection = section(TimeoutsSection, "How long is waited for what.")
    cooldown: CooldownSection = section(CooldownSection, "How long a failing target is left alone.")
    params: Mapping[str, Any] = key(_PARAMETERS, NOTHING, "Defaults, where the client says nothing.")
    force: Mapping[str, Any] = key(_PARAMETERS, NOTHING, "Always, over the client.")
    limit: Mapping[str, float] = key(MapOf(Number()), NOTHING, "Ceilings by parameter.")
    system: str | None = key(Text(), None, "A first system message, before the client's own.")
    unsupported: Literal["drop", "reject"] = key(
        Choice(("drop", "reject")), "drop", "Parameters that a target has no counterpart for."
    )
    cache: CacheSection | None = key(Record(CacheSection), None, "Kept answers; off unless given.")
