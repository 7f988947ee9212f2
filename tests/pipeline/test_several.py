"""A call that takes several exchanges: batches, polling, and what is said to a provider when nobody waits any more."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from tests.pipeline.build import route, target
from tests.pipeline.world import REFUSED, Said, Silent, World, ask, event, outcome, sse, status, to, unary, world
from trunkline.decoders import ServerSentEvents
from trunkline.errors import ApiError, Failure
from trunkline.ports import Decoder, Encoded, Follow
from trunkline.types import Call, Fallback, Json, Retries, Target, Timeouts
from trunkline.wires import WIRES, openai
from trunkline.wires.batches import Embedded, batched
from trunkline.wires.loss import unsupported
from trunkline.wires.replies import Streamed, parse

HERE = "http://a.test/v1"


class Started:
    """A Decoder of a job that was only taken on; its answer is elsewhere."""

    def __init__(self, follow: Follow) -> None:
        self._follow = follow
        self.follow: Follow | None = None
        self.done = False

    def feed(self, _data: bytes) -> Iterator[Json]:
        yield from ()

    def close(self) -> Iterator[Json]:
        self.follow = self._follow
        yield from ()


def in_parts(call: Call, _body: Json, target: Target, _content_type: str) -> Decoder:
    """Two vectors from two requests."""
    rest = [Encoded("/embed/2", b"second")]
    return batched(call, target, rest, lambda data: Embedded(parse(data, "the answer"), len(data)))


def polled(call: Call, body: Json, target: Target, _content_type: str) -> Decoder:
    """A job, then its state, then its answer."""
    leave = Encoded("/jobs/1/cancel", method="POST")
    last = Follow(Encoded("/jobs/1", method="GET"), partial(openai.decoder, call, body, target), leave=leave)
    state = Follow(Encoded("/jobs/1", method="GET"), lambda _type: Started(last), after=0.01, leave=leave)
    return Started(state)


def elsewhere(_call: Call, _body: Json, _target: Target, _content_type: str) -> Decoder:
    """A stream at an address that the provider named."""
    events = Follow(
        Encoded("https://stream.test/1", method="GET"), lambda _type: Streamed(ServerSentEvents(), openai.Message())
    )
    return Started(events)


def picky(call: Call, body: Json, target: Target) -> Encoded:
    if "seed" in body:
        raise unsupported("seed", "no seed here")
    return openai.encode(call, body, target)


@pytest.fixture(autouse=True)
def wires(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, decoder in {"in_parts": in_parts, "polled": polled, "elsewhere": elsewhere}.items():
        wire: Any = SimpleNamespace(encode=openai.encode, decoder=decoder, error=openai.error)
        monkeypatch.setitem(WIRES, name, wire)
    choosy: Any = SimpleNamespace(encode=picky, decoder=openai.decoder, error=openai.error)
    monkeypatch.setitem(WIRES, "picky", choosy)


def speaking(wire: str, **fields: Any) -> Target:
    made = target("a/m", retries=Retries(backoff=0.01), **fields)
    return replace(made, provider=replace(made.provider, wire=wire))


def sent(at: World) -> list[str]:
    return [f"{request.method} {request.url}" for request in at.script.sent]


def test_batches_are_one_answer() -> None:
    at = world(a=[Said([b"[[1.0]]"]), Said([b"[[2.0]]"])])
    what = to(route("r", speaking("in_parts")), kind="embeddings", body={"input": ["a", "b"]})
    answer = asyncio.run(ask(at, what))
    assert [row["embedding"] for row in answer.head[0]["data"]] == [[1.0], [2.0]]
    assert answer.head[0]["usage"] == {"prompt_tokens": 14, "total_tokens": 14}
    assert sent(at) == [f"POST {HERE}/embeddings", f"POST {HERE}/embed/2"]
    assert at.attempts() == "a/m:ok"


def test_polling_until_there_is_an_answer() -> None:
    at = world(a=[Said([b"{}"]), Said([b"{}"]), unary("done")])
    assert outcome(at, to(route("r", speaking("polled")))) == "done"
    assert sent(at) == [f"POST {HERE}/chat/completions", f"GET {HERE}/jobs/1", f"GET {HERE}/jobs/1"]


@pytest.mark.parametrize(
    "later", [status(500), REFUSED, Said([b"[[2.0"])], ids=["an error", "no connection", "no answer"]
)
def test_a_later_exchange_that_fails_fails_the_attempt(later: Said | Failure) -> None:
    at = world(a=[Said([b"[[1.0]]"]), later, Said([b"[[1.0]]"]), status(500)], b=[unary()])
    what = to(route("r", speaking("in_parts")), kind="embeddings", body={"input": ["a", "b"]})
    assert outcome(at, what).startswith("502")
    assert at.exchange.tries[0].result != "ok"


def test_a_stream_at_another_address() -> None:
    at = world(a=[Said([b"{}"])], stream=[sse(event("hi"), event(finish="stop"))])

    async def text() -> str:
        answer = await ask(at, to(route("r", speaking("elsewhere")), stream=True))
        chunks = list(answer.head)
        while batch := await answer.more():
            chunks += batch
        answer.close(complete=True)
        return "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks if chunk.get("choices"))

    assert asyncio.run(text()) == "hi"
    assert sent(at)[1] == "GET https://stream.test/1"


class Never(Said):
    """Its body never comes."""

    async def read(self) -> bytes:
        await asyncio.Event().wait()
        return b""


def test_a_provider_is_told_when_nobody_waits_any_more() -> None:
    at = world(a=[Said([b"{}"]), Never([]), Said([b"{}"])])

    async def leave() -> None:
        task = asyncio.create_task(ask(at, to(route("r", speaking("polled")))))
        while len(at.script.sent) < 2:
            await asyncio.sleep(0.005)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await at.pipeline.close()

    asyncio.run(leave())
    assert sent(at)[-1] == f"POST {HERE}/jobs/1/cancel"


def test_it_is_told_between_two_exchanges_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is on its way then that could be hung up on."""
    leave = Encoded("/jobs/1/cancel", method="POST")
    waits = Follow(Encoded("/jobs/1", method="GET"), lambda _type: Started(waits), after=30.0, leave=leave)
    wire: Any = SimpleNamespace(encode=openai.encode, decoder=lambda *_: Started(waits), error=openai.error)
    monkeypatch.setitem(WIRES, "waits", wire)
    at = world(a=[Said([b"{}"]), Said([b"{}"])])

    async def give_up() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(ask(at, to(route("r", speaking("waits")))), 0.1)
        await at.pipeline.close()

    asyncio.run(give_up())
    assert sent(at) == [f"POST {HERE}/chat/completions", f"POST {HERE}/jobs/1/cancel"]


