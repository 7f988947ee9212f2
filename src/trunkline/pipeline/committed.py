"""An answer from upstream, and what becomes of its target's health."""

from collections.abc import Callable, Mapping

from trunkline.errors import Failure
from trunkline.hub.usage import Usage
from trunkline.pipeline.answer import Billed
from trunkline.pipeline.attempt import Attempt
from trunkline.pipeline.board import Board
from trunkline.types import Cooldown, Json


class Committed:
    """An Answer: an attempt that committed."""

    __slots__ = ("_attempt", "_board", "_cooldown", "_now", "head", "reply_headers")

    def __init__(self, attempt: Attempt, board: Board, cooldown: Cooldown, now: Callable[[], float]) -> None:
        self._attempt = attempt
        self._board = board
        self._cooldown = cooldown
        self._now = now
        self.head = attempt.head
        self.reply_headers: Mapping[str, str] = attempt.upstream.headers

    async def more(self) -> list[Json]:
        try:
            return await self._attempt.more()
        except Failure as failure:
            self._board.failed(self._attempt.upstream.step.spot, failure, self._now(), self._cooldown)
            raise

    def usage(self) -> Usage | None:
        return self._attempt.usage()

    def billed(self) -> Billed | None:
        return self._attempt.billed()

    def usage_chunk(self) -> Json | None:
        return self._attempt.law.usage_chunk() if self._attempt.law.raw_usage else None

    def close(self, *, complete: bool) -> None:
        attempt = self._attempt
        spot, started = attempt.upstream.step.spot, attempt.upstream.started
        if complete:
            attempt.finish()
            self._board.succeeded(spot, started)
        else:
            attempt.abort()
        self._board.ended(spot, started)
