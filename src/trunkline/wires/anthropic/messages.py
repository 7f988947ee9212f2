"""The conversation: OpenAI's messages as Anthropic's turns.

https://platform.claude.com/docs/en/api/messages: turns alternate, and the results of one turn's tools stand together
at the head of the next user turn, or the request is a 400.
"""

import hashlib
import re
from typing import Any, NamedTuple

import orjson

from trunkline.errors import ApiError
from trunkline.types import Json
from trunkline.wires.anthropic import reasoning
from trunkline.wires.anthropic.blocks import THINKING, TOLD
from trunkline.wires.anthropic.parts import blocks_of, cache_mark
from trunkline.wires.anthropic.rules import Rules
from trunkline.wires.loss import Losses, unsupported

SYSTEM = frozenset({"system", "developer"})
FOREIGN = re.compile(r"[^a-zA-Z0-9_-]")
SAFE_ID = re.compile(r"[a-zA-Z0-9_-]+\Z")


class Turn(NamedTuple):
    role: str
    blocks: list[Json]


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
    turns = [turn for index, message in enumerate(messages) for turn in _turns(message, f"messages[{index}]", losses)]
    lead = next((index for index, turn in enumerate(turns) if turn.role != "system"), 0)
    system = [block for turn in turns[:lead] for block in turn.blocks]
    merged = _merged(turns[lead:])
    placed = [
        turn if turn.role != "system" or (rules.system and _legal(merged, index)) else Turn("user", turn.blocks)
        for index, turn in enumerate(merged)
    ]
    if placed != merged:
        losses.add("messages", "system_as_user")
    return Conversation(system, [Turn(turn.role, _ordered(turn)) for turn in _merged(placed)])


def _legal(turns: list[Turn], index: int) -> bool:
    """A later system turn follows a user turn, and is the last or followed by the assistant."""
    after = turns[index + 1].role if index + 1 < len(turns) else "assistant"
    return index > 0 and turns[index - 1].role == "user" and after == "assistant"


def _merged(turns: list[Turn]) -> list[Turn]:
    merged: list[Turn] = []
    for turn in turns:
        if merged and merged[-1].role == turn.role:
            merged[-1] = Turn(turn.role, [*merged[-1].blocks, *turn.blocks])
        else:
            merged.append(turn)
    return merged


def _ordered(turn: Turn) -> list[Json]:
    """Tool results before whatever else the user says."""
    return sorted(turn.blocks, key=lambda block: block["type"] != "tool_result") if turn.role == "user" else turn.blocks


def _turns(message: Json, where: str, losses: Losses) -> list[Turn]:
    """The turn of one message; none where nothing is left of it."""
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
        why = f"Claude models know no messages of role {role[:40]!r}; use user, assistant or tool."
        raise unsupported(f"{where}.role", why)
    mark = cache_mark(message)
    if mark and blocks:
        blocks = [*blocks[:-1], {**blocks[-1], **mark}]
    return [Turn("system" if role in SYSTEM else "assistant" if role == "assistant" else "user", blocks)] * bool(blocks)


def _assistant(message: Json, where: str, losses: Losses) -> list[Json]:
    said = blocks_of(message.get("content"), f"{where}.content", losses)
    refusal = message.get("refusal")
    if isinstance(refusal, str):
        said += blocks_of(refusal, where, losses)
    calls = message.get("tool_calls")
    uses = [_use(call, f"{where}.tool_calls[{i}]") for i, call in enumerate(calls if isinstance(calls, list) else ())]
    if any(block["type"] in THINKING for block in said):
        return [*said, *uses]
    return _with_thinking(said, uses, reasoning.blocks(message.get("reasoning_details")))


def _with_thinking(said: list[Json], uses: list[Json], thoughts: list[tuple[int, int, Json]]) -> list[Json]:
    """Thinking where it stood: between two tool calls, inside the text, or before everything."""
    blocks: list[Json] = []
    told = 0
    for block in said:
        text = block.get("text", "")
        start = told
        while thoughts and not thoughts[0][1] and thoughts[0][0] < start + len(text):
            at, _, thought = thoughts.pop(0)
            if text[told - start : at - start].strip():
                blocks.append({"type": "text", "text": text[told - start : at - start]})
                told = at
            blocks.append(thought)
        rest = text[told - start :]
        if rest.strip() or block["type"] != "text":
            blocks.append({**block, "text": rest} if block["type"] == "text" else block)
        told = start + len(text)
    for count, use in enumerate(uses):
        while thoughts and thoughts[0][1] <= count:
            blocks.append(thoughts.pop(0)[2])
        blocks.append(use)
    return [*blocks, *(thought for _, _, thought in thoughts)]


def _use(call: Any, where: str) -> Json:
    call = call if isinstance(call, dict) else {}
    if isinstance(call.get("custom"), dict):
        custom = call["custom"]
        used: Json = {"name": custom.get("name"), "input": {"input": custom.get("input", "")}}
    else:
        function = call["function"] if isinstance(call.get("function"), dict) else {}
        used = {"name": function.get("name"), "input": _input(function.get("arguments"), where)}
    if not isinstance(used["name"], str):
        raise _invalid(where, "a tool call needs a `function` with a `name`")
    return {"type": "tool_use", "id": tool_id(call.get("id")), **used, **cache_mark(call)}


def _input(arguments: Any, where: str) -> Json:
    """The arguments as the object that Anthropic wants; blank ones are an empty object."""
    if isinstance(arguments, str):
        try:
            arguments = orjson.loads(arguments) if arguments.strip() else {}
        except orjson.JSONDecodeError:
            raise _invalid(f"{where}.function.arguments", "is not valid JSON") from None
    arguments = {} if arguments is None else arguments
    if not isinstance(arguments, dict):
        raise _invalid(f"{where}.function.arguments", "must be a JSON object")
    return arguments


def _result(message: Json, where: str, losses: Losses) -> Json:
    content = blocks_of(message.get("content"), f"{where}.content", losses)
    return {
        "type": "tool_result",
        "tool_use_id": tool_id(message.get("tool_call_id")),
        **({"content": content} if content else {}),
        **({"is_error": True} if message.get("is_error") is True else {}),
    }


def tool_id(given: Any) -> str:
    """The id, or for one that Anthropic refuses a safe one that is the same wherever this id stands."""
    text = given if isinstance(given, str) else ""
    if SAFE_ID.match(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{FOREIGN.sub('_', text) or 'call'}_{digest}"


def _invalid(where: str, complaint: str) -> ApiError:
    return ApiError("invalid_request", f"`{where}`: {complaint}.", param=where, should_retry=False)
