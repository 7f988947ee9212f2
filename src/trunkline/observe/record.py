"""What is known of one request, gathered while it runs and read by the observers when it ends."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, Protocol

from trunkline.hub.usage import Usage
from trunkline.types import Kind, Target

CacheResult = Literal["hit", "miss", "coalesced", "bypass", "stale"]


@dataclass(frozen=True, slots=True)
class Try:
    """One upstream call. `result` is `ok`, a failure class or `cancelled`; in a stream `ok` means committed."""

    target: Target
    result: str
    seconds: float


@dataclass(slots=True)
class Exchange:
    """The one mutable record of a request. Times are monotonic seconds, durations seconds.

    route        the name asked for, `direct`, or `none` where no route was found
    target       what served, else what was tried last
    status       the HTTP status sent, 499 where the client left
    error_class  "" where all went well, else a failure class or one of our codes
    first_token  from arrival to the first content
    overhead     spent in the proxy itself, up to the first content
    waited       spent waiting for upstreams and between retries
    cost         USD, None where nobody knows; 0 for an answer from the cache
    demoted      a preferred target was passed over as unhealthy
    """

    id: str
    kind: Kind
    arrived: float
    stream: bool = False
    route: str = "none"
    key: str = "none"
    target: Target | None = None
    tries: list[Try] = field(default_factory=list)
    status: int = 0
    error_class: str = ""
    usage: Usage | None = None
    cost: Decimal | None = None
    first_token: float | None = None
    duration: float = 0.0
    overhead: float = 0.0
    waited: float = 0.0
    cache: CacheResult = "bypass"
    demoted: bool = False
    dropped: tuple[str, ...] = ()

    @property
    def fell_back(self) -> bool:
        """An attempt failed before the one that served, or a preferred target was out."""
        return self.demoted or any(attempt.result != "ok" for attempt in self.tries[:-1])

    @property
    def attempts(self) -> str:
        """As `x-trunkline-attempts` has it: `provider/model:result` per upstream call, `cache:hit` without any."""
        if not self.tries and self.cache in ("hit", "coalesced", "stale"):
            return "cache:hit"
        return ", ".join(f"{attempt.target.id}:{attempt.result}" for attempt in self.tries)


class Observer(Protocol):
    """Told once of every request, after its last byte."""

    def served(self, exchange: Exchange) -> None: ...
