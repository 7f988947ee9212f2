"""Five failures in a row open it for a second, doubled per failed probe up to ten (faults section 5, "Redis")."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trunkline.cache.breaker import Breaker

OK, BAD = True, False
Outcome = tuple[bool, float]  # and the clock's reading when it came


def after(*outcomes: Outcome) -> Breaker:
    breaker = Breaker()
    for ok, now in outcomes:
        breaker = breaker.recorded(ok, now, 0.5)
    return breaker


OPENED: list[Outcome] = [(BAD, 0.0)] * 5


@pytest.mark.parametrize(
    ("outcomes", "breaker"),
    [
        pytest.param([], Breaker(), id="new"),
        pytest.param([(OK, 0.0)], Breaker(), id="a success"),
        pytest.param([(BAD, 0.0)] * 4, Breaker(failures=4), id="four failures"),
        pytest.param([*[(BAD, 0.0)] * 4, (OK, 0.0)], Breaker(), id="a success forgets four failures"),
        pytest.param([*[(BAD, 0.0)] * 4, (OK, 0.0), *[(BAD, 0.0)] * 4], Breaker(failures=4), id="not in a row"),
        pytest.param(OPENED, Breaker(rest=1.0, until=1.0), id="five failures open"),
        pytest.param([*OPENED, (BAD, 0.5)], Breaker(rest=1.0, until=1.0), id="a late failure changes nothing"),
        pytest.param([*OPENED, (OK, 0.5)], Breaker(rest=1.0, until=1.0), id="a late success changes nothing"),
        pytest.param([*OPENED, (OK, 1.0)], Breaker(), id="a good probe closes"),
        pytest.param([*OPENED, (BAD, 1.0)], Breaker(rest=1.8, until=2.8), id="a bad probe doubles, up to the longest"),
        pytest.param([*OPENED, (BAD, 1.0), (OK, 2.0)], Breaker(rest=1.8, until=2.8), id="no probe is due before"),
        pytest.param([*OPENED, (BAD, 1.0), (OK, 3.0)], Breaker(), id="a second probe closes"),
        pytest.param([*OPENED, (BAD, 1), (BAD, 3), (BAD, 7)], Breaker(rest=1.8, until=8.8), id="and no longer"),
        pytest.param(
            [*OPENED, (BAD, 1), (OK, 3), *[(BAD, 4.0)] * 5], Breaker(rest=1.0, until=5.0), id="then begins again"
        ),
    ],
)
def test_states(outcomes: list[Outcome], breaker: Breaker) -> None:
    assert after(*outcomes) == breaker


@pytest.mark.parametrize(("rng_value", "until"), [(0.0, 0.9), (0.5, 1.0), (1.0, 1.1)])
def test_workers_do_not_probe_all_at_once(rng_value: float, until: float) -> None:
    breaker = after(*[(BAD, 0.0)] * 4).recorded(BAD, 0.0, rng_value)
    assert breaker.until == pytest.approx(until)
    assert breaker.rest == 1.0


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 3)), max_size=40), st.floats(0, 1))
def test_it_is_open_only_after_five_failures_and_never_for_longer_than_eleven_seconds(
    steps: list[Outcome], rng_value: float
) -> None:
    breaker, now, row = Breaker(), 0.0, 0
    for ok, pause in steps:
        now += pause
        row = 0 if ok else row + 1
        before, breaker = breaker, breaker.recorded(ok, now, rng_value)
        assert breaker.until <= now + 2.0 or breaker is before
        assert not (before.closed and not breaker.closed) or row >= 5
        assert not (ok and now >= before.until) or breaker.closed
