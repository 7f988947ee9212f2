"""The conversation: OpenAI's messages as Anthropic's turns.

https://platform.claude.com/docs/en/api/messages: turns alternate, and the results of one turn's tools stand together
at the head of the next user turn, or the request is a 400.
"""

import re
from typing import Any, NamedTuple

from trunkline.types import Json
from trunkline.wires.anthropic import reasoning
from trunkline.wires.anthropic.answers import THINKING, TOLD
from trunkline.wires.anthropic.parts import blocks_of, cache_mark
from trunkline.wires.anthropic.rules import Rules
from trunkline.wires.fields import as_text, each
from trunkline.wires.loss import Losses
from trunkline.wires.tools import read_call, safe_id
from trunkline.wires.turns import SYSTEM, Turn, may_instruct, merged, unknown, woven

FOREIGN = re.compile(r"[^a-zA-Z0-9_-]")
SAFE_ID = re.compile(r"[a-zA-Z0-9_-]+\Z")


class Conversation(NamedTuple):
    """`system` blocks and `turns` as Anthropic takes them; nothing in them is shared with a caller that changes it."""

    system: list[Json]
    turns: list[Turn]

    @property
    def messages(self) -> list[Json]:
        return [{"role": turn.role, "content": turn.blocks} for turn in self.turns]

    @property
    def prefilled(self) -> bool:
        """It ends with words put into the assistant's mouth. A turn in which Anthropic's own tools have not ended is
        none: sent back as it is, it goes on."""
        last = self.turns[-1] if self.turns else None
        return last is not None and last.role == "assistant" and all(block["type"] in TOLD for block in last.blocks)

    @property
    def may_think(self) -> bool:
        """A turn of budget thinking that is waiting for tool results must have begun with its thinking block, and no
        words can be put into its mouth."""
        if self.turns and self.turns[-1].role == "assistant":
            return False
        for turn in reversed(self.turns):
            if turn.role == "assistant":
                called = any(block["type"] == "tool_use" for block in turn.blocks)
                return not called or turn.blocks[0]["type"] in THINKING
            if any(block["type"] != "tool_result" for block in turn.blocks):
                return True
        return True


def converse(messages: list[Json], rules: Rules, losses: Losses) -> Conversation:
    """Raises ApiError for content that Claude cannot read."""
    turns = merged([_turn(message, where, losses) for message, where in each(messages, "messages")])
    lead = next((index for index, turn in enumerate(turns) if turn.role != "system"), 0)
    system = [block for turn in turns[:lead] for block in turn.blocks]
    rest = turns[lead:]
    placed = [
        turn if turn.role != "system" or (rules.system and may_instruct(rest, index)) else Turn("user", turn.blocks)
        for index, turn in enumerate(rest)
    ]
    if placed != rest:
        losses.add("messages", "system_as_user")
    return Conversation(system, [Turn(turn.role, _ordered(turn)) for turn in merged(placed)])


def _ordered(turn: Turn) -> list[Json]:
    """Tool results before whatever else the user says."""
    return sorted(turn.blocks, key=lambda block: block["type"] != "tool_result") if turn.role == "user" else turn.blocks


def _turn(message: Json, where: str, losses: Losses) -> Turn:
    """The turn of one message, empty where nothing is left of it."""
    role = message["role"]
    if message.get("name") and role != "tool":
        losses.add("messages", "trimmed")
    if role in SYSTEM or role == "user":
        blocks = blocks_of(message.get("content"), f"{where}.content", losses)
    elif role == "assistant":
        blocks = _assistant(message, where, losses)
    elif role == "tool":
        blocks = [_result(message, where, losses)]
    else:
        raise unknown(role, where)
    mark = cache_mark(message)
    if mark and blocks:
        blocks = [*blocks[:-1], {**blocks[-1], **mark}]
    return Turn("system" if role in SYSTEM else "assistant" if role == "assistant" else "user", blocks)


def _assistant(message: Json, where: str, losses: Losses) -> list[Json]:
    said = blocks_of(message.get("content"), f"{where}.content", losses)
    said += blocks_of(as_text(message.get("refusal")), where, losses)
    uses = [_use(call, at) for call, at in each(message.get("tool_calls"), f"{where}.tool_calls")]
    if any(block["type"] in THINKING for block in said):
        return [*said, *uses]
    return woven(said, [[use] for use in uses], reasoning.blocks(message.get("reasoning_details")))


def _use(call: Any, where: str) -> Json:
    name, given = read_call(call, where)
    return {"type": "tool_use", "id": tool_id(call.get("id")), "name": name, "input": given, **cache_mark(call)}


def _result(message: Json, where: str, losses: Losses) -> Json:
    content = blocks_of(message.get("content"), f"{where}.content", losses)
    return {
        "type": "tool_result",
        "tool_use_id": tool_id(message.get("tool_call_id")),
        **({"content": content} if content else {}),
        **({"is_error": True} if message.get("is_error") is True else {}),
    }


def tool_id(given: Any) -> str:
    """One that Anthropic takes."""
    return safe_id(given, SAFE_ID, FOREIGN)
