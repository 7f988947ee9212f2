"""Replies in hub form, by what they are: an event stream or one JSON body, whichever was asked for."""

from trunkline.decoders import ServerSentEvents
from trunkline.errors import Failure
from trunkline.hub.chunks import ChunkStream
from trunkline.hub.completion import fold
from trunkline.ports import PING, Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.replies import Streamed, decoder_of, parse_object
from trunkline.wires.responses.stream import Message


def decoder(call: Call, _body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply. Raises Failure for a page meant for a browser."""
    issuer = target.provider.name
    return decoder_of(
        call,
        target,
        content_type,
        events=lambda: Streamed(ServerSentEvents(), Message(issuer)),
        read=lambda data: _completion(call, target, data),
    )


def _completion(call: Call, target: Target, data: bytes) -> Json:
    """The chunks that a stream would have told it in, folded: what it says is written down once."""
    law = ChunkStream(call.id, call.created, target.model)
    pieces = Message(target.provider.name).whole(parse_object(data, "the answer"))
    chunks = [chunk for piece in pieces if piece is not PING for chunk in law.conform(piece)]
    if not law.finished:
        raise Failure("invalid_response", "the answer has no end")
    return fold(chunks, law.raw_usage)
