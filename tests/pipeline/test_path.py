"""The whole path over a transport that plays scripts: rows of (replies, call, attempts, what the client gets)."""

import asyncio
import time
from decimal import Decimal
from typing import Any

import orjson
import pytest

from tests.pipeline.build import key, route, target
from tests.pipeline.world import (
    CUT,
    REFUSED,
    SSE,
    Said,
    Silent,
    World,
    ask,
    event,
    outcome,
    sse,
    status,
    to,
    unary,
    world,
    world_of,
)
from trunkline.catalog import Catalog, Entry, Price, Rates, cost_text
from trunkline.errors import ApiError, Failure
from trunkline.ports import PING
from trunkline.types import NOTHING, CachePolicy, Call, Cooldown, Fallback, Json, Retries, Route, Timeouts

THINKER = Entry(provider="a", model="o3", capabilities=frozenset({"reasoning"}))
QUICK = Retries(backoff=0.01)

A, B, C = target("a/m", retries=QUICK), target("b/m", retries=QUICK), target("c/m", retries=QUICK)
AB = route("ab", A, B)
STALE = Failure("connection", "gone", stale=True)


@pytest.mark.parametrize(
    ("replies", "where", "said", "attempts"),
    [
        pytest.param({"a": [unary()]}, AB, "hello", "a/m:ok", id="the first answers"),
        pytest.param({"a": [REFUSED], "b": [unary()]}, AB, "hello", "a/m:connection, b/m:ok", id="refused: the next"),
        pytest.param(
            {"a": [status(500), unary()]}, AB, "hello", "a/m:server_error, a/m:ok", id="500: the same once more"
        ),
        pytest.param(
            {"a": [status(500), status(500)], "b": [unary()]},
            AB,
            "hello",
            "a/m:server_error, a/m:server_error, b/m:ok",
            id="500 twice: the next",
        ),
        pytest.param(
            {"a": [status(500, **{"x-should-retry": "false"})], "b": [unary()]},
            AB,
            "hello",
            "a/m:server_error, b/m:ok",
            id="500, and it says not to try again",
        ),
        pytest.param(
            {"a": [status(429)], "b": [unary()]}, AB, "hello", "a/m:rate_limit, b/m:ok", id="429: straight on"
        ),
        pytest.param(
            {"a": [status(429)]},
            route("a", target("a/m", retries=Retries(max_backoff=0.1))),
            "429 rate_limit_exceeded",
            "a/m:rate_limit",
            id="429 alone: no wait longer than max_backoff",
        ),
        pytest.param({"a": [STALE, unary()]}, AB, "hello", "a/m:connection, a/m:ok", id="stale: at once, same target"),
        pytest.param({"a": [status(400)]}, AB, "400 invalid_request", "a/m:invalid_request", id="400: nobody else"),
        pytest.param(
            {"a": [status(401)], "b": [unary()]}, AB, "hello", "a/m:auth, b/m:ok", id="401: the next, never told as 401"
        ),
        pytest.param(
            {"a": [Said([b"<html>"], headers={"content-type": "text/html"})], "b": [unary()]},
            AB,
            "hello",
            "a/m:invalid_response, b/m:ok",
            id="HTML with 200: the next",
        ),
        pytest.param(
            {"a": [Said([b""])], "b": [Said([b'{"choices": []}'])]},
            AB,
            "502 invalid_response",
            "a/m:invalid_response, b/m:invalid_response",
            id="nothing to use",
        ),
        pytest.param(
            {"a": [status(302, location="http://elsewhere.test/")], "b": [unary()]},
            AB,
            "hello",
            "a/m:invalid_response, b/m:ok",
            id="a redirect is never followed",
        ),
        pytest.param(
            {"a": [status(400, "maximum context length")], "c": [unary("long")]},
            route("r", A, B, fallbacks=[Fallback(to=C, on=frozenset({"context_window"}))]),
            "long",
            "a/m:context_window, c/m:ok",
            id="context: past the targets to the fallback that names it",
        ),
        pytest.param(
            {"a": [REFUSED], "b": [REFUSED], "c": [unary("last")]},
            route("r", A, B, fallbacks=[Fallback(to=C)]),
            "last",
            "a/m:connection, b/m:connection, c/m:ok",
            id="fallbacks come last",
        ),
    ],
)
def test_unary(replies: dict[str, list[Said | Failure]], where: Route, said: str, attempts: str) -> None:
    at = world(**replies)
    assert (outcome(at, to(where)), at.attempts()) == (said, attempts)


def test_a_stale_connection_is_replaced_by_a_fresh_one() -> None:
    at = world(a=[STALE, unary()])
    outcome(at, to(AB))
    assert [request.fresh for request in at.script.sent] == [False, True]


@pytest.mark.parametrize(
    ("fields", "attempts"),
    [
        ({"fallback": False}, "a/m:connection"),
        ({"client_retry": True}, "a/m:connection, b/m:server_error"),
        ({"key": key(models=("b/*",))}, "b/m:server_error, b/m:server_error"),
    ],
)
def test_what_narrows_the_tries(fields: dict[str, Any], attempts: str) -> None:
    at = world(a=[REFUSED], b=[status(500), status(500)])
    assert outcome(at, to(AB, **fields)).startswith("502")
    assert at.attempts() == attempts


