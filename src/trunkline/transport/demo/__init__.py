"""`demo`, the provider that needs nothing: an OpenAI upstream inside the process, behind the port of any other.

It answers deterministically, streams, calls tools, fits schemas, embeds, and misbehaves on request by the model's
name; `models` has the names.
"""

import asyncio
from collections import Counter

from trunkline.errors import Failure
from trunkline.ports import Outbound, Progress
from trunkline.transport.demo.models import MODELS
from trunkline.transport.demo.player import DemoReply, Sleep
from trunkline.transport.demo.script import failure, script

__all__ = ["MODELS", "DemoTransport"]


class DemoTransport:
    """Serves `demo://` URLs. `sleep` takes seconds.

    The one piece of state: how many calls of each `flaky-N` model have failed so far.
    """

    def __init__(self, sleep: Sleep = asyncio.sleep) -> None:
        self._sleep = sleep
        self._failed: Counter[str] = Counter()

    async def send(self, request: Outbound, progress: Progress | None = None) -> DemoReply:
        """Raises Failure where the model's name asks for a connection that fails."""
        progress = progress or Progress()
        progress.phase = "sent"
        played = script(request)
        if self._failed[played.model] < played.failures:
            self._failed[played.model] += 1
            played = failure(500)
        if played.late:
            await self._sleep(played.late)
        if played.broken is not None:
            raise Failure("connection", played.broken)
        progress.phase = "answered"
        return DemoReply(played, self._sleep)

    async def close(self) -> None:
        """Nothing is held open."""
