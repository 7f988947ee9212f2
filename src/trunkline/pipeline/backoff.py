"""How long to wait before the next try, and whether the same target may have it."""

from collections.abc import Callable

from trunkline.errors import Failure
from trunkline.types import Retries

# What may pass by itself: a hiccup of the server, not of the request or the account.
AGAIN = frozenset({408, 409, 500})

MOST_SAME_TARGET_RETRIES = 2  # per request, over all targets


def may_repeat(failure: Failure, *, last: bool) -> bool:
    """Whether the same target may be tried again; `last`: no other target is left. The provider's own no counts."""
    if failure.again is False:
        return False
    return failure.status in AGAIN or (failure.kind == "rate_limit" and last)


def wait_before(attempt: int, retries: Retries, rng: Callable[[], float]) -> float:
    """Seconds before try number `attempt` + 1 of a target: full jitter, so that clients spread out."""
    return rng() * min(retries.max_backoff, retries.backoff * 2.0 ** (attempt - 1))
