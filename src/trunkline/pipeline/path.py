"""The path of a request: its cache, its candidates, its attempts, its answer.

One path for unary and stream: an answer commits at its first content, and only what comes before may be tried again.
"""

from collections.abc import Callable, Mapping, Sequence

from trunkline.catalog import Catalog
from trunkline.errors import MOVES_ON, ApiError, Failure
from trunkline.hub.usage import Usage
from trunkline.observe.record import Exchange, Try
from trunkline.pipeline.answer import Answer, Billed
from trunkline.pipeline.attempt import Attempt
from trunkline.pipeline.backoff import MOST_SAME_TARGET_RETRIES, may_repeat, wait_before
from trunkline.pipeline.board import Board
from trunkline.pipeline.kept import Kept
from trunkline.pipeline.outcome import Redactor, to_api_error, told_wait
from trunkline.pipeline.params import shape
from trunkline.pipeline.plan import Skipped, Step, next_step, steps
from trunkline.pipeline.price import FREE, known, price
from trunkline.pipeline.watch import Watch
from trunkline.types import Call, Cooldown, Json, Transport
from trunkline.wires import WIRES

FIRST_TOKEN, FIRST_TOKEN_OF_REASONING = 60.0, 300.0


class Pipeline:
    """Serves calls from one snapshot of the configuration.

    transports   by URL scheme
    now, wall    monotonic and Unix time, seconds
    """

    def __init__(
        self,
        board: Board,
        transports: Mapping[str, Transport],
        kept: Kept,
        redactor: Redactor,
        catalog: Catalog,
        *,
        now: Callable[[], float],
        wall: Callable[[], float],
        rng: Callable[[], float],
    ) -> None:
        self._board = board
        self._transports = transports
        self._kept = kept
        self.catalog = catalog
        self.redactor = redactor
        self._now = now
        self._wall = wall
        self._rng = rng

    async def answer(self, call: Call, exchange: Exchange, watch: Watch) -> Answer:
        """Kept, or fetched. Raises ApiError: nothing was sent to the client then."""

        async def fetch() -> Answer:
            return await self._fetch(call, exchange, watch)

        return await self._kept.answer(call, exchange, watch, fetch)

    def settle(self, exchange: Exchange, answer: Answer) -> None:
        """What it took, once all is said that will be."""
        exchange.usage = answer.usage()
        billed = answer.billed()
        if billed is None:
            exchange.cost = FREE
        elif exchange.target is not None:
            exchange.cost = price(self.catalog, exchange.target, *billed)

    async def _fetch(self, call: Call, exchange: Exchange, watch: Watch) -> Answer:
        """Tries the route's targets until one commits."""
        chain = self._chain(call, exchange)
        position, tries, repeats, fresh = 0, 1, 0, False
        while True:
            step = chain[position]
            try:
                attempt = await self._try(call, step, exchange, watch, fresh=fresh)
                return Committed(attempt, self._board, call.route.cooldown, self._now)
            except Failure as error:
                failure = error
            if failure.stale and not fresh:
                fresh = True
                continue
            fresh = False
            following = next_step(chain, position, failure.kind)
            wait = self._repeat_after(call, step, failure, tries, last=following is None)
            if wait is not None and repeats < MOST_SAME_TARGET_RETRIES:
                tries, repeats = tries + 1, repeats + 1
                await watch.sleep(wait)
            elif following is not None and self._now() < call.deadline:
                position, tries = following, 1
            else:
                raise self._given_up(call, step, failure, len(exchange.tries))

    def _chain(self, call: Call, exchange: Exchange) -> list[Step]:
        """The candidates that may be called now, the first one first."""
        planned = steps(call.route.group, call.key, self._board.turn, self._rng)
        chain = [step for step in planned if isinstance(step, Step)]
        if call.kind == "embeddings" and chain:
            # Vectors of two models do not compare: only the first target's model may stand in.
            chain = [step for step in chain if step.target.model == chain[0].target.model]
        if not chain:
            raise _nobody(call, [skip for skip in planned if isinstance(skip, Skipped)])
        ready = self._healthy(call, chain if call.fallback else chain[:1])
        exchange.demoted = ready[0] is not chain[0]
        return ready

    def _healthy(self, call: Call, chain: list[Step]) -> list[Step]:
        now = self._now()
        unbound = [step for step in chain if self._board.bound(step.spot, now) is None]
        ready = [step for step in unbound if self._board.advised(step.spot, now) is None]
        starts = [index for index, step in enumerate(ready) if step.on & MOVES_ON]
        if starts:
            return ready[starts[0] :]
        if unbound:
            return [min(unbound, key=lambda step: self._board.advised(step.spot, now) or now)]
        rests = [rest for step in chain if (rest := self._board.bound(step.spot, now))]
        raise _all_cooling(call, chain, rests, now)

    async def _try(self, call: Call, step: Step, exchange: Exchange, watch: Watch, *, fresh: bool) -> Attempt:
        target = step.target
        wire = WIRES[target.provider.wire]
        body, narrowed = shape(call.body, target)
        encoded = wire.encode(call, body, target)
        exchange.target, exchange.dropped = target, tuple(sorted((*narrowed, *encoded.dropped)))
        if encoded.dropped and target.unsupported == "reject":
            raise _unsupported(encoded.dropped[0], target.id)
        attempt = Attempt(call, step, watch, self._now, self._first_token(step))
        transport = self._transports[target.provider.base_url.partition(":")[0]]
        self._board.started(step.spot, target, attempt.started)
        result = "cancelled"
        try:
            await attempt.open(transport, wire, encoded, self._wall(), fresh=fresh)
            result = "ok"
        except Failure as failure:
            result = failure.kind
            self._board.failed(step.spot, failure, self._now(), call.route.cooldown)
            raise
        finally:
            exchange.tries.append(Try(target, result, self._now() - attempt.started))
            if result != "ok":
                attempt.abort()
                self._board.ended(step.spot, attempt.started)
        return attempt

    def _first_token(self, step: Step) -> float:
        """Seconds for a stream's first content: a model that reasons is silent for minutes before it."""
        entry = known(self.catalog, step.target)
        usual = FIRST_TOKEN_OF_REASONING if entry and "reasoning" in entry.capabilities else FIRST_TOKEN
        return step.target.timeouts.first_token or usual

    def _repeat_after(self, call: Call, step: Step, failure: Failure, tries: int, *, last: bool) -> float | None:
        """Seconds to wait before the same target may have another try, None where it may not."""
        retries = step.target.retries
        if call.client_retry or tries >= retries.attempts or not may_repeat(failure, last=last):
            return None
        now = self._now()
        wait = wait_before(tries, retries, self._rng)
        bound = self._board.bound(step.spot, now)
        if bound is not None:
            wait = max(wait, (bound[0] - now) * (1 + 0.2 * self._rng()))
        return wait if wait <= retries.max_backoff * 1.2 and now + wait < call.deadline else None

    def _given_up(self, call: Call, step: Step, failure: Failure, attempts: int) -> ApiError:
        if failure.retry_after is None and (bound := self._board.bound(step.spot, self._now())):
            failure.retry_after = bound[0] - self._now()
        return to_api_error(failure, step.target, call.route_name, attempts, self.redactor)


