"""Health: what rests, for how long, and whose word it was."""

import pytest

from tests.pipeline.build import target
from trunkline.errors import Failure
from trunkline.pipeline.board import CLOSED, HALF_OPEN, OPEN, Board, Spot
from trunkline.types import Cooldown

SPOT, OTHER_MODEL, OTHER_KEY = Spot("a", "m", 0), Spot("a", "n", 0), Spot("a", "m", 1)
EVERY = Cooldown(after=3, rest=5.0, up_to=20.0)


def board(rng: float = 0.5) -> Board:
    return Board(lambda: rng)


@pytest.mark.parametrize(
    ("failure", "rest"),
    [
        pytest.param(Failure("rate_limit", "", retry_after=2.0), 2.0, id="429 with Retry-After"),
        pytest.param(Failure("overloaded", "", retry_after=7.0), 7.0, id="503 with Retry-After"),
        pytest.param(Failure("rate_limit", ""), 0.75, id="429 without: 1 s, jittered"),
        pytest.param(Failure("quota", ""), 600.0, id="quota: 10 min"),
        pytest.param(Failure("auth", "", parks=True), 300.0, id="401: 5 min"),
        pytest.param(Failure("not_found", "", parks=True), 300.0, id="a deployment that is gone"),
        pytest.param(Failure("auth", ""), None, id="403 that names no key parks nothing"),
        pytest.param(Failure("not_found", ""), None, id="404"),
        pytest.param(Failure("server_error", ""), None, id="500"),
        pytest.param(Failure("invalid_request", ""), None, id="400"),
        pytest.param(Failure("connection", ""), None, id="connection: the breaker's matter"),
    ],
)
def test_a_providers_word_binds(failure: Failure, rest: float | None) -> None:
    health = board()
    health.failed(SPOT, failure, 100.0, EVERY)
    bound = health.bound(SPOT, 100.0)
    assert bound == ((100.0 + rest, failure.kind) if rest is not None else None)
    assert rest is None or health.bound(SPOT, 100.0 + rest) is None


def test_a_parked_key_rests_with_all_its_models_and_no_other_key() -> None:
    health = board()
    health.failed(SPOT, Failure("auth", "", parks=True), 0.0, EVERY)
    assert health.bound(OTHER_MODEL, 1.0) is not None
    assert health.bound(OTHER_KEY, 1.0) is None


def test_a_rate_limit_rests_one_model() -> None:
    health = board()
    health.failed(SPOT, Failure("rate_limit", "", retry_after=5), 0.0, EVERY)
    assert health.bound(OTHER_MODEL, 1.0) is None


def test_a_word_is_only_ever_extended() -> None:
    health = board()
    health.failed(SPOT, Failure("rate_limit", "", retry_after=60), 0.0, EVERY)
    health.failed(SPOT, Failure("rate_limit", "", retry_after=2), 1.0, EVERY)
    assert health.bound(SPOT, 1.0) == (60.0, "rate_limit")


def test_rate_limits_in_a_row_rest_longer() -> None:
    health = board(rng=1.0)
    rests = []
    for n in range(8):
        now = 1000.0 * n
        health.failed(SPOT, Failure("rate_limit", ""), now, Cooldown(after=100))
        bound = health.bound(SPOT, now)
        assert bound is not None
        rests.append(bound[0] - now)
    assert rests == [1, 2, 4, 8, 16, 32, 60, 60]


def test_the_breaker_opens_after_failures_in_a_row_and_doubles() -> None:
    health = board()
    for _ in range(2):
        health.failed(SPOT, Failure("server_error", ""), 0.0, EVERY)
    assert health.advised(SPOT, 0.0) is None
    health.failed(SPOT, Failure("server_error", ""), 0.0, EVERY)
    assert health.advised(SPOT, 0.0) == 5.0
    for now, until in ((5.0, 15.0), (15.0, 35.0), (35.0, 55.0)):
        assert health.advised(SPOT, now) is None, "half open lets one through"
        health.failed(SPOT, Failure("timeout", ""), now, EVERY)
        assert health.advised(SPOT, now) == until, "doubles up to `up_to`"


@pytest.mark.parametrize("kind", ["overloaded", "connection"])
def test_a_target_in_trouble_rests_at_once(kind: str) -> None:
    health = board()
    health.failed(SPOT, Failure(kind, ""), 0.0, EVERY)  # type: ignore[arg-type]
    assert health.advised(SPOT, 0.0) == 5.0


def test_one_probe_while_half_open() -> None:
    health = board()
    health.failed(SPOT, Failure("connection", ""), 0.0, EVERY)
    health.started(SPOT, target("a/m"), 6.0)
    assert health.advised(SPOT, 6.0) is not None, "the probe is out"
    health.succeeded(SPOT, 6.0)
    health.ended(SPOT, 6.0)
    assert health.advised(SPOT, 7.0) is None


def test_a_late_success_from_before_the_opening_closes_nothing() -> None:
    health = board()
    health.started(SPOT, target("a/m"), 0.0)
    health.failed(SPOT, Failure("connection", ""), 1.0, EVERY)
    health.succeeded(SPOT, 0.0)
    assert health.advised(SPOT, 2.0) is not None


@pytest.mark.parametrize("kind", ["invalid_request", "context_window", "content_filter"])
def test_the_requests_own_fault_blames_no_target(kind: str) -> None:
    health = board()
    for _ in range(10):
        health.failed(SPOT, Failure(kind, "", retry_after=9), 0.0, EVERY)  # type: ignore[arg-type]
    assert health.bound(SPOT, 0.0) is None
    assert health.advised(SPOT, 0.0) is None


def test_a_stale_connection_blames_no_target() -> None:
    health = board()
    health.failed(SPOT, Failure("connection", "", stale=True), 0.0, EVERY)
    assert health.advised(SPOT, 0.0) is None


def test_states_for_the_gauge() -> None:
    health = board()
    health.started(SPOT, target("a/m"), 0.0)
    assert [(state, flying) for _, state, flying in health.states(0.0)] == [(CLOSED, 1)]
    health.failed(SPOT, Failure("connection", ""), 0.0, EVERY)
    health.ended(SPOT, 0.0)
    assert [(state, flying) for _, state, flying in health.states(1.0)] == [(OPEN, 0)]
    assert [(state, flying) for _, state, flying in health.states(9.0)] == [(HALF_OPEN, 0)]
