"""What this process knows of its targets: the one place where health is kept, lost at a restart.

Two kinds of rest. A provider's own word binds (Retry-After, a spent quota, a refused key): nobody calls before it ends.
A breaker only advises: where nothing better is left, the target that recovers first is tried.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from trunkline.errors import Failure, FailureClass
from trunkline.types import Cooldown, Target

RATE_LIMIT_REST, RATE_LIMIT_UP_TO = 1.0, 60.0
QUOTA_REST = 600.0
PARKED = 300.0

# The request's own fault: says nothing about the target.
BLAMELESS: frozenset[FailureClass] = frozenset({"invalid_request", "context_window", "content_filter"})
# The whole target is in trouble, so one failure is enough; of the others it takes `cooldown.after` in a row.
AT_ONCE: frozenset[FailureClass] = frozenset({"overloaded", "connection"})

MOST_SPOTS = 2000

CLOSED, HALF_OPEN, OPEN = 0, 1, 2


class Spot(NamedTuple):
    """Whose health: a model at a provider with one of its keys. An empty model is the key itself."""

    provider: str
    model: str
    key: int


@dataclass(slots=True)
class Health:
    """Monotonic seconds. `failures` in a row; `rests` in a row; `since` the breaker's last opening; `probe` when the
    one call started that a half-open breaker lets through."""

    failures: int = 0
    rests: int = 0
    advised: float = 0.0
    since: float = 0.0
    bound: float = 0.0
    bound_by: FailureClass = "rate_limit"
    in_flight: int = 0
    probe: float | None = None
    target: Target | None = field(default=None, repr=False)


class Board:
    """Health per spot and turns per route. `rng` gives numbers in [0, 1)."""

    def __init__(self, rng: Callable[[], float]) -> None:
        self._rng = rng
        self._spots: dict[Spot, Health] = {}
        self._turns: dict[str, int] = {}

    def turn(self, route: str) -> int:
        """How often this route's order was asked for before."""
        turn = self._turns.get(route, 0)
        self._turns[route] = turn + 1
        return turn

    def started(self, spot: Spot, target: Target, now: float) -> None:
        health = self._health(spot)
        health.target = target
        health.in_flight += 1
        if health.rests and health.probe is None:
            health.probe = now

    def ended(self, spot: Spot, started: float) -> None:
        health = self._health(spot)
        health.in_flight -= 1
        if health.probe == started:
            health.probe = None

    def bound(self, spot: Spot, now: float) -> tuple[float, FailureClass] | None:
        """Until when the provider's own word keeps us away, and what it said; None where it does not."""
        rests = [h for h in (self._spots.get(spot), self._spots.get(spot._replace(model=""))) if h and h.bound > now]
        if not rests:
            return None
        longest = max(rests, key=lambda health: health.bound)
        return longest.bound, longest.bound_by

    def advised(self, spot: Spot, now: float) -> float | None:
        """Until when the breaker advises against it; None where it does not. Half open lets one probe through."""
        health = self._spots.get(spot)
        if health is None or not health.rests:
            return None
        if health.advised > now or health.probe is not None:
            return max(health.advised, now)
        return None

    def succeeded(self, spot: Spot, started: float) -> None:
        """A late success of an attempt from before the breaker opened does not close it."""
        health = self._health(spot)
        if started >= health.since:
            health.failures = health.rests = 0
            health.advised = health.bound = 0.0

    def failed(self, spot: Spot, failure: Failure, now: float, cooldown: Cooldown) -> None:
        if failure.kind in BLAMELESS or failure.stale:
            return
        health = self._health(spot)
        if failure.kind == "quota" or failure.parks:
            rest = QUOTA_REST if failure.kind == "quota" else PARKED
            whole_key = failure.kind in ("quota", "auth")
            self._bind(
                spot._replace(model="") if whole_key else spot,
                now + max(rest, failure.retry_after or 0.0),
                failure.kind,
            )
        elif failure.retry_after is not None:
            self._bind(spot, now + failure.retry_after, failure.kind)
        elif failure.kind == "rate_limit":
            rest = min(RATE_LIMIT_UP_TO, RATE_LIMIT_REST * 2.0**health.failures)
            self._bind(spot, now + rest * (0.5 + self._rng() / 2), failure.kind)
        health.failures += 1
        tripped = failure.kind in AT_ONCE or health.failures >= cooldown.after
        if tripped and failure.kind not in ("auth", "not_found", "quota", "rate_limit"):
            health.since = now
            health.advised = now + min(cooldown.up_to, cooldown.rest * 2.0**health.rests) * (0.8 + self._rng() * 0.4)
            health.rests += 1

    def _rest(self, failure: Failure, health: Health) -> float | None:
        """Seconds for which the provider's own word keeps us away; None where it said nothing of the kind."""
        if failure.kind == "quota" or failure.parks:
            return max(QUOTA_REST if failure.kind == "quota" else PARKED, failure.retry_after or 0.0)
        if failure.retry_after is not None:
            return failure.retry_after
        if failure.kind == "rate_limit":
            return min(RATE_LIMIT_UP_TO, RATE_LIMIT_REST * 2.0**health.failures) * (0.5 + self._rng() / 2)
        return None

    def states(self, now: float) -> Iterator[tuple[Target, int, int]]:
        """Each target that was ever tried, with its state (0 closed, 1 half open, 2 open) and calls in flight."""
        for spot, health in list(self._spots.items()):  # read from another thread while requests run
            if health.target is not None:
                out = self.bound(spot, now) is not None or health.advised > now
                yield health.target, OPEN if out else HALF_OPEN if health.rests else CLOSED, health.in_flight

    def _bind(self, spot: Spot, until: float, kind: FailureClass) -> None:
        """Only ever extended: a shorter word does not take back a longer one."""
        health = self._health(spot)
        if until > health.bound:
            health.bound, health.bound_by = until, kind

    def _health(self, spot: Spot) -> Health:
        health = self._spots.get(spot)
        if health is None:
            if len(self._spots) >= MOST_SPOTS:
                self._forget_unlisted()
            health = self._spots[spot] = Health()
        return health

    def _forget_unlisted(self) -> None:
        """Clients may name any model of a provider; what nobody configured must not fill the memory (row 108)."""
        for spot, health in list(self._spots.items()):
            if health.target is not None and not health.target.listed and not health.in_flight:
                del self._spots[spot]
