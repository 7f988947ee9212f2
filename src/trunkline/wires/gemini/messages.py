"""The conversation: OpenAI's messages as Gemini's contents.

https://ai.google.dev/gemini-api/docs/function-calling: the results of one step's calls stand together in one content
directly after it, or the request is a 400.
"""

from typing import Any, NamedTuple

from trunkline.types import Json
from trunkline.wires.fields import as_list, as_text, each
from trunkline.wires.gemini import reasoning
from trunkline.wires.gemini.calls import Called, function_call, function_response
from trunkline.wires.gemini.dialect import Dialect
from trunkline.wires.gemini.parts import Scope, parts_of
from trunkline.wires.gemini.reasoning import UNSIGNED, Anchor, Signatures
from trunkline.wires.gemini.rules import Rules
from trunkline.wires.loss import Losses, unsupported
from trunkline.wires.turns import SYSTEM, Turn, merged, unknown

# Of turns the roles are `user`, `model`, and `result` for what functions gave: the user's content, too, yet its own.
RESULT = frozenset({"tool", "function"})


class Conversation(NamedTuple):
    """`system` parts and `contents` as Gemini takes them."""

    system: list[Json]
    contents: list[Json]


def converse(messages: list[Json], rules: Rules, dialect: Dialect, losses: Losses) -> Conversation:
    """Raises ApiError for content that Gemini cannot read."""
    scope = Scope(rules, dialect, losses)
    lead = next((i for i, message in enumerate(messages) if message["role"] not in SYSTEM), 0)
    lead = lead if rules.system else 0
    placed = list(each(messages, "messages"))
    system = [part for message, where in placed[:lead] for part in _system(message, where, scope)]
    if any(message["role"] in SYSTEM for message in messages[lead:]):
        losses.add("messages", "system_as_user")
    called = Called()
    joined = merged([_turn(message, where, called, scope) for message, where in placed[lead:]])
    if rules.signed:
        _sign(joined)
    return Conversation(system, [_content(turn, called) for turn in joined])


def _system(message: Json, where: str, scope: Scope) -> list[Json]:
    _named(message, scope)
    parts = parts_of(message.get("content"), f"{where}.content", scope)
    if any("text" not in part for part in parts):
        raise unsupported(f"{where}.content", f"Gemini's system instruction is text alone (`{where}.content`).")
    return parts


def _named(message: Json, scope: Scope) -> None:
    if message.get("name") and message["role"] not in RESULT:
        scope.losses.add("messages", "trimmed")


def _turn(message: Json, where: str, called: Called, scope: Scope) -> Turn:
    role = message["role"]
    _named(message, scope)
    if role in SYSTEM or role == "user":
        return Turn("user", parts_of(message.get("content"), f"{where}.content", scope))
    if role == "assistant":
        return Turn("model", _assistant(message, where, called, scope))
    if role in RESULT:
        return Turn("result", [function_response(message, where, called, scope)])
    raise unknown(role, where)


def _content(turn: Turn, called: Called) -> Json:
    if turn.role == "model":
        return {"role": "model", "parts": turn.blocks}
    return {"role": "user", "parts": called.in_order(turn.blocks) if turn.role == "result" else turn.blocks}


def _sign(turns: list[Turn]) -> None:
    """The first call of each step since the user last spoke must be signed, also where its signature was lost."""
    for place in range(len(turns) - 1, -1, -1):
        turn = turns[place]
        if turn.role == "user":
            return
        if turn.role == "model":
            first = next((i for i, part in enumerate(turn.blocks) if "functionCall" in part), None)
            if first is not None and "thoughtSignature" not in turn.blocks[first]:
                turn.blocks[first] = {**turn.blocks[first], "thoughtSignature": UNSIGNED}


def _assistant(message: Json, where: str, called: Called, scope: Scope) -> list[Json]:
    found = reasoning.signatures(message)
    if found.foreign:
        scope.losses.add("messages", "trimmed")
    said = parts_of(message.get("content"), f"{where}.content", scope)
    said += _plain(as_text(message.get("refusal")))
    said += _images(message.get("images"), f"{where}.images", found, scope)
    given = each(message.get("tool_calls"), f"{where}.tool_calls")
    calls = [function_call(call, at, found, called) for call, at in given]
    return _woven(said, calls, found.anchors)


def _images(images: Any, where: str, found: Signatures, scope: Scope) -> list[Json]:
    """Pictures that the model made, as they came from here or from OpenRouter."""
    parts = parts_of(as_list(images), where, scope)
    return [
        {**part, "thoughtSignature": found.images[i]} if i in found.images else part for i, part in enumerate(parts)
    ]


def _woven(said: list[Json], calls: list[Json], anchors: list[Anchor]) -> list[Json]:
    """Each anchor where it stood: signed text is cut out of the rest, the others go between."""
    if not anchors:
        return [*said, *calls]
    text = "".join(part["text"] for part in said if part.keys() == {"text"})
    parts: list[Json] = []
    told, last = 0, len(calls)
    for count in range(last + 1):
        later = [anchor.text for anchor in anchors if min(anchor.calls, last) > count]
        for anchor in (anchor for anchor in anchors if min(anchor.calls, last) == count):
            parts += _plain(text[told : anchor.text])
            told = max(told, anchor.text)
            if "thoughtSignature" in anchor.part and len(anchor.part) == 1:
                parts.append({"text": text[told : told + anchor.length], **anchor.part})
                told += anchor.length
            else:
                parts.append(anchor.part)
        end = min(later, default=len(text))
        parts += _plain(text[told:end])
        told = max(told, end)
        parts += [part for part in said if part.keys() != {"text"}] if not count else []
        parts += calls[count : count + 1]
    return parts


def _plain(text: str) -> list[Json]:
    return [{"text": text}] if text else []
