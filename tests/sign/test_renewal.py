"""What grows old is renewed off the loop, once for all, and ahead of its end where nobody needs to wait."""

import asyncio
import threading
import time

import pytest

from trunkline.sign.renewal import Age, Renewal


class Thing:
    """`age` is set by the test; each renewal takes `seconds` and makes it fresh, or fails."""

    def __init__(self, age: Age = "gone", seconds: float = 0.0, error: Exception | None = None) -> None:
        self.age: Age = age
        self.seconds = seconds
        self.error = error
        self.renewed: list[str] = []
        self.renewal = Renewal(lambda: self.age, self.renew)

    def renew(self) -> None:
        self.renewed.append(threading.current_thread().name)
        time.sleep(self.seconds)
        if self.error:
            raise self.error
        self.age = "fresh"


def test_a_fresh_thing_is_left_alone() -> None:
    thing = Thing("fresh")
    asyncio.run(thing.renewal.ready())
    assert thing.renewed == []


def test_one_renewal_serves_all_who_wait() -> None:
    thing = Thing(seconds=0.05)

    async def main() -> None:
        await asyncio.gather(*(thing.renewal.ready() for _ in range(50)))

    asyncio.run(main())
    assert len(thing.renewed) == 1
    assert thing.renewed != [threading.main_thread().name]


def test_nobody_waits_for_what_still_holds() -> None:
    thing = Thing("old", seconds=0.2)

    async def main() -> float:
        started = time.monotonic()
        for _ in range(3):
            await thing.renewal.ready()
        return time.monotonic() - started

    assert asyncio.run(main()) < 0.2
    assert len(thing.renewed) == 1


def test_a_failure_reaches_all_who_wait_and_the_next_tries_again() -> None:
    thing = Thing(seconds=0.02, error=OSError("no"))

    async def main() -> list[object]:
        told: list[object] = await asyncio.gather(*(thing.renewal.ready() for _ in range(3)), return_exceptions=True)
        thing.error = None
        await thing.renewal.ready()
        return told

    assert [type(one) for one in asyncio.run(main())] == [OSError] * 3
    assert len(thing.renewed) == 2


def test_a_failure_ahead_of_the_end_harms_nobody(recwarn: pytest.WarningsRecorder) -> None:
    thing = Thing("old", error=OSError("no"))

    async def main() -> None:
        for _ in range(2):
            await thing.renewal.ready()
            await asyncio.sleep(0.05)

    asyncio.run(main())
    assert len(thing.renewed) == 2
    assert not recwarn.list


def test_who_leaves_does_not_take_it_from_the_others() -> None:
    thing = Thing(seconds=0.1)

    async def main() -> None:
        first = asyncio.create_task(thing.renewal.ready())
        second = asyncio.create_task(thing.renewal.ready())
        await asyncio.sleep(0.01)
        first.cancel()
        await second

    asyncio.run(main())
    assert (len(thing.renewed), thing.age) == (1, "fresh")
