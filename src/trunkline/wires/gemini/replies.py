"""Replies in hub form, by what they are: an event stream, one JSON body, or the first of several batches."""

from functools import partial

from trunkline.decoders import ServerSentEvents
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.batches import batched
from trunkline.wires.gemini.embeddings import batches, embedded
from trunkline.wires.gemini.stream import Message, completion
from trunkline.wires.replies import Streamed, decoder_of
from trunkline.wires.tools import custom_names


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    if call.kind == "embeddings":
        rest = batches(body, target)[1:]
        return batched(call, target, rest, partial(embedded, model=target.model))
    return reply_decoder(call, body, target, content_type)


def reply_decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Of a chat alone: the same wherever Gemini is served."""
    custom = custom_names(body.get("tools"))
    return decoder_of(
        call,
        target,
        content_type,
        events=lambda: Streamed(ServerSentEvents(), Message(call.id, custom)),
        read=lambda data: completion(data, call.id, custom),
    )
