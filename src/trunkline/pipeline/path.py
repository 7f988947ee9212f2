"""The path of a request: its cache, its candidates, its attempts, its answer.

One path for unary and stream: an answer commits at its first content, and only what comes before may be tried again.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from typing import Any

from trunkline.catalog import Catalog, Entry
from trunkline.errors import MOVES_ON, ApiError, Failure
from trunkline.observe.record import Exchange, Try
from trunkline.pipeline.answer import Answer
from trunkline.pipeline.attempt import Attempt
from trunkline.pipeline.backoff import MOST_SAME_TARGET_RETRIES, may_repeat, wait_before
from trunkline.pipeline.board import Board
from trunkline.pipeline.committed import Committed
from trunkline.pipeline.kept import Kept
from trunkline.pipeline.outcome import Redactor, to_api_error, told_wait
from trunkline.pipeline.plan import Skipped, Step, next_step, steps
from trunkline.pipeline.prepare import prepare
from trunkline.pipeline.price import FREE, known, price
from trunkline.pipeline.upstream import Upstream, Way
from trunkline.pipeline.watch import Watch
from trunkline.ports import Signer, Transport, Wire
from trunkline.types import Call, Provider, Target

FIRST_TOKEN, FIRST_TOKEN_OF_REASONING = 60.0, 300.0


class Pipeline:
    """Serves calls from one snapshot of the configuration.

    transports   by URL scheme
    signers      by the name of a provider's auth, where that takes more than a header
    now, wall    monotonic and Unix time, seconds
    """

    def __init__(
        self,
        board: Board,
        transports: Mapping[str, Transport],
        signers: Mapping[str, Signer],
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
        self._signers = signers
        self._farewells: set[asyncio.Task[None]] = set()
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
        unfit: ApiError | None = None
        failed: tuple[Step, Failure] | None = None
        while True:
            step = chain[position]
            try:
                attempt = await self._try(call, step, exchange, watch, fresh=fresh)
                return Committed(attempt, self._board, call.route.cooldown, self._now)
            except Failure as error:
                failure = error
            except ApiError as error:
                # It cannot be asked for this; another target may.
                unfit = unfit or error
                following = _past(chain, position, failed)
                if following is None:
                    raise self._given_up(call, *failed, len(exchange.tries)) if failed else unfit from None
                position = following
                continue
            failed = step, failure
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
        entry = known(self.catalog, target)
        prepared = prepare(call, target, entry)
        exchange.target, exchange.dropped = target, prepared.dropped
        asked = step if prepared.target is target else replace(step, target=prepared.target)
        upstream = Upstream(call, asked, self._way(asked.target.provider, prepared.wire), watch, self._now())
        attempt = Attempt(call, upstream, watch, self._now, _first_token(target, entry))
        self._board.started(step.spot, target, upstream.started)
        result = "cancelled"
        try:
            await attempt.open(prepared.body, prepared.encoded, fresh=fresh)
            result = "ok"
        except Failure as failure:
            result = failure.kind
            self._board.failed(step.spot, failure, self._now(), call.route.cooldown)
            raise
        finally:
            exchange.tries.append(Try(target, result, self._now() - upstream.started))
            if result != "ok":
                attempt.abort()
                self._board.ended(step.spot, upstream.started)
        return attempt

    def _way(self, provider: Provider, wire: Wire) -> Way:
        transport = self._transports[provider.base_url.partition(":")[0]]
        return Way(transport, wire, self._signers.get(provider.auth), self._apart, self._wall)

    def _apart(self, farewell: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(farewell)
        self._farewells.add(task)
        task.add_done_callback(self._farewells.discard)

    async def close(self) -> None:
        """Says the last words that are still to be said, each bounded by itself."""
        await asyncio.gather(*self._farewells)

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


def _first_token(target: Target, entry: Entry | None) -> float:
    """Seconds for a stream's first content: a model that reasons is silent for minutes before it."""
    usual = FIRST_TOKEN_OF_REASONING if entry and "reasoning" in entry.capabilities else FIRST_TOKEN
    return target.timeouts.first_token or usual


def _past(chain: list[Step], position: int, failed: tuple[Step, Failure] | None) -> int | None:
    """The first later step at another target that takes what led here: the last failure, or nothing yet."""
    passed = chain[position].target.id
    led = {failed[1].kind} if failed else MOVES_ON
    return next(
        (i for i in range(position + 1, len(chain)) if chain[i].on & led and chain[i].target.id != passed), None
    )


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
