"""In which order a route's members are tried: one small function each, of data only."""

from collections.abc import Callable, Sequence

from trunkline.types import Group, Target

Member = Target | Group
Rng = Callable[[], float]
Strategy = Callable[[Sequence[Member], int, Rng], Sequence[Member]]
"""(members with a weight above 0, how often this route was asked before, random numbers in [0, 1)) -> the order."""


def priority(members: Sequence[Member], _turn: int, _rng: Rng) -> Sequence[Member]:
    """As written."""
    return members


def round_robin(members: Sequence[Member], turn: int, _rng: Rng) -> Sequence[Member]:
    """Each in its turn first, the others after it as written."""
    start = turn % len(members)
    return [*members[start:], *members[:start]]


def weighted(members: Sequence[Member], _turn: int, rng: Rng) -> Sequence[Member]:
    """A draw without return, each with a chance in proportion to its weight.

    Efraimidis and Spirakis, "Weighted random sampling with a reservoir" (2006): sort by u^(1/w).
    """
    draws = [(rng() ** (1.0 / member.weight), member) for member in members]
    return [member for _, member in sorted(draws, key=lambda draw: draw[0], reverse=True)]


STRATEGIES: dict[str, Strategy] = {"priority": priority, "round_robin": round_robin, "weighted": weighted}
