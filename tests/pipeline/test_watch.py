"""Bounds on waiting, on a real loop."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from trunkline.errors import Failure
from trunkline.pipeline.backoff import may_repeat, wait_before
from trunkline.pipeline.watch import Expired, Watch
from trunkline.types import Retries


def with_watch(body: Callable[[Watch], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        task = asyncio.current_task()
        assert task is not None
        watch = Watch(asyncio.get_running_loop(), task, time.monotonic)
        try:
            return await body(watch)
        finally:
            watch.close()

    return asyncio.run(main())


def test_a_wait_that_ends_in_time() -> None:
    async def body(watch: Watch) -> str:
        return await watch.wait(asyncio.sleep(0.01, "well"), time.monotonic() + 1)

    assert with_watch(body) == "well"


def test_a_wait_that_does_not() -> None:
    async def body(watch: Watch) -> float:
        started = time.monotonic()
        with pytest.raises(Expired):
            await watch.wait(asyncio.sleep(5), started + 0.05)
        assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]
        await asyncio.sleep(0)  # the task is not cancelled any more
        return time.monotonic() - started

    assert 0.04 < with_watch(body) < 1


def test_one_timer_serves_waits_with_later_and_earlier_bounds() -> None:
    async def body(watch: Watch) -> list[str]:
        out = []
        for bound in (0.5, 0.03, 0.06, 0.02):
            started = time.monotonic()
            with pytest.raises(Expired):
                await watch.wait(asyncio.sleep(5), started + bound)
            out.append("late" if time.monotonic() - started > bound + 0.2 else "in time")
        return out

    assert with_watch(body) == ["in time"] * 4


def test_a_cancellation_from_elsewhere_passes_through() -> None:
    async def body(watch: Watch) -> bool:
        task = asyncio.current_task()
        assert task is not None
        asyncio.get_running_loop().call_later(0.02, task.cancel)
        try:
            await watch.wait(asyncio.sleep(5), time.monotonic() + 1)
        except asyncio.CancelledError:
            task.uncancel()
            return True
        return False

    assert with_watch(body)


def test_what_was_waited_is_counted() -> None:
    async def body(watch: Watch) -> float:
        await watch.wait(asyncio.sleep(0.05), time.monotonic() + 1)
        await watch.sleep(0.05)
        return watch.waited

    assert 0.09 < with_watch(body) < 0.5


@pytest.mark.parametrize(
    ("attempt", "draw", "seconds"),
    [(1, 0.0, 0.0), (1, 1.0, 0.25), (2, 1.0, 0.5), (3, 0.5, 0.5), (10, 1.0, 8.0)],
)
def test_full_jitter(attempt: int, draw: float, seconds: float) -> None:
    assert wait_before(attempt, Retries(), lambda: draw) == seconds


@pytest.mark.parametrize(
    ("failure", "last", "again"),
    [
        (Failure("server_error", "", status=500), False, True),
        (Failure("timeout", "", status=408), False, True),
        (Failure("server_error", "", status=409), False, True),
        (Failure("server_error", "", status=502), False, False),
        (Failure("overloaded", "", status=503), True, False),
        (Failure("rate_limit", "", status=429), False, False),
        (Failure("rate_limit", "", status=429), True, True),
        (Failure("timeout", ""), True, False),
        (Failure("connection", ""), True, False),
        (Failure("invalid_request", "", status=400), True, False),
    ],
)
def test_the_same_target_again(failure: Failure, last: bool, again: bool) -> None:
    assert may_repeat(failure, last=last) is again
