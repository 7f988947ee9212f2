"""Open models that Google hosts: OpenAI's format, at one address for all of them.

https://cloud.google.com/vertex-ai/generative-ai/docs/maas/call-open-model-apis
"""

from dataclasses import replace

from trunkline.ports import Decoder, Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires import openai
from trunkline.wires.asks import chats_only
from trunkline.wires.vertex.paths import below


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """Raises ApiError for what the model lacks and whose loss would change the meaning."""
    chats_only(call, target, "there are none in OpenAI's form.")
    return replace(openai.encode(call, body, target), path=below(target, "/endpoints/openapi/chat/completions"))


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Raises Failure for a page meant for a browser."""
    return openai.decoder(call, body, target, content_type)
