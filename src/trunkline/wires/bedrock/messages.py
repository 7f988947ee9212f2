"""OpenAI's messages as Converse's turns: text, calls, results and reasoning.

https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-call.html
"""

import hashlib
import re
from typing import Any

import orjson

from trunkline.types import Json
from trunkline.wires.bedrock import reasoning
from trunkline.wires.bedrock.parts import Scope, blocks_of, cache_point, invalid
from trunkline.wires.bedrock.turns import Conversation, Turn, arranged
from trunkline.wires.loss import unsupported

SYSTEM = frozenset({"system", "developer"})
FOREIGN = re.compile(r"[^a-zA-Z0-9_.:-]")
SAFE_ID = re.compile(r"[a-zA-Z0-9_.:-]{1,64}\Z")


def converse(messages: list[Json], scope: Scope) -> Conversation:
    """Raises ApiError for content that Converse has no block for."""
    told = [turn for index, message in enumerate(messages) for turn in _turns(message, f"messages[{index}]", scope)]
    return arranged(told, scope.rules, scope.losses)


def _turns(message: Json, where: str, scope: Scope) -> list[Turn]:
    """The turn of one message; none where nothing is left of it."""
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
        why = f"Bedrock knows no messages of role {role[:40]!r}; use user, assistant or tool."
        raise unsupported(f"{where}.role", why)
    if not blocks:
        return []
    said_by = "system" if role in SYSTEM else "assistant" if role == "assistant" else "user"
    if "cachePoint" not in blocks[-1]:
        blocks += cache_point(message, "system" if said_by == "system" else "messages", scope)
    return [Turn(said_by, blocks)]


def _assistant(message: Json, where: str, scope: Scope) -> list[Json]:
    said = blocks_of(message.get("content"), f"{where}.content", scope)
    refusal = message.get("refusal")
    if isinstance(refusal, str):
        said += blocks_of(refusal, where, scope)
    calls = message.get("tool_calls")
    listed = enumerate(calls) if isinstance(calls, list) else ()
    uses = [[_use(call, f"{where}.tool_calls[{i}]"), *_marks(call, scope)] for i, call in listed]
    if any("reasoningContent" in block for block in said):
        return [*said, *(block for use in uses for block in use)]
    return _woven(said, uses, reasoning.blocks(message.get("reasoning_details"), reasoning.format_of(scope.rules)))


def _marks(call: Any, scope: Scope) -> list[Json]:
    return list(cache_point(call, "messages", scope)) if isinstance(call, dict) else []


def _woven(said: list[Json], uses: list[list[Json]], thoughts: list[tuple[int, int, Json]]) -> list[Json]:
    """Reasoning where it stood: before everything, inside the text, or between two calls."""
    blocks: list[Json] = []
    told = 0
    for block in said:
        text = block.get("text")
        rest = text if isinstance(text, str) else ""
        while thoughts and not thoughts[0][1] and thoughts[0][0] < told + len(rest):
            at, _, thought = thoughts.pop(0)
            before = rest[: max(at - told, 0)]
            if before.strip():
                blocks.append({"text": before})
                rest, told = rest[len(before) :], told + len(before)
            blocks.append(thought)
        told += len(rest)
        if rest.strip() or text is None:
            blocks.append({"text": rest} if rest else block)
    for count, use in enumerate(uses):
        while thoughts and thoughts[0][1] <= count:
            blocks.append(thoughts.pop(0)[2])
        blocks += use
    return [*blocks, *(thought for _, _, thought in thoughts)]


def _use(call: Any, where: str) -> Json:
    call = call if isinstance(call, dict) else {}
    custom, function = call.get("custom"), call.get("function")
    if isinstance(custom, dict):
        name, given = custom.get("name"), {"input": custom.get("input", "")}
    else:
        function = function if isinstance(function, dict) else {}
        name, given = function.get("name"), _input(function.get("arguments"), where)
    if not isinstance(name, str):
        raise invalid(where, "a tool call needs a `function` with a `name`")
    return {"toolUse": {"toolUseId": tool_id(call.get("id")), "name": name, "input": given}}


def _input(arguments: Any, where: str) -> Json:
    """The arguments as an object; blank ones are an empty one."""
    if isinstance(arguments, str):
        try:
            arguments = orjson.loads(arguments) if arguments.strip() else {}
        except orjson.JSONDecodeError:
            raise invalid(f"{where}.function.arguments", "is not valid JSON") from None
    arguments = {} if arguments is None else arguments
    if not isinstance(arguments, dict):
        raise invalid(f"{where}.function.arguments", "must be a JSON object")
    return arguments


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
    """The id, or for one that Converse refuses a safe one that is the same wherever this id stands."""
    text = given if isinstance(given, str) else ""
    if SAFE_ID.match(text):
        return text
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{FOREIGN.sub('_', text)[:48] or 'call'}_{digest}"
