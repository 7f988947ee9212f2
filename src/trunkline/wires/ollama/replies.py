"""Replies in hub form, by what they are: lines of JSON, or one object that says what all of them would."""

from trunkline.decoders import JsonLines
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.ollama.stream import Message
from trunkline.wires.ollama.whole import completion, embeddings
from trunkline.wires.replies import Streamed, decoder_of
from trunkline.wires.tools import custom_names


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    custom = custom_names(body.get("tools"))
    chats = call.kind == "chat"
    return decoder_of(
        call,
        target,
        content_type,
        # ollama.com calls its streams `application/json`, and one object is a stream of one line.
        streams="application/" if call.stream else "application/x-ndjson",
        events=lambda: Streamed(JsonLines(), Message(call.id, custom)),
        read=(lambda data: completion(data, call.id, custom)) if chats else embeddings,
    )
