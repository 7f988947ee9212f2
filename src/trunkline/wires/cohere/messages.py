"""The conversation: OpenAI's messages as Cohere's.

https://docs.cohere.com/v2/docs/chat-api: one system message, and it comes first; no message is empty.
"""

from typing import Any

import orjson

from trunkline.types import Json
from trunkline.wires.cohere import reasoning
from trunkline.wires.cohere.names import Names
from trunkline.wires.cohere.parts import result, said, written
from trunkline.wires.cohere.rules import Rules
from trunkline.wires.fields import as_object, as_text, each
from trunkline.wires.loss import Losses, invalid
from trunkline.wires.tools import tool_name
from trunkline.wires.turns import SYSTEM, unknown


def converse(messages: list[Json], names: Names, rules: Rules, losses: Losses, instruction: str | None) -> list[Json]:
    """`instruction`: what the system says beyond the client's own words. Raises ApiError for content that the model
    cannot read."""
    system: list[str] = []
    turns: list[Json] = []
    for message, where in each(messages, "messages"):
        if message["role"] in SYSTEM:
            system.append(written(message.get("content"), f"{where}.content", "\n"))
            if turns and system[-1].strip():
                losses.add("messages", "system_first")
        else:
            turns += _turn(message, where, names, rules, losses)
        if message.get("name") and message["role"] != "tool":
            losses.add("messages", "trimmed")
    told = "\n\n".join(text for text in [*system, instruction or ""] if text.strip())
    return [*([{"role": "system", "content": told}] if told else []), *turns]


def _turn(message: Json, where: str, names: Names, rules: Rules, losses: Losses) -> list[Json]:
    """One message; none where nothing is left of it."""
    role = message["role"]
    if role == "user":
        content = said(message.get("content"), f"{where}.content", rules, losses)
        return [{"role": role, "content": content}] if content else []
    if role == "assistant":
        told = _assistant(message, where, names, rules, losses)
        return [{"role": role, **told}] if told else []
    if role == "tool":
        identity = message.get("tool_call_id")
        if not isinstance(identity, str):
            raise invalid(f"{where}.tool_call_id", "must be the id of a tool call")
        content = result(message.get("content"), f"{where}.content")
        return [{"role": role, "tool_call_id": identity, "content": content}]
    raise unknown(role, where)


def _assistant(message: Json, where: str, names: Names, rules: Rules, losses: Losses) -> Json:
    plan, thoughts, foreign = reasoning.recalled(message)
    if foreign or (thoughts and not rules.thinking):
        losses.add("messages", "reasoning_left_out")
        thoughts = thoughts if rules.thinking else []
    text = written(message.get("content"), f"{where}.content") or as_text(message.get("refusal"))
    calls = [_call(call, at, names) for call, at in each(message.get("tool_calls"), f"{where}.tool_calls")]
    content: Any = text if text.strip() else ""
    if thoughts:
        blocks = [{"type": "thinking", "thinking": thought} for thought in thoughts]
        content = [*blocks, *([{"type": "text", "text": text}] if content else [])]
    told: Json = {"content": content} if content else {}
    return told | ({"tool_calls": calls} if calls else {}) | ({"tool_plan": plan} if calls and plan else {})


def _call(call: Any, where: str, names: Names) -> Json:
    call = as_object(call)
    name = tool_name(call)
    if not name or not isinstance(call.get("id"), str):
        raise invalid(where, "a tool call needs an `id`, and a `function` with a `name`")
    inner = call.get("function", call.get("custom"))
    arguments = inner.get("arguments") if "function" in call else {"input": inner.get("input", "")}
    function = {"name": names.theirs[name], "arguments": _arguments(arguments)}
    return {"id": call["id"], "type": "function", "function": function}


def _arguments(given: Any) -> str:
    if isinstance(given, str):
        return given if given.strip() else "{}"
    return orjson.dumps({} if given is None else given).decode()
