"""The running gateway: the snapshot of the configuration in force, and the counts that gauges show."""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from trunkline.observe.record import Exchange, Observer
from trunkline.pipeline.board import Board
from trunkline.pipeline.path import Pipeline
from trunkline.types import Config, Target


class Ongoing(Protocol):
    """A request being served."""

    def interrupt(self, reason: str) -> None: ...


class Gateway:
    """What every request shares.

    draining        no new work is taken
    render_metrics  the text of /metrics and its content type
    event           writes a line about the server itself to the log
    """

    def __init__(
        self,
        config: Config,
        pipeline: Pipeline,
        board: Board,
        *,
        now: Callable[[], float],
        redis_up: Callable[[], bool | None],
        event: Callable[..., None],
    ) -> None:
        self.config = config
        self.pipeline = pipeline
        self.now = now
        self.wall = time.time
        self.created = int(time.time())
        self.draining = False
        self.ongoing: set[Ongoing] = set()
        self.streams = 0
        self.shed_requests = 0
        self.render_metrics: RenderMetrics = lambda: (b"", "text/plain")
        self.event = event
        self._board = board
        self._redis_up = redis_up
        self._observers: tuple[Observer, ...] = ()

    def observe(self, log: Observer, metrics: Observer, render: "RenderMetrics") -> None:
        """Who is told of every request. Metrics read the gateway's own counts, so they come after it."""
        self._observers = (log, metrics)
        self.render_metrics = render

    def served(self, exchange: Exchange) -> None:
        exchange.duration = self.now() - exchange.arrived
        for observer in self._observers:
            observer.served(exchange)

    def drain(self, reason: str) -> None:
        """Ends in band whatever is still running."""
        for request in list(self.ongoing):
            request.interrupt(reason)

    def in_flight(self) -> int:
        return len(self.ongoing)

    def open_streams(self) -> int:
        return self.streams

    def shed(self) -> int:
        return self.shed_requests

    def targets(self) -> Iterable[tuple[Target, int, int]]:
        return self._board.states(self.now())

    def redis_up(self) -> bool | None:
        return self._redis_up()

    def config_hash(self) -> str:
        return self.config.hash


RenderMetrics = Callable[[], tuple[bytes, str]]
Headers = Mapping[bytes, bytes]