def test_embeddings_stay_with_one_model() -> None:
    where = route("e", target("a/embed"), target("b/other"), target("c/embed"))
    rows: Json = {"data": [{"embedding": [0.5]}]}
    at = world(a=[REFUSED], c=[Said([orjson.dumps(rows)])])
    answer = asyncio.run(ask(at, to(where, kind="embeddings", body={"input": "x"})))
    assert answer.head[0]["data"][0]["embedding"] == [0.5]
    assert at.attempts() == "a/embed:connection, c/embed:ok"


def test_targets_that_rest_are_not_called() -> None:
    at = world(a=[status(429, **{"retry-after": "30"})], b=[unary(), unary(), status(429, **{"retry-after": "20"})])
    assert [outcome(at, to(AB)) for _ in range(2)] == ["hello", "hello"]
    assert at.attempts() == "b/m:ok"
    assert at.exchange.fell_back
    outcome(at, to(AB))
    with pytest.raises(ApiError) as caught:
        asyncio.run(ask(at, to(AB)))
    assert (caught.value.status, caught.value.code, at.attempts()) == (429, "all_targets_cooling", "")
    assert 15 < (caught.value.retry_after or 0) <= 20


def test_where_only_breakers_are_open_the_earliest_is_tried() -> None:
    where = route("ab", A, B, cooldown=Cooldown(rest=30))
    at = world(a=[REFUSED, unary("back")], b=[REFUSED])
    outcome(at, to(where))
    assert outcome(at, to(where)) == "back"


def test_a_refused_key_is_told_as_our_trouble() -> None:
    at = world(a=[status(401)])
    where = route("a", A)
    assert outcome(at, to(where)) == "502 upstream_auth"
    assert outcome(at, to(where)) == "502 upstream_auth"
    assert len(at.script.sent) == 1, "the parked key is not shown again"


async def drained(at: World, what: Call) -> tuple[str, Failure | None]:
    answer = await ask(at, what)
    text, failure, batch = "", None, answer.head
    try:
        while batch:
            text += "".join(c["delta"].get("content") or "" for chunk in batch for c in chunk["choices"])
            batch = await answer.more()
    except Failure as error:
        failure = error
    answer.close(complete=failure is None)
    return text, failure


@pytest.mark.parametrize(
    ("replies", "text", "failure", "attempts"),
    [
        pytest.param(
            {"a": [sse(event("hi"), event(finish="stop"), b"data: [DONE]\n\n")]}, "hi", None, "a/m:ok", id="whole"
        ),
        pytest.param({"a": [sse(event("hi"), event(finish="stop"))]}, "hi", None, "a/m:ok", id="no [DONE]"),
        pytest.param(
            {"a": [sse(event("hi") + event(finish="stop"), CUT)]}, "hi", None, "a/m:ok", id="cut after the end"
        ),
        pytest.param(
            {"a": [sse(CUT)], "b": [sse(event("b", "stop"))]}, "b", None, "a/m:connection, b/m:ok", id="cut before"
        ),
        pytest.param(
            {"a": [sse()], "b": [sse(event("b", "stop"))]}, "b", None, "a/m:connection, b/m:ok", id="empty stream"
        ),
        pytest.param(
            {
                "a": [sse(b'data: {"error": {"message": "busy", "code": "overloaded"}}\n\n')],
                "b": [sse(event("b", "stop"))],
            },
            "b",
            None,
            "a/m:overloaded, b/m:ok",
            id="an error first",
        ),
        pytest.param({"a": [sse(event("hal"), CUT)]}, "hal", "connection", "a/m:ok", id="cut after content"),
        pytest.param({"a": [sse(event("hal"))]}, "hal", "connection", "a/m:ok", id="a clean end without a finish"),
        pytest.param(
            {"a": [sse(event("hal") + b"data: {oops\n\n")]}, "hal", "invalid_response", "a/m:ok", id="garbage"
        ),
        pytest.param(
            {"a": [sse(event("hal") + b'data: {"error": "overloaded"}\n\n')]},
            "hal",
            "server_error",
            "a/m:ok",
            id="error",
        ),
    ],
)
def test_stream(replies: dict[str, list[Said | Failure]], text: str, failure: str | None, attempts: str) -> None:
    at = world(**replies)
    said, broke = asyncio.run(drained(at, to(AB, stream=True)))
    assert (said, broke.kind if broke else None, at.attempts()) == (text, failure, attempts)


