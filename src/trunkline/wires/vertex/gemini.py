"""Google's own models: generateContent as Gemini's API has it, but for what `dialect.VERTEX` says."""

import orjson

from trunkline.ports import Decoder, Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires.asks import asked
from trunkline.wires.gemini.dialect import VERTEX
from trunkline.wires.gemini.replies import reply_decoder
from trunkline.wires.gemini.request import IMPOSSIBLE, write_request
from trunkline.wires.vertex import embeddings
from trunkline.wires.vertex.paths import path


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """Raises ApiError for what the model lacks and whose loss would change the meaning."""
    if call.kind == "embeddings":
        return embeddings.batches(body, target)[0]
    asks, losses = asked(body, target, impossible=IMPOSSIBLE)
    request = write_request(call, asks, target.model, losses, VERTEX)
    how = "streamGenerateContent?alt=sse" if call.stream else "generateContent"
    return Encoded(path(target, "google", how), orjson.dumps(request), dropped=losses.names)


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Raises Failure for a page meant for a browser."""
    if call.kind == "embeddings":
        return embeddings.decoder(call, body, target)
    return reply_decoder(call, body, target, content_type)
