"""Replies in hub form, by what they are: an event stream, one JSON body, or the first of several batches."""

from trunkline.decoders import ServerSentEvents
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.batches import Batches
from trunkline.wires.cohere.embeddings import encode_embeddings, read_embeddings
from trunkline.wires.cohere.names import names_of
from trunkline.wires.cohere.stream import Message
from trunkline.wires.cohere.whole import completion
from trunkline.wires.replies import Streamed, decoder_of, parse_object


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    if call.kind == "embeddings":
        return Batches(call, target, encode_embeddings(body, target)[1:], read_embeddings)
    names = names_of(body)
    return decoder_of(
        call,
        target,
        content_type,
        streams="text/event-stream",
        events=lambda: Streamed(ServerSentEvents(), Message(names)),
        read=lambda data: completion(parse_object(data, "the answer"), call.id, names),
    )
