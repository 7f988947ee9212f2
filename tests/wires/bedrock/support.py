"""Requests written and replies read by the wire, as the tests' rows say them."""

from typing import Any

from tests.wires.bedrock.frames import event
from tests.wires.support import Bench
from trunkline.types import Json

FRAMES = "application/vnd.amazon.eventstream"

CLAUDE, NEWEST = "us.anthropic.claude-sonnet-4-6", "anthropic.claude-opus-5-5"
PREFILLED = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"  # takes a last message of the assistant
BUDGET, OLD = "us.anthropic.claude-3-7-sonnet-20250219-v1:0", "anthropic.claude-3-haiku-20240307-v1:0"
NOVA, NOVA_2 = "us.amazon.nova-lite-v1:0", "us.amazon.nova-2-lite-v1:0"
LLAMA, GPT_OSS, MISTRAL = (
    "us.meta.llama3-3-70b-instruct-v1:0",
    "openai.gpt-oss-120b-1:0",
    "mistral.mistral-large-2407-v1:0",
)
TITAN, MINE = "amazon.titan-text-express-v1", "arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/x"

SAID_HI: Json = {"role": "user", "content": [{"text": "hi"}]}
PNG = "data:image/png;base64,iVBORw0KGgo="
PDF = "data:application/pdf;base64,JVBERi0="
F: Json = {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}

BENCH = Bench("bedrock", CLAUDE, headers=True)
target, write, refused, read, reader = BENCH.target, BENCH.write, BENCH.refused, BENCH.read, BENCH.reader


def asked(body: Json, model: str = CLAUDE) -> Json:
    """The request beside its messages."""
    return {name: value for name, value in write(body, model).request.items() if name != "messages"}


def turns(*messages: Json, model: str = PREFILLED) -> list[Json]:
    """What a conversation comes to."""
    found: list[Json] = write({"messages": list(messages)}, model).request["messages"]
    return found


def frames(*events: tuple[str, Any]) -> bytes:
    return b"".join(event(name, payload) for name, payload in events)


START = ("messageStart", {"role": "assistant"})


def text(words: str, index: int = 0) -> tuple[str, Json]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"text": words}}


def opened(index: int, identity: str = "t1", name: str = "f", **more: Any) -> tuple[str, Json]:
    use = {"toolUseId": identity, "name": name, **more}
    return "contentBlockStart", {"contentBlockIndex": index, "start": {"toolUse": use}}


def argued(index: int, piece: str) -> tuple[str, Json]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"toolUse": {"input": piece}}}


def thought(index: int, **content: str) -> tuple[str, Json]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"reasoningContent": content}}


def cited(index: int, **citation: Any) -> tuple[str, Json]:
    return "contentBlockDelta", {"contentBlockIndex": index, "delta": {"citation": citation}}


def closed(index: int) -> tuple[str, Json]:
    return "contentBlockStop", {"contentBlockIndex": index}


def ended(reason: str = "end_turn", **more: Any) -> tuple[str, Json]:
    return "messageStop", {"stopReason": reason, **more}


def counted(**usage: Any) -> tuple[str, Json]:
    told = {"usage": {"inputTokens": 3, "outputTokens": 4, "totalTokens": 7, **usage}, "metrics": {"latencyMs": 1}}
    return "metadata", told