class Committed:
    """An attempt that committed, and what becomes of its target's health."""

    __slots__ = ("_attempt", "_board", "_cooldown", "_now", "head", "reply_headers")

    def __init__(self, attempt: Attempt, board: Board, cooldown: Cooldown, now: Callable[[], float]) -> None:
        self._attempt = attempt
        self._board = board
        self._cooldown = cooldown
        self._now = now
        self.head = attempt.head
        self.reply_headers: Mapping[str, str] = attempt.reply_headers

    async def more(self) -> list[Json]:
        try:
            return await self._attempt.more()
        except Failure as failure:
            self._board.failed(self._attempt.step.spot, failure, self._now(), self._cooldown)
            raise

    def usage(self) -> Usage | None:
        return self._attempt.usage()

    def billed(self) -> Billed | None:
        return self._attempt.billed()

    def usage_chunk(self) -> Json | None:
        return self._attempt.law.usage_chunk() if self._attempt.law.raw_usage else None

    def close(self, *, complete: bool) -> None:
        attempt = self._attempt
        if complete:
            attempt.finish()
            self._board.succeeded(attempt.step.spot, attempt.started)
        else:
            attempt.abort()
        self._board.ended(attempt.step.spot, attempt.started)


def _nobody(call: Call, skipped: list[Skipped]) -> ApiError:
    """No candidate at all: the message says why of each."""
    reasons = "; ".join(f"{skip.target.id}: {skip.reason}" for skip in skipped) or "every target has weight 0"
    if skipped and all(skip.reason == "key_not_allowed" for skip in skipped) and call.key is not None:
        message = f'The key "{call.key.name}" may not be served by any target of "{call.route_name}".'
        return ApiError("model_not_allowed", message, param="model", should_retry=False)
    return ApiError(
        "no_capable_target", f'No target of "{call.route_name}" can serve this: {reasons}.', should_retry=False
    )


def _all_cooling(call: Call, chain: list[Step], rests: Sequence[tuple[float, str]], now: float) -> ApiError:
    if all(kind == "auth" for _, kind in rests):
        provider = chain[0].target.provider
        message = f'The provider "{provider.name}" refused the proxy\'s credentials; check {provider.key_source}.'
        return ApiError("upstream_auth", message, should_retry=False, error_class="auth")
    wait = min(until for until, _ in rests) - now
    message = f'Every target of "{call.route_name}" was told to wait; the first is back in {wait:.0f} s.'
    return ApiError("all_targets_cooling", message, retry_after=told_wait(wait))


def _unsupported(name: str, target_id: str) -> ApiError:
    param = name.partition("=")[0]
    message = f"`{param}` has no counterpart at {target_id}, and its route says `unsupported: reject`."
    return ApiError("unsupported_parameter", message, param=param, should_retry=False)
