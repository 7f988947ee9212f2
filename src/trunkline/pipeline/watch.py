"""Bounds on waiting. One timer per request that re-arms itself when it fires early: asyncio.timeout() around each
wait would cost more than the rest of the wait's bookkeeping together."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Expired(Exception):
    """The wait's bound has come."""


class Watch:
    """Guards the waits of one task, one at a time.

    waited   seconds spent in them so far
    """

    __slots__ = ("_armed", "_call_at", "_expired", "_handle", "_now", "_task", "_until", "waited")

    def __init__(self, loop: asyncio.AbstractEventLoop, task: "asyncio.Task[object]", now: Callable[[], float]) -> None:
        self._call_at = loop.call_at
        self._now = now  # not loop.time(): uvloop's is a millisecond coarse, and waits are measured here
        self._task = task
        self._handle: asyncio.TimerHandle | None = None
        self._armed = 0.0
        self._until: float | None = None
        self._expired = False
        self.waited = 0.0

    async def wait(self, awaitable: Awaitable[T], until: float) -> T:
        """Its result, or Expired once the clock says `until`. A cancellation from elsewhere passes through."""
        started = self._now()
        self._until = until
        if self._handle is None or until < self._armed:
            self._arm(until)
        try:
            return await awaitable
        except asyncio.CancelledError:
            if self._expired:
                self._expired = False
                if self._task.uncancel() == 0:
                    raise Expired from None
            raise
        finally:
            self._until = None
            self.waited += self._now() - started

    async def sleep(self, seconds: float) -> None:
        """Counts as waiting, not as work."""
        await asyncio.sleep(seconds)
        self.waited += seconds

    def close(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _arm(self, when: float) -> None:
        if self._handle is not None:
            self._handle.cancel()
        self._armed = when
        self._handle = self._call_at(when, self._fire)

    def _fire(self) -> None:
        self._handle = None
        if self._until is None:
            return
        if self._now() >= self._until:
            self._expired = True
            self._task.cancel()
        else:
            self._arm(self._until)
