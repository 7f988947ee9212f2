"""Replies in hub form, by what they are: an event stream or one JSON body, whichever was asked for."""

from collections.abc import Callable, Iterator
from functools import partial

from trunkline.decoders import ServerSentEvents
from trunkline.ports import Decoder, Encoded, Follow
from trunkline.types import Call, Json, Target
from trunkline.wires.anthropic.failures import error_inside
from trunkline.wires.anthropic.request import encode
from trunkline.wires.anthropic.stream import Message
from trunkline.wires.anthropic.turn import Turn
from trunkline.wires.anthropic.whole import completion
from trunkline.wires.replies import Streamed, decoder_of, parse_object
from trunkline.wires.tools import custom_names

Encode = Callable[[Call, Json, Target], Encoded]


def decoder(call: Call, body: Json, target: Target, content_type: str, again: Encode = encode) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`; `again` writes the request by which a turn that paused
    goes on. Raises Failure for a page meant for a browser."""
    custom = custom_names(body.get("tools"))
    turn = Turn(body)

    def going_on() -> Encoded:
        return again(call, {**body, "messages": [*body["messages"], turn.echo()]}, target)

    return decoder_of(
        call,
        target,
        content_type,
        events=lambda: Exchange(partial(Message, custom, turn), going_on),
        read=lambda data: _completion(data, custom),
    )


class Exchange(Streamed):
    """A Decoder of one exchange of a turn, and of those that follow where it pauses."""

    __slots__ = ("_going_on", "_message", "_reader_of")

    def __init__(self, reader_of: Callable[[], Message], going_on: Callable[[], Encoded]) -> None:
        self._message = reader_of()
        super().__init__(ServerSentEvents(), self._message)
        self._reader_of = reader_of
        self._going_on = going_on

    @property
    def done(self) -> bool:
        return self._message.done and not self._message.paused

    def feed(self, data: bytes) -> Iterator[Json]:
        yield from super().feed(data)
        self._follow()

    def close(self) -> Iterator[Json]:
        yield from super().close()
        self._follow()

    def _follow(self) -> None:
        if self._message.done and self._message.paused and self.follow is None:
            self.follow = Follow(self._going_on(), lambda _content_type: Exchange(self._reader_of, self._going_on))


def _completion(data: bytes, custom: frozenset[str]) -> Json:
    message = parse_object(data, "the answer")
    if message.get("error"):
        raise error_inside(message)
    return completion(message, custom)
