"""Replies in hub form, by what they are: an event stream or one JSON body, whichever was asked for."""

from trunkline.decoders import ServerSentEvents
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.anthropic.failures import error_inside
from trunkline.wires.anthropic.stream import Message
from trunkline.wires.anthropic.tools import custom_names
from trunkline.wires.anthropic.whole import completion
from trunkline.wires.replies import Streamed, decoder_of, parse_object


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    custom = custom_names(body.get("tools"))
    return decoder_of(
        call,
        target,
        content_type,
        streams="text/event-stream",
        events=lambda: Streamed(ServerSentEvents(), Message(custom)),
        read=lambda data: _completion(data, custom),
    )


def _completion(data: bytes, custom: frozenset[str]) -> Json:
    message = parse_object(data, "the answer")
    if message.get("error"):
        raise error_inside(message)
    return completion(message, custom)
