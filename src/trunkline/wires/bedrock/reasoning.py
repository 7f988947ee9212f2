"""Reasoning content as `reasoning_details` and back.

Claude's signatures are Anthropic's own, whoever serves it: entries of the same format let a conversation move between
Anthropic's API and Bedrock. What other models sign only Bedrock can read.
"""

from typing import Any

from trunkline.types import Json
from trunkline.wires.anthropic import reasoning
from trunkline.wires.anthropic.answers import THINKING
from trunkline.wires.bedrock.rules import Rules
from trunkline.wires.fields import as_objects

OTHERS = "bedrock-converse-v1"


def format_of(rules: Rules) -> str:
    return reasoning.FORMAT if rules.claude else OTHERS


def detail(content: Json, form: str, index: int, text: int, calls: int) -> Json:
    """The entry of a `reasoningContent` block or a piece of one; `text` characters and `calls` tool calls came before
    it."""
    if content.get("redactedContent"):
        block: Json = {"type": "redacted_thinking", "data": content["redactedContent"]}
    else:
        block = {"type": "thinking", "thinking": content.get("text"), "signature": content.get("signature")}
    return {**reasoning.detail(block, index, text, calls), "format": form}


def blocks(details: Any, form: str) -> list[tuple[int, int, Json]]:
    """(text, calls, block) of each entry of this format that can go back: text only with its signature, and nothing of
    Anthropic's that is no reasoning."""
    own = (entry for entry in as_objects(details) if entry.get("format") == form)
    same = [{**entry, "format": reasoning.FORMAT} for entry in own]
    return [
        (text, calls, _content(block)) for text, calls, block in reasoning.blocks(same) if block["type"] in THINKING
    ]


def _content(block: Json) -> Json:
    if block["type"] == "redacted_thinking":
        return {"reasoningContent": {"redactedContent": block["data"]}}
    return {"reasoningContent": {"reasoningText": {"text": block["thinking"], "signature": block["signature"]}}}
