"""Replies in hub form, by what they are: frames or one JSON body, whichever was asked for."""

from trunkline.eventstream import EventStream
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.asks import asked
from trunkline.wires.batches import batched
from trunkline.wires.bedrock.answers import Asked
from trunkline.wires.bedrock.embeddings import batches, embedded
from trunkline.wires.bedrock.formats import answer_tool
from trunkline.wires.bedrock.reasoning import format_of
from trunkline.wires.bedrock.request import FRAMES
from trunkline.wires.bedrock.rules import rules_of
from trunkline.wires.bedrock.stream import Message
from trunkline.wires.bedrock.whole import completion
from trunkline.wires.replies import Streamed, decoder_of, parse_object
from trunkline.wires.tools import custom_names


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    if call.kind == "embeddings":
        return batched(call, target, batches(body, target)[1:], embedded)
    asks, _ = asked(body, target)
    rules = rules_of(target.model)
    tool = answer_tool(asks, rules)
    known = Asked(custom_names(asks.get("tools")), tool["name"] if tool else "", format_of(rules))
    return decoder_of(
        call,
        target,
        content_type,
        streams=FRAMES,
        events=lambda: Streamed(EventStream(), Message(known)),
        read=lambda data: completion(parse_object(data, "the answer"), known),
    )
