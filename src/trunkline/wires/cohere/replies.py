"""Replies in hub form, by what they are: an event stream, one JSON body, or the first of several batches."""

from trunkline.decoders import ServerSentEvents
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.batches import batched
from trunkline.wires.cohere.embeddings import batches, embedded
from trunkline.wires.cohere.names import names_of
from trunkline.wires.cohere.stream import Message
from trunkline.wires.cohere.whole import completion
from trunkline.wires.replies import Streamed, decoder_of, parse_object


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    if call.kind == "embeddings":
        return batched(call, target, batches(body, target)[1:], embedded)
    names = names_of(body)
    return decoder_of(
        call,
        target,
        content_type,
        events=lambda: Streamed(ServerSentEvents(), Message(names)),
        read=lambda data: completion(parse_object(data, "the answer"), call.id, names),
    )
