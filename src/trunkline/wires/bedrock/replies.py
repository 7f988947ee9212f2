"""Replies in hub form, by what they are: frames or one JSON body, whichever was asked for."""

from trunkline.eventstream import EventStream
from trunkline.ports import Decoder
from trunkline.types import Call, Json, Target
from trunkline.wires.anthropic.tools import custom_names
from trunkline.wires.batches import Batches
from trunkline.wires.bedrock.answers import answer_tool
from trunkline.wires.bedrock.blocks import Asked
from trunkline.wires.bedrock.embeddings import embedded, requests
from trunkline.wires.bedrock.reasoning import format_of
from trunkline.wires.bedrock.request import FRAMES, asked_of
from trunkline.wires.bedrock.rules import rules_of
from trunkline.wires.bedrock.stream import Message
from trunkline.wires.bedrock.whole import completion
from trunkline.wires.loss import Losses
from trunkline.wires.replies import Streamed, decoder_of, parse_object


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Reads the reply to what `encode` made of the same `body`. Raises Failure for a page meant for a browser."""
    asks = asked_of(body, target)[0]
    if call.kind == "embeddings":
        return Batches(call, target, requests(asks, target, Losses())[1:], embedded)
    rules = rules_of(target.model)
    tool = answer_tool(asks, rules)
    asked = Asked(custom_names(asks.get("tools")), tool["name"] if tool else "", format_of(rules))
    return decoder_of(
        call,
        target,
        content_type,
        streams=FRAMES,
        events=lambda: Streamed(EventStream(), Message(asked)),
        read=lambda data: completion(parse_object(data, "the answer"), asked),
    )
