"""OpenAI's messages as Converse's turns: text, calls, results and reasoning.

https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html
"""

import re
from typing import Any

import orjson

from trunkline.types import Json
from trunkline.wires.bedrock import reasoning
from trunkline.wires.bedrock.parts import Scope, blocks_of, cache_point
from trunkline.wires.bedrock.turns import Conversation, arranged
from trunkline.wires.fields import as_object, as_text, each
from trunkline.wires.tools import read_call, safe_id
from trunkline.wires.turns import SYSTEM, Turn, merged, unknown, woven

FOREIGN = re.compile(r"[^a-zA-Z0-9_.:-]")
SAFE_ID = re.compile(r"[a-zA-Z0-9_.:-]{1,64}\Z")


def converse(messages: list[Json], scope: Scope) -> Conversation:
    """Raises ApiError for content that Converse has no block for."""
    turns = merged([_turn(message, where, scope) for message, where in each(messages, "messages")])
    return arranged(turns, scope.rules, scope.losses)


def _turn(message: Json, where: str, scope: Scope) -> Turn:
    """The turn of one message, empty where nothing is left of it."""
    role = message["role"]
    if message.get("name") and role != "tool":
        scope.losses.add("messages", "trimmed")
    if role in SYSTEM or role == "user":
        blocks = blocks_of(message.get("content"), f"{where}.content", scope)
    elif role == "assistant":
        blocks = _assistant(message, where, scope)
    elif role == "tool":
        blocks = _result(message, where, scope)
    else:
        raise unknown(role, where)
    said_by = "system" if role in SYSTEM else "assistant" if role == "assistant" else "user"
    if blocks and "cachePoint" not in blocks[-1]:
        blocks += cache_point(message, "system" if said_by == "system" else "messages", scope)
    return Turn(said_by, blocks)


def _assistant(message: Json, where: str, scope: Scope) -> list[Json]:
    said = blocks_of(message.get("content"), f"{where}.content", scope)
    said += blocks_of(as_text(message.get("refusal")), where, scope)
    calls = each(message.get("tool_calls"), f"{where}.tool_calls")
    uses = [[_use(call, at), *cache_point(as_object(call), "messages", scope)] for call, at in calls]
    if any("reasoningContent" in block for block in said):
        return [*said, *(block for use in uses for block in use)]
    return woven(said, uses, reasoning.blocks(message.get("reasoning_details"), reasoning.format_of(scope.rules)))


def _use(call: Any, where: str) -> Json:
    name, given = read_call(call, where)
    return {"toolUse": {"toolUseId": tool_id(call.get("id")), "name": name, "input": given}}


def _result(message: Json, where: str, scope: Scope) -> list[Json]:
    """The result, and behind it the cache point of what is in it: inside there is no such block."""
    blocks = blocks_of(message.get("content"), f"{where}.content", scope)
    content = [block for block in blocks if "cachePoint" not in block]
    points = [block for block in blocks if "cachePoint" in block]
    if scope.rules.json_results:
        content = [_as_json(block) for block in content]
    told: Json = {"toolUseId": tool_id(message.get("tool_call_id")), "content": content or [{"text": ""}]}
    if message.get("is_error") is True and scope.rules.status:
        told["status"] = "error"
    return [{"toolResult": told}, *points[:1]]


def _as_json(block: Json) -> Json:
    try:
        value = orjson.loads(block["text"]) if isinstance(block.get("text"), str) else None
    except orjson.JSONDecodeError:
        value = None
    return {"json": value} if isinstance(value, dict) else block


def tool_id(given: Any) -> str:
    """One that Converse takes."""
    return safe_id(given, SAFE_ID, FOREIGN, 48)
