"""Whole answers: held to the letter of `chat.completion`, made from chunks, and told again as chunks."""

from collections.abc import Iterable
from typing import Any

from trunkline.errors import Failure
from trunkline.hub.chunks import finish_reason
from trunkline.hub.shape import CHOICE, SAID, arguments, mend_reasoning, require, seconds_or, text_or
from trunkline.types import Json

JOINED = ("content", "reasoning_content", "refusal")
OF_A_PIECE = frozenset({"index", "delta", "message", "logprobs", "finish_reason"})


def conform_completion(body: Json, call_id: str, created: int, model: str) -> Json:
    """The provider's completion as the client may see it; changed in place.

    Raises Failure(invalid_response) where there is no answer in it.
    """
    choices = body.get("choices")
    if not isinstance(choices, list) or not choices:
        raise Failure("invalid_response", "the answer has no choices")
    body["id"] = text_or(body.get("id"), f"chatcmpl-{call_id}")
    body["object"] = "chat.completion"
    body["created"] = seconds_or(body.get("created"), created)
    body["model"] = text_or(body.get("model"), model)
    for position, choice in enumerate(choices):
        _conform_choice(choice, position)
    return body


def _conform_choice(choice: Any, position: int) -> None:
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(message, dict):
        raise Failure("invalid_response", "a choice of the answer has no message")
    if not isinstance(choice.get("index"), int):
        choice["index"] = position
    message["role"] = "assistant"
    message.setdefault("content", None)
    mend_reasoning(message)
    require(message, SAID)
    require(choice, CHOICE)
    _conform_calls(message)
    choice["finish_reason"] = finish_reason(choice.get("finish_reason"), calls="tool_calls" in message)


def _conform_calls(message: Json) -> None:
    """No calls are no list: an empty one makes naive clients loop."""
    calls = message.pop("tool_calls", None)
    if not calls:
        return
    if not isinstance(calls, list) or not all(isinstance(call, dict) for call in calls):
        raise Failure("invalid_response", "`tool_calls` of the answer is not an array of objects")
    for call in calls:
        call["type"] = text_or(call.get("type"), "function")
        function = call.get("function")
        if isinstance(function, dict):
            function["arguments"] = arguments(function.get("arguments"))
    message["tool_calls"] = calls


def has_answer(completion: Json) -> bool:
    """Whether any choice says more than its finish reason."""
    return any(
        message.get(key)
        for message in (choice["message"] for choice in completion["choices"])
        for key in (*JOINED, "tool_calls", "audio", "images", "function_call")
    )


def fold(chunks: Iterable[Json], usage: Json | None) -> Json:
    """The completion that these conformed chunks tell."""
    frame: Json = {}
    choices: dict[int, Json] = {}
    for chunk in chunks:
        frame.update({k: v for k, v in chunk.items() if k not in ("choices", "usage", "object")})
        for piece in chunk["choices"]:
            choice = choices.setdefault(piece["index"], _empty_choice(piece["index"]))
            _fold_delta(choice["message"], piece["delta"])
            if piece.get("logprobs"):
                choice["logprobs"] = _join_logprobs(choice["logprobs"], piece["logprobs"])
            choice["finish_reason"] = piece["finish_reason"] or choice["finish_reason"]
            choice.update((key, value) for key, value in piece.items() if key not in OF_A_PIECE)
    whole = {**frame, "object": "chat.completion", "choices": [choices[i] for i in sorted(choices)]}
    return {**whole, "usage": usage} if usage else whole


def _empty_choice(index: int) -> Json:
    message: Json = {"role": "assistant", "content": None}
    return {"index": index, "message": message, "logprobs": None, "finish_reason": None}


def _fold_delta(message: Json, delta: Json) -> None:
    for key, value in delta.items():
        if key == "role" or value is None:
            continue
        if key == "tool_calls":
            calls = message.setdefault("tool_calls", [])
            for call in value:
                _fold_call(calls, call)
        elif isinstance(value, str):
            message[key] = (message.get(key) or "") + value
        elif isinstance(value, list):
            message[key] = [*(message.get(key) or []), *value]
        elif isinstance(value, dict):
            message[key] = _fold_object(message.get(key) or {}, value)
        else:
            message[key] = value


def _fold_call(calls: list[Json], call: Json) -> None:
    """Calls come in the order of their index, each opened before it goes on."""
    said = {key: value for key, value in call.items() if key != "index"}
    if call["index"] == len(calls):
        calls.append(said)
    else:
        whole = calls[call["index"]]
        for key, piece in said.items():
            whole[key] = _fold_object(whole.get(key) or {}, piece) if isinstance(piece, dict) else piece


def _fold_object(whole: Json, piece: Json) -> Json:
    """Audio and legacy function_call pieces: text joins, the rest is said once."""
    joined = dict(whole)
    for key, value in piece.items():
        text = isinstance(value, str) and key not in ("id", "name") and isinstance(whole.get(key), str)
        joined[key] = whole[key] + value if text else value
    return joined


def _join_logprobs(whole: Json | None, piece: Json) -> Json:
    joined = dict(whole or {})
    for key, value in piece.items():
        joined[key] = [*(joined.get(key) or []), *value] if isinstance(value, list) else joined.get(key)
    return joined


def replay(completion: Json) -> list[Json]:
    """The chunks that tell this completion as a stream: role, text, tool calls, finish reason per choice."""
    frame = {k: v for k, v in completion.items() if k not in ("choices", "usage")}
    frame["object"] = "chat.completion.chunk"
    return [
        {**frame, "choices": [{"index": choice["index"], **piece}]}
        for choice in sorted(completion["choices"], key=lambda choice: int(choice["index"]))
        for piece in _pieces(choice)
    ]


def _pieces(choice: Json) -> list[Json]:
    message = choice["message"]
    # Null where the message has no text: the sum of the pieces must be the message again.
    pieces: list[Json] = [{"delta": {"role": "assistant", "content": message.get("content") and ""}}]
    pieces += [
        {"delta": {key: message[key]}} for key in ("reasoning_content", "refusal", "content") if message.get(key)
    ]
    if choice.get("logprobs"):
        pieces[-1]["logprobs"] = choice["logprobs"]
    calls = message.get("tool_calls") or []
    pieces += [{"delta": {"tool_calls": [{"index": index, **call}]}} for index, call in enumerate(calls)]
    known = {"role", "content", "tool_calls", *JOINED}
    rest = {k: v for k, v in message.items() if k not in known and v is not None}
    if rest:
        pieces.append({"delta": rest})
    pieces.append({"delta": {}})
    for piece in pieces:
        piece["finish_reason"] = None
    pieces[-1]["finish_reason"] = choice["finish_reason"]
    pieces[-1].update((key, value) for key, value in choice.items() if key not in OF_A_PIECE)
    return pieces
