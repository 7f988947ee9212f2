"""Replies in hub form, by what they are: an event stream or one JSON body, whichever was asked for."""

from collections.abc import Iterator

from trunkline.decoders import Whole
from trunkline.errors import Failure
from trunkline.hub.completion import conform_completion, replay
from trunkline.hub.text import read_json
from trunkline.types import Call, Decoder, Json, Target
from trunkline.wires.anthropic.failures import error_inside
from trunkline.wires.anthropic.stream import Events
from trunkline.wires.anthropic.tools import custom_names
from trunkline.wires.anthropic.whole import completion
from trunkline.wires.folded import Folded


def decoder(call: Call, target: Target, content_type: str) -> Decoder:
    """Raises Failure for a page meant for a browser."""
    content_type = content_type.lower()
    if content_type.startswith("text/html"):
        raise Failure("invalid_response", "the answer is an HTML page, not JSON: is this the API's base URL?")
    asked = {**target.params, **call.body, **target.force}
    custom = custom_names(asked.get("tools"))
    if content_type.startswith("text/event-stream") or (call.stream and not content_type):
        return Events(custom) if call.stream else Folded(call, target, Events(custom))
    return Body(call, target, custom)


class Body:
    """One JSON message, told as chunks where a stream was asked for."""

    __slots__ = ("_call", "_custom", "_target", "_whole", "done")

    def __init__(self, call: Call, target: Target, custom: frozenset[str]) -> None:
        self._call = call
        self._target = target
        self._custom = custom
        self._whole = Whole()
        self.done = False

    def feed(self, data: bytes) -> Iterator[Json]:
        self._whole.feed(data)
        yield from ()

    def close(self) -> Iterator[Json]:
        call = self._call
        told = completion(_parse(self._whole.body()), self._custom)
        told = conform_completion(told, call.id, call.created, self._target.model)
        if call.stream:
            yield from replay(told)
            yield {"usage": told.get("usage")}
        else:
            yield told


def _parse(data: bytes) -> Json:
    try:
        body = read_json(data)
    except ValueError:
        raise Failure("invalid_response", "the answer is not valid JSON") from None
    if not isinstance(body, dict):
        raise Failure("invalid_response", "the answer is not a JSON object")
    if body.get("error"):
        raise error_inside(body)
    return body