def test_a_client_hears_that_we_still_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A silent stream gets a sign of life, and ends as stalled all the same when the idle time is over."""
    monkeypatch.setattr("trunkline.pipeline.attempt.SILENCE", 0.02)

    async def batches() -> tuple[list[list[Json]], Failure | None]:
        where = route("a", target("a/m", timeouts=Timeouts(idle=0.15)))
        answer = await ask(world(a=[Silent([event("hi")], headers=SSE)]), to(where, stream=True))
        seen: list[list[Json]] = []
        try:
            while batch := await answer.more():
                seen.append(batch)
        except Failure as failure:
            answer.close(complete=False)
            return seen, failure
        return seen, None

    seen, failure = asyncio.run(batches())
    assert len(seen) >= 3
    assert all(batch == [PING] and batch[0] is PING for batch in seen)
    assert failure is not None
    assert failure.in_stream == "upstream_stream_stalled"


CACHED = route("cached", A, cache=CachePolicy(ttl=60))


def test_kept_in_one_form_and_told_in_the_other() -> None:
    at = world(a=[unary("kept")])
    assert outcome(at, to(CACHED)) == "kept"
    assert at.exchange.cache == "miss"
    text, _ = asyncio.run(drained(at, to(CACHED, stream=True)))
    assert (text, at.exchange.cache, at.attempts()) == ("kept", "hit", "cache:hit")


@pytest.mark.parametrize("ending", [CUT, event("")])
def test_a_broken_stream_is_not_kept(ending: bytes | Failure) -> None:
    at = world(a=[sse(event("hal"), ending), sse(event("whole", "stop"))])
    asyncio.run(drained(at, to(CACHED, stream=True)))
    text, _ = asyncio.run(drained(at, to(CACHED, stream=True)))
    assert (text, at.exchange.cache) == ("whole", "miss")


def test_an_answer_by_a_fallback_is_not_kept() -> None:
    where = route("cached", A, cache=CachePolicy(ttl=60), fallbacks=[Fallback(to=B)])
    at = world(a=[REFUSED], b=[unary("one"), unary("two")])
    assert [outcome(at, to(where)) for _ in range(2)] == ["one", "two"]


def test_identical_requests_share_one_call_and_a_failed_one_wakes_one_leader() -> None:
    at = world(a=[REFUSED, unary("shared")])

    async def crowd() -> list[str]:
        async def one() -> str:
            try:
                answer = await ask(at, to(CACHED))
            except ApiError as error:
                return error.code
            answer.close(complete=True)
            return str(answer.head[0]["choices"][0]["message"]["content"])

        return await asyncio.gather(*(one() for _ in range(20)))

    assert sorted(asyncio.run(crowd())) == sorted(["connect_failed", *["shared"] * 19])
    assert len(at.script.sent) == 2


def test_stale_if_error() -> None:
    where = route("cached", A, cache=CachePolicy(ttl=0.02, stale_if_error=60))
    at = world(a=[unary("old"), REFUSED])
    assert outcome(at, to(where)) == "old"
    time.sleep(0.05)
    assert outcome(at, to(where)) == "old"
    assert at.exchange.cache == "stale"


@pytest.mark.parametrize(("mode", "calls"), [("off", 2), ("refresh", 2), ("on", 1)])
def test_cache_modes(mode: str, calls: int) -> None:
    at = world(a=[unary("one"), unary("two")])
    outcome(at, to(CACHED))
    outcome(at, to(CACHED, cache=mode))
    assert len(at.script.sent) == calls


def test_what_goes_upstream_is_built_from_nothing() -> None:
    where = route("a", target("a/m", keys=("sk-up",)))
    at = world(a=[unary()])
    outcome(at, to(where, forwarded={"traceparent": "00-1-2-03"}))
    sent = dict(at.script.sent[0].headers)
    assert sent.pop("authorization") == "Bearer sk-up"
    assert sorted(sent) == ["accept", "accept-encoding", "content-type", "traceparent", "user-agent"]
    assert NOTHING == {}


@pytest.mark.parametrize(
    ("fields", "bound"),
    [({}, "60"), ({"timeouts": Timeouts(first_token=0.05)}, "0.05"), ({"model": "o3"}, "300")],
    ids=["a minute", "as the route says", "five where the model reasons"],
)
def test_how_long_the_first_content_may_take(
    fields: dict[str, Any], bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousandth of it here."""
    monkeypatch.setattr("trunkline.pipeline.path.FIRST_TOKEN", 0.06)
    monkeypatch.setattr("trunkline.pipeline.path.FIRST_TOKEN_OF_REASONING", 0.3)
    where = route("a", target(f"a/{fields.pop('model', 'm')}", **fields))
    at = world_of(Catalog.of([THINKER]), a=[Silent([], headers=SSE)])
    with pytest.raises(ApiError, match="did not answer in time") as caught:
        asyncio.run(ask(at, to(where, stream=True)))
    seconds = float(bound) if "." in bound else float(bound) / 1000
    assert f"within {seconds:.3g} s" in caught.value.message


def test_cost_is_that_of_the_model_the_answer_names() -> None:
    dear = Entry(provider="a", model="m-1", price=Price(Rates(input=Decimal(1000), output=Decimal(2000))))
    for where, cost in ((target("a/m"), "0.007"), (target("b/m"), "unknown")):
        at = world_of(Catalog.of([dear]), a=[unary()], b=[unary()])
        answer = asyncio.run(ask(at, to(route("r", where))))
        at.pipeline.settle(at.exchange, answer)
        assert cost_text(at.exchange.cost) == cost
