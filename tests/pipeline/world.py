"""A pipeline over a transport that plays scripts."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from tests.pipeline.build import call
from trunkline.cache.memory import MemoryCache
from trunkline.catalog import Catalog
from trunkline.errors import ApiError, Failure
from trunkline.observe.record import Exchange
from trunkline.pipeline.answer import Answer
from trunkline.pipeline.board import Board
from trunkline.pipeline.kept import Kept
from trunkline.pipeline.outcome import Redactor
from trunkline.pipeline.path import Pipeline
from trunkline.pipeline.watch import Watch
from trunkline.ports import Outbound, Progress
from trunkline.types import Call, Route

NO_CATALOG = Catalog.of(())


@dataclass(slots=True)
class Said:
    """A reply as a script: its pieces of body, a Failure among them is raised."""

    pieces: list[bytes | Failure]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    ended: list[str] = field(default_factory=list)

    async def read(self) -> bytes:
        piece = self.pieces.pop(0) if self.pieces else b""
        if isinstance(piece, Failure):
            raise piece
        return piece

    def release(self) -> None:
        self.ended.append("release")

    def abort(self) -> None:
        self.ended.append("abort")


class Silent(Said):
    """Says nothing more once its pieces are out."""

    async def read(self) -> bytes:
        if not self.pieces:
            await asyncio.Event().wait()
        return await Said.read(self)


def unary(text: str = "hello", **extra: Any) -> Said:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    body = {"id": "x", "model": "m-1", "choices": [choice], "usage": {"prompt_tokens": 3, "completion_tokens": 2}}
    return Said([orjson.dumps({**body, **extra})])


def status(code: int, error: str = "no", **headers: str) -> Said:
    return Said([orjson.dumps({"error": {"message": error}})], code, {"content-type": "application/json", **headers})


def event(content: str | None = None, finish: str | None = None) -> bytes:
    delta = {"content": content} if content is not None else {}
    return b"data: %b\n\n" % orjson.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


SSE = {"content-type": "text/event-stream"}


def sse(*pieces: bytes | Failure) -> Said:
    return Said(list(pieces), headers=SSE)


CUT = Failure("connection", "cut", in_stream="upstream_stream_interrupted")
REFUSED = Failure("connection", "refused")


@dataclass(slots=True)
class Script:
    """A transport that answers with what each provider's list says next."""

    replies: dict[str, list[Said | Failure]]
    sent: list[Outbound] = field(default_factory=list)

    async def send(self, request: Outbound, progress: Progress | None = None) -> Said:
        self.sent.append(request)
        reply = self.replies[request.url.split("//")[1].split(".")[0]].pop(0)
        if isinstance(reply, Failure):
            raise reply
        return reply

    async def close(self) -> None: ...


@dataclass(slots=True)
class World:
    script: Script
    board: Board
    pipeline: Pipeline
    exchange: Exchange

    def attempts(self) -> str:
        return self.exchange.attempts


def world(**replies: list[Said | Failure]) -> World:
    return world_of(NO_CATALOG, **replies)


def world_of(catalog: Catalog, **replies: list[Said | Failure]) -> World:
    script, board = Script(replies), Board(lambda: 0.5)
    kept = Kept(MemoryCache(time.monotonic), time.time, lambda: 0.5)
    clocks: Any = {"now": time.monotonic, "wall": time.time, "rng": lambda: 0.5}
    pipeline = Pipeline(board, {"http": script}, {}, kept, Redactor([]), catalog, **clocks)
    return World(script, board, pipeline, Exchange("r1", "chat", time.monotonic()))


async def ask(in_world: World, what: Call) -> Answer:
    task = asyncio.current_task()
    assert task is not None
    in_world.exchange = Exchange("r1", what.kind, time.monotonic())
    watch = Watch(asyncio.get_running_loop(), task, time.monotonic)
    try:
        return await in_world.pipeline.answer(what, in_world.exchange, watch)
    finally:
        watch.close()


def outcome(in_world: World, what: Call) -> str:
    """The text of a unary answer, or the code of the error."""
    try:
        answer = asyncio.run(ask(in_world, what))
    except ApiError as error:
        return f"{error.status} {error.code}"
    answer.close(complete=True)
    return str(answer.head[0]["choices"][0]["message"]["content"])


def to(where: Route, **fields: Any) -> Call:
    return call(where, **{"deadline": time.monotonic() + 30, **fields})
