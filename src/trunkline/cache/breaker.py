"""When to leave a failing store alone: pure, given time and chance by its owner."""

from dataclasses import dataclass

from trunkline.cache.entry import jittered

FAILURES = 5
"""So many in a row open it."""

FIRST_REST = 1.0
LONGEST_REST = 1.8  # so that it is back within 2 s (faults row 70); a probe costs no caller anything
"""Seconds it stays open: the first, doubled for each probe that fails, up to the longest (faults section 5)."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """Closed, open until a moment, or from that moment on half-open: due for one probe.

    failures  in a row, while closed
    rest      seconds of this opening, 0 while closed
    until     the clock's reading at which a probe is due
    """

    failures: int = 0
    rest: float = 0.0
    until: float = 0.0

    @property
    def closed(self) -> bool:
        return self.rest == 0.0

    def recorded(self, ok: bool, now: float, rng_value: float) -> "Breaker":
        """The breaker after a call came out. While it is open only the probe's outcome counts: a call that began
        before says nothing new. `rng_value` from [0, 1) keeps the probes of many workers apart."""
        if not self.closed and now < self.until:
            return self
        if ok:
            return Breaker()
        if not self.closed:
            return _opened(min(2 * self.rest, LONGEST_REST), now, rng_value)
        if self.failures + 1 < FAILURES:
            return Breaker(failures=self.failures + 1)
        return _opened(FIRST_REST, now, rng_value)


def _opened(rest: float, now: float, rng_value: float) -> Breaker:
    return Breaker(rest=rest, until=now + jittered(rest, rng_value))
