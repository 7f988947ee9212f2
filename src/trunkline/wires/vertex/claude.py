"""Anthropic's models: Messages, with the version in the body and the model in the path.

https://platform.claude.com/docs/en/build-with-claude/claude-on-vertex-ai
"""

from collections.abc import Iterable, Iterator

import orjson

from trunkline.ports import Decoder, Encoded
from trunkline.types import Call, Json, Target
from trunkline.wires import anthropic
from trunkline.wires.anthropic.messages import converse
from trunkline.wires.anthropic.request import READ, write_request
from trunkline.wires.anthropic.rules import rules_of
from trunkline.wires.anthropic.thinking import LONGEST_UNARY
from trunkline.wires.asks import MEANING, asked, chats_only
from trunkline.wires.fields import as_objects
from trunkline.wires.loss import unsupported
from trunkline.wires.vertex.paths import path

VERSION = "vertex-2023-10-16"
# Anthropic's own servers alone do these: https://platform.claude.com/docs/en/build-with-claude/overview
LACKING = frozenset({"service_tier", "speed", "inference_geo", "container", "diagnostics", "mcp_servers"})
UNREACHABLE = {
    "url": "Claude models on Vertex fetch no URLs; send the content as a data URL.",
    "file": "Claude models on Vertex cannot see uploaded files; send `file_data` instead.",
}


def encode(call: Call, body: Json, target: Target) -> Encoded:
    """Raises ApiError for what the model lacks and whose loss would change the meaning."""
    chats_only(call, target, "Anthropic has no such models.")
    asks, losses = asked(body, target, READ - LACKING, MEANING)
    asks = {name: value for name, value in asks.items() if name not in LACKING}
    rules = rules_of(target.model)
    conversation = converse(asks["messages"], rules, losses)
    for turn in conversation.turns:
        _refuse_unreachable(turn.blocks)
    written = write_request(asks, conversation, target.id, rules, losses)
    stream = call.stream or written["max_tokens"] > LONGEST_UNARY
    request = {"anthropic_version": VERSION, **written, **({"stream": True} if stream else {})}
    how = "streamRawPredict" if stream else "rawPredict"
    return Encoded(path(target, "anthropic", how), orjson.dumps(request), dropped=losses.names)


def decoder(call: Call, body: Json, target: Target, content_type: str) -> Decoder:
    """Raises Failure for a page meant for a browser."""
    return anthropic.decoder(call, body, target, content_type, encode)


def _refuse_unreachable(blocks: Iterable[Json]) -> None:
    for source in _sources(blocks):
        why = UNREACHABLE.get(str(source.get("type")))
        if why:
            raise unsupported("messages", f"`messages`: {why}")


def _sources(blocks: Iterable[Json]) -> Iterator[Json]:
    """Of pictures and documents, those in the results of tools with them."""
    for block in blocks:
        if isinstance(block.get("source"), dict):
            yield block["source"]
        yield from _sources(as_objects(block.get("content")))
