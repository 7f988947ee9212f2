"""Which of the client's tools are called, and with what."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from trunkline.transport.demo.problems import Rejected
from trunkline.transport.demo.request import Chat
from trunkline.transport.demo.schema import Unfit, fill
from trunkline.types import Json

RESULT_ROLES = frozenset({"tool", "function"})

_SEVERAL = re.compile(r"\b(?:parallel|both)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """`said` is the JSON text of a function's arguments, or a custom tool's input."""

    kind: Literal["function", "custom"]
    name: str
    said: str


def calls(chat: Chat, words: str) -> tuple[ToolCall, ...]:
    """The calls of this turn, arguments filled from `words`; none where the answer is text.

    `auto` calls on the first turn only, and nothing calls after a result: every agent's loop ends.
    Raises Rejected for a choice that OpenAI would refuse.
    """
    mode, allowed = _choice(chat)
    answered = chat.messages[-1]["role"] in RESULT_ROLES
    later = any(message["role"] == "assistant" for message in chat.messages)
    if mode == "none" or answered or (mode == "auto" and later):
        return ()
    several = chat.parallel and _SEVERAL.search(words)
    return tuple(_call(chat, place, words) for place in (allowed if several else allowed[:1]))


def _choice(chat: Chat) -> tuple[str, list[int]]:
    """The mode, and the places in `tools` that it may use."""
    choice = chat.tool_choice
    everything = list(range(len(chat.tools)))
    if choice == "none":
        return "none", everything
    if not chat.tools:
        raise Rejected("'tool_choice' is only allowed when 'tools' are specified.", param="tool_choice")
    if choice in ("auto", "required"):
        return choice, everything
    allowed = choice.get("allowed_tools") if isinstance(choice, dict) else None
    if isinstance(allowed, dict) and isinstance(allowed.get("tools"), list):
        return allowed.get("mode", "auto"), [_place(chat, tool) for tool in allowed["tools"]]
    return "required", [_place(chat, choice)]


def _place(chat: Chat, choice: Any) -> int:
    kind = choice.get("type") if isinstance(choice, dict) else None
    named = choice.get(kind) if isinstance(kind, str) else None
    name = named.get("name") if isinstance(named, dict) else None
    for place, tool in enumerate(chat.tools):
        if tool["type"] == kind and tool[kind]["name"] == name:
            return place
    raise Rejected(f"Tool choice {name!r} not found in 'tools' parameter.", param="tool_choice")


def _call(chat: Chat, place: int, words: str) -> ToolCall:
    tool = chat.tools[place]
    if tool["type"] == "custom":
        return ToolCall("custom", tool["custom"]["name"], words)
    function: Json = tool["function"]
    parameters = function.get("parameters")
    try:
        arguments = fill({} if parameters is None else parameters, words, kind="object")
    except Unfit as error:
        raise Rejected(
            f"Invalid schema for function '{function['name']}': {error}",
            param=f"tools[{place}].function.parameters",
            code="invalid_function_parameters",
        ) from None
    return ToolCall("function", function["name"], arguments)
