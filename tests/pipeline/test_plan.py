"""The order in which targets are tried, and why others are not: rows of (group, key, what the plan says)."""

import pytest

from tests.pipeline.build import group, key, numbers, target
from trunkline.pipeline.plan import Skipped, next_step, steps
from trunkline.types import ClientKey, Fallback, Group


def told(of: Group, who: ClientKey | None = None, turn: int = 0, rng: tuple[float, ...] = ()) -> list[str]:
    chain = steps(of, who, lambda _route: turn, numbers(*rng))
    return [f"{s.target.id}: {s.reason}" if isinstance(s, Skipped) else f"{s.target.id}#{s.spot.key}" for s in chain]


A, B, C = target("a/m"), target("b/m"), target("c/m")
INNER = group("inner", target("d/m", routes=("inner",)), target("b/m", routes=("inner",)))


@pytest.mark.parametrize(
    ("of", "turn", "rng", "expected"),
    [
        pytest.param(group("r", A, B), 0, (), ["a/m#0", "b/m#0"], id="priority is as written"),
        pytest.param(group("r", A, B, C, strategy="round_robin"), 1, (), ["b/m#0", "c/m#0", "a/m#0"], id="round robin"),
        pytest.param(group("r", A, B, C, strategy="round_robin"), 5, (), ["c/m#0", "a/m#0", "b/m#0"], id="it wraps"),
        pytest.param(group("r", A, B, strategy="weighted"), 0, (0.2, 0.9), ["b/m#0", "a/m#0"], id="weighted by draw"),
        pytest.param(
            group("r", target("a/m", weight=9), B, strategy="weighted"), 0, (0.5, 0.9), ["a/m#0", "b/m#0"], id="weight"
        ),
        pytest.param(group("r", target("a/m", weight=0), B), 0, (), ["b/m#0"], id="weight 0 drains"),
        pytest.param(group("r", target("a/m", weight=0)), 0, (), [], id="all drained"),
        pytest.param(group("r", A, INNER, C), 0, (), ["a/m#0", "d/m#0", "b/m#0", "c/m#0"], id="nested in place"),
        pytest.param(group("r", A, A, B), 0, (), ["a/m#0", "b/m#0"], id="each target once"),
        pytest.param(
            group("r", A, fallbacks=(Fallback(to=INNER), Fallback(to=C))),
            0,
            (),
            ["a/m#0", "d/m#0", "b/m#0", "c/m#0"],
            id="fallbacks after the targets",
        ),
        pytest.param(
            group("r", target("a/m", keys=("k0", "k1", "k2"))), 1, (), ["a/m#1", "a/m#2", "a/m#0"], id="a pool of keys"
        ),
        pytest.param(group("r", target("a/m", off="A_KEY is unset"), B), 0, (), None, id="a provider that is off"),
    ],
)
def test_order(of: Group, turn: int, rng: tuple[float, ...], expected: list[str] | None) -> None:
    assert told(of, None, turn, rng) == (
        expected or [] if expected is not None else ["a/m: provider_off: A_KEY is unset", "b/m#0"]
    )


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        pytest.param(key(), ["a/m#0", "d/m#0", "b/m#0"], id="a key without lists"),
        pytest.param(key(models=("a/*",)), ["a/m#0", "d/m: key_not_allowed", "b/m: key_not_allowed"], id="models"),
        pytest.param(key(models=("*/m",)), ["a/m#0", "d/m#0", "b/m#0"], id="a star anywhere"),
        pytest.param(
            key(routes=frozenset({"r"})), ["a/m#0", "d/m: key_not_allowed", "b/m: key_not_allowed"], id="nested route"
        ),
        pytest.param(key(routes=frozenset({"r", "inner"})), ["a/m#0", "d/m#0", "b/m#0"], id="nested route allowed"),
    ],
)
def test_what_a_key_may_use(who: ClientKey, expected: list[str]) -> None:
    assert told(group("r", A, INNER), who) == expected


def test_weighted_draws_in_proportion() -> None:
    state = [12345]

    def rng() -> float:
        state[0] = (state[0] * 1103515245 + 12345) % 2**31
        return state[0] / 2**31

    of = group("r", target("a/m", weight=3), target("b/m"), strategy="weighted")
    first = [next(s for s in steps(of, None, lambda _r: 0, rng) if not isinstance(s, Skipped)) for _ in range(4000)]
    share = sum(s.target.id == "a/m" for s in first) / len(first)
    assert 0.72 < share < 0.78


@pytest.mark.parametrize(
    ("failure", "expected"),
    [("timeout", 1), ("rate_limit", 1), ("context_window", 2), ("content_filter", 3), ("invalid_request", None)],
)
def test_where_a_failure_leads(failure: str, expected: int | None) -> None:
    """Targets take every class that moves on; `on:` replaces that for one fallback."""
    of = group(
        "r",
        A,
        B,
        fallbacks=(
            Fallback(to=C, on=frozenset({"context_window"})),
            Fallback(to=target("d/m"), on=frozenset({"content_filter", "context_window"})),
        ),
    )
    chain = [s for s in steps(of, None, lambda _r: 0, numbers()) if not isinstance(s, Skipped)]
    assert next_step(chain, 0, failure) == expected