class Impatient(Started):
    """Knows where the rest is before the body has ended."""

    def feed(self, _data: bytes) -> Iterator[Json]:
        self.follow = self._follow
        yield from ()


def test_a_body_need_not_end_where_the_call_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    last = Follow(Encoded("/jobs/1", method="GET"), partial(openai.decoder, to(route("r")), {}, target("a/m")))
    wire: Any = SimpleNamespace(encode=openai.encode, decoder=lambda *_: Impatient(last), error=openai.error)
    monkeypatch.setitem(WIRES, "impatient", wire)
    first = Silent([b"{}"])
    at = world(a=[first, unary("done")])
    assert outcome(at, to(route("r", speaking("impatient")))) == "done"
    assert first.ended == ["release"]


@pytest.mark.parametrize("failed", [status(404), REFUSED], ids=["gone", "no connection"])
def test_where_one_way_fails_another_may_not(failed: Said | Failure, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the attempt is still one."""
    asked = to(route("r"))
    state = Follow(Encoded("/jobs/1", method="GET"), partial(openai.decoder, asked, {}, target("a/m")))
    stream = Follow(Encoded("/streams/1", method="GET"), lambda _type: Started(state), otherwise=state)
    wire: Any = SimpleNamespace(encode=openai.encode, decoder=lambda *_: Started(stream), error=openai.error)
    monkeypatch.setitem(WIRES, "twofold", wire)
    at = world(a=[Said([b"{}"]), failed, unary("done")])
    assert outcome(at, to(route("r", speaking("twofold")))) == "done"
    assert sent(at)[1:] == [f"GET {HERE}/streams/1", f"GET {HERE}/jobs/1"]
    assert at.attempts() == "a/m:ok"


def test_it_is_not_told_of_what_was_read_to_its_end() -> None:
    at = world(a=[Said([b"{}"]), Said([b"{}"]), unary("done")])
    outcome(at, to(route("r", speaking("polled"))))
    asyncio.run(at.pipeline.close())
    assert not [line for line in sent(at) if "cancel" in line]


def test_a_target_that_cannot_be_asked_is_passed_over() -> None:
    at = world(b=[unary("b")])
    body = {"messages": [{"role": "user", "content": "hi"}], "seed": 1}
    assert outcome(at, to(route("r", speaking("picky"), target("b/m")), body=body)) == "b"
    assert at.attempts() == "b/m:ok"


def test_the_first_refusal_is_told_where_nobody_can_be_asked() -> None:
    at = world()
    body = {"messages": [{"role": "user", "content": "hi"}], "seed": 1}
    with pytest.raises(ApiError, match="no seed here") as refused:
        asyncio.run(ask(at, to(route("r", speaking("picky")), body=body)))
    assert (refused.value.code, refused.value.param) == ("unsupported_parameter", "seed")
    assert at.exchange.tries == []


def test_what_went_wrong_is_told_where_the_rest_cannot_be_asked() -> None:
    """A request that failed upstream is not a bad one."""
    at = world(b=[status(503)])
    body = {"messages": [{"role": "user", "content": "hi"}], "seed": 1}
    what = to(route("r", target("b/m", retries=Retries(attempts=1)), speaking("picky")), body=body)
    assert outcome(at, what) == "503 upstream_overloaded"
    assert at.attempts() == "b/m:overloaded"


def test_a_fallback_that_cannot_be_asked_is_passed_over_for_one_of_its_class() -> None:
    at = world(b=[status(400, "maximum context length is 8 tokens")], c=[unary("c")])
    body = {"messages": [{"role": "user", "content": "hi"}], "seed": 1}
    longer = frozenset({"context_window"})
    fallbacks = [Fallback(to=speaking("picky"), on=longer), Fallback(to=target("c/m"), on=longer)]
    assert outcome(at, to(route("r", target("b/m"), fallbacks=fallbacks), body=body)) == "c"
    assert at.attempts() == "b/m:context_window, c/m:ok"


class Slow(Said):
    """Each of its pieces takes a moment."""

    async def read(self) -> bytes:
        await asyncio.sleep(0.01)
        return await Said.read(self)


@pytest.mark.parametrize(("first_token", "stalls"), [(0.05, True), (5.0, False)], ids=["as idle", "the model reasons"])
def test_pings_hold_a_stream_as_long_as_its_first_content_may_take(first_token: float, stalls: bool) -> None:
    """Hidden thinking in the middle of an answer is silence but for pings."""

    limits = Timeouts(idle=0.1, first_token=first_token)
    pings = [b": ping\n\n"] * 30
    script = Slow([event("hi"), *pings, event(finish="stop")], headers={"content-type": "text/event-stream"})

    async def drain() -> str:
        answer = await ask(world(a=[script]), to(route("r", target("a/m", timeouts=limits)), stream=True))
        try:
            while await answer.more():
                pass
        except Failure as failure:
            return failure.in_stream
        finally:
            answer.close(complete=False)
        return "complete"

    assert asyncio.run(drain()) == ("upstream_stream_stalled" if stalls else "complete")
