"""What has to be fetched and grows old, off the event loop."""

import asyncio
from collections.abc import Callable
from typing import Literal

Age = Literal["fresh", "old", "gone"]
"""`old`: it still holds, and should be renewed before it does not. `gone`: it no longer holds, or was never there."""


class Renewal:
    """Runs `renew` in a thread: once for all who wait for it, and ahead of the end where nobody needs to wait.

    age     how old the thing is; costs nothing
    renew   fetches it, however long that takes; what it raises reaches those who wait
    """

    __slots__ = ("_age", "_renew", "_running")

    def __init__(self, age: Callable[[], Age], renew: Callable[[], None]) -> None:
        self._age = age
        self._renew = renew
        self._running: asyncio.Task[None] | None = None

    async def ready(self) -> None:
        """Returns once the thing holds. Raises what `renew` does."""
        age = self._age()
        if age == "fresh":
            return
        running = self._begin()
        if age == "gone":
            # Who leaves does not take it away from the others.
            await asyncio.shield(running)

    def _begin(self) -> "asyncio.Task[None]":
        if self._running is None or self._running.done():
            self._running = asyncio.get_running_loop().create_task(asyncio.to_thread(self._renew))
            self._running.add_done_callback(_noticed)
        return self._running


def _noticed(task: "asyncio.Task[None]") -> None:
    """A failure that nobody waited for is told by the next who has to wait."""
    if not task.cancelled():
        task.exception()
