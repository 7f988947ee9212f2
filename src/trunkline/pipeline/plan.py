"""Which targets a request may be tried on, in which order, and why the others are passed over."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from trunkline.errors import MOVES_ON
from trunkline.pipeline.board import Spot
from trunkline.pipeline.strategies import STRATEGIES, Rng
from trunkline.types import ClientKey, Group, Target


@dataclass(frozen=True, slots=True)
class Step:
    """One possible upstream: a target with one of its provider's keys. `on`: the failure classes that lead here."""

    target: Target
    key: str
    spot: Spot
    on: frozenset[str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """`reason`: `provider_off: …` or `key_not_allowed`."""

    target: Target
    reason: str


def steps(group: Group, key: ClientKey | None, turn: Callable[[str], int], rng: Rng) -> list[Step | Skipped]:
    """The whole chain of a route: its members in the order of its strategy, then its fallbacks, nested ones in place.

    Each target once. `turn` counts how often a route was ordered before.
    """
    seen: set[Spot] = set()
    chain: list[Step | Skipped] = []
    for target, on in _targets(group, MOVES_ON, turn, rng):
        reason = _refusal(target, key)
        if reason:
            chain.append(Skipped(target, reason))
            continue
        for index, secret in _keys(target, turn):
            spot = Spot(target.provider.name, target.model, index)
            if spot not in seen:
                seen.add(spot)
                chain.append(Step(target, secret, spot, on))
    return chain


def _targets(
    node: Target | Group, on: frozenset[str], turn: Callable[[str], int], rng: Rng
) -> Iterator[tuple[Target, frozenset[str]]]:
    if isinstance(node, Target):
        yield node, on
        return
    members = [member for member in node.members if member.weight > 0]
    for member in STRATEGIES[node.strategy](members, turn(node.name), rng) if members else ():
        yield from _targets(member, on, turn, rng)
    for fallback in node.fallbacks:
        yield from _targets(fallback.to, fallback.on, turn, rng)


def _keys(target: Target, turn: Callable[[str], int]) -> list[tuple[int, str]]:
    """A provider's keys, each in its turn first."""
    keys = target.provider.keys or ("",)
    start = turn(f"{target.provider.name}/") % len(keys) if len(keys) > 1 else 0
    pool = list(enumerate(keys))
    return [*pool[start:], *pool[:start]]


def _refusal(target: Target, key: ClientKey | None) -> str | None:
    if target.provider.off:
        return f"provider_off: {target.provider.off}"
    if key is None:
        return None
    if key.routes is not None and not key.routes.issuperset(target.routes):
        return "key_not_allowed"
    return None if allows_model(key, target.id) else "key_not_allowed"


def allows_model(key: ClientKey, target_id: str) -> bool:
    """Whether this key may be served by `provider/model`."""
    return key.models is None or any(fnmatchcase(target_id, pattern) for pattern in key.models)


def next_step(chain: list[Step], after: int, failure_class: str) -> int | None:
    """Where a failure of this class leads: the first later step that takes it, None at the end of the chain."""
    return next((i for i in range(after + 1, len(chain)) if failure_class in chain[i].on), None)
