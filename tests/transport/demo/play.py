"""Calls the demo upstream through the transport port, and reads what comes."""

import asyncio
import base64
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from trunkline.decoders import ServerSentEvents
from trunkline.errors import Failure
from trunkline.ports import Outbound
from trunkline.transport.demo import DemoTransport

USER = {"role": "user", "content": "one two three four five"}


@dataclass
class Sleeper:
    """Takes no time, and remembers what was asked of it."""

    waits: list[float] = field(default_factory=list)

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        await asyncio.sleep(0)


@dataclass
class Played:
    """A reply read to its end, to its failure, or until nothing more came."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: list[bytes] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    failure: Failure | None = None
    stalled: bool = False

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def data(self) -> list[bytes]:
        """Of each event of a stream."""
        return [event.data for event in ServerSentEvents().feed(self.body) if event.data is not None]

    @property
    def chunks(self) -> list[Any]:
        """The events of a stream that ended well."""
        assert self.data[-1] == b"[DONE]"
        return [orjson.loads(data) for data in self.data[:-1]]

    @property
    def text(self) -> str:
        """All content of choice 0, whole or streamed."""
        if not self.body.startswith(b"data:"):
            return str(self.json["choices"][0]["message"]["content"])
        choices = (choice for chunk in self.chunks for choice in chunk["choices"] if choice["index"] == 0)
        return "".join(choice["delta"].get("content") or "" for choice in choices)


def outbound(body: Any, path: str = "/chat/completions") -> Outbound:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return Outbound(f"demo://local/v1{path}", {"content-type": "application/json"}, content)


async def listen(request: Outbound, transport: DemoTransport, sleeper: Sleeper, patience: float = 2) -> Played:
    played = Played(waits=sleeper.waits)
    try:
        reply = await transport.send(request)
        played.status, played.headers = reply.status, reply.headers
        async with asyncio.timeout(patience):
            while piece := await reply.read():
                played.pieces.append(piece)
    except Failure as failure:
        played.failure = failure
    except TimeoutError:
        played.stalled = True
        reply.abort()
    return played


def play(body: Any, path: str = "/chat/completions") -> Played:
    sleeper = Sleeper()
    return asyncio.run(listen(outbound(body, path), DemoTransport(sleeper), sleeper))


def chat(model: str = "fast", *messages: Any, **more: Any) -> Played:
    return play({"model": model, "messages": list(messages or [USER])} | more)


def ask(**body: Any) -> Played:
    """A chat request of which only `body` is of interest."""
    return play({"model": "fast", "messages": [USER]} | body)


def embed(value: Any, **more: Any) -> Any:
    return play({"model": "embed", "input": value} | more, "/embeddings").json


def unpacked(encoded: str) -> list[float]:
    raw = base64.b64decode(encoded)
    return list(struct.unpack(f"<{len(raw) // 4}f", raw))
