"""The chunks of a stream, held to the letter of `chat.completion.chunk`.

What each rule protects stands in the SDKs' own accumulators: Python's concatenates repeated roles, ids and names
and fails on a tool call without an index; every client takes a missing finish reason for the end.
"""

from typing import Any

import orjson

from trunkline.errors import Failure
from trunkline.hub.usage import Usage, read_usage
from trunkline.types import Json

FINISHES = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
CONTENT = ("content", "reasoning_content", "refusal", "tool_calls", "audio", "function_call")


class Choice:
    """What one choice has said so far. `calls`: the provider's index (or id) of a tool call -> ours, from 0."""

    __slots__ = ("calls", "finish", "ids", "opened")

    def __init__(self) -> None:
        self.opened = False
        self.finish: str | None = None
        self.calls: dict[Any, int] = {}
        self.ids: list[str] = []


class ChunkStream:
    """One stream's memory: what stays constant, what is said once, what comes at the end."""

    __slots__ = ("_choices", "created", "id", "model", "raw_usage")

    def __init__(self, call_id: str, created: int, model: str) -> None:
        self.id = f"chatcmpl-{call_id}"
        self.created = created
        self.model = model
        self.raw_usage: Json | None = None
        self._choices: dict[int, Choice] = {}

    @property
    def usage(self) -> Usage | None:
        return read_usage(self.raw_usage)

    @property
    def complete(self) -> bool:
        """Every choice has its finish reason."""
        return bool(self._choices) and all(choice.finish for choice in self._choices.values())

    def conform(self, chunk: Json) -> Json | None:
        """The chunk as the client may see it, or None when nothing of it is left. Changes it in place.

        Usage is taken out and kept: providers put it on any chunk, the client gets it in one of its own.
        """
        if not self._choices:
            self._adopt(chunk)
        if chunk.get("usage"):
            self.raw_usage = chunk["usage"]
        chunk.pop("usage", None)
        chunk.pop("obfuscation", None)
        chunk["id"] = self.id
        chunk["object"] = "chat.completion.chunk"
        chunk["created"] = self.created
        chunk["model"] = self.model
        choices = chunk.get("choices")
        chunk["choices"] = [c for c in choices if self._keep(c)] if isinstance(choices, list) else []
        return chunk if chunk["choices"] or chunk.get("moderation") else None

    def usage_chunk(self) -> Json:
        """The one chunk that carries usage, after the last finish reason."""
        return {**self._frame(), "choices": [], "usage": self.raw_usage}

    def _frame(self) -> Json:
        return {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
        }

    def _adopt(self, chunk: Json) -> None:
        """The first chunk's identity holds for the whole stream; Azure's first one may be empty strings."""
        if chunk.get("id") and isinstance(chunk["id"], str):
            self.id = chunk["id"]
        if chunk.get("model") and isinstance(chunk["model"], str):
            self.model = chunk["model"]
        created = chunk.get("created")
        if created and isinstance(created, int | float):
            self.created = int(created)

    def _keep(self, choice: Any) -> bool:
        if not isinstance(choice, dict):
            raise Failure("invalid_response", "a choice of the stream is not an object")
        index = choice.get("index")
        if not isinstance(index, int):
            index = choice["index"] = 0
        state = self._choices.get(index)
        if state is None:
            state = self._choices[index] = Choice()
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = choice["delta"] = {}
        if "tool_calls" in delta:
            _conform_calls(state, delta, self.id)
        if isinstance(delta.get("reasoning"), str):
            delta.setdefault("reasoning_content", delta["reasoning"])
            del delta["reasoning"]
        finish = choice.get("finish_reason") or None
        choice["finish_reason"] = _finish(finish) if finish else None
        if not self._role(state, choice, delta):
            return False
        state.finish = choice["finish_reason"] or state.finish
        return True

    @staticmethod
    def _role(state: Choice, choice: Json, delta: Json) -> bool:
        """The role once, in the first delta; a delta with nothing left after the finish is dropped."""
        delta.pop("role", None)
        if not state.opened:
            state.opened = True
            choice["delta"] = {"role": "assistant", **delta}
            return True
        return bool(delta or choice["finish_reason"]) and not (state.finish and not any(delta.values()))


def has_content(chunk: Json) -> bool:
    """Whether a conformed chunk commits the stream: content or a finish reason, not a role alone."""
    return any(
        choice["finish_reason"] or any(choice["delta"].get(key) for key in CONTENT) for choice in chunk["choices"]
    )


def _finish(finish: Any) -> str:
    if finish == "error":
        raise Failure("server_error", "the provider ended its answer with an error")
    return finish if finish in FINISHES else "stop"


def _conform_calls(state: Choice, delta: Json, stream_id: str) -> None:
    calls = delta["tool_calls"]
    if not calls or not isinstance(calls, list):
        del delta["tool_calls"]
        return
    for call in calls:
        if not isinstance(call, dict):
            raise Failure("invalid_response", "a tool call of the stream is not an object")
        _conform_call(state, call, stream_id)


def _conform_call(state: Choice, call: Json, stream_id: str) -> None:
    """Index by order of appearance; id, type and name only where the call opens."""
    raw = call.get("function")
    function: Json = raw if isinstance(raw, dict) else {}
    identity = call.get("id") if isinstance(call.get("id"), str) else None
    index = call.get("index")
    key: Any = index if isinstance(index, int) else identity
    known = state.calls.get(key) if key is not None else len(state.ids) - 1 if state.ids else None
    if known is not None and identity and function.get("name") and identity != state.ids[known]:
        known = None  # one index for several calls: a new id with a name is a new call
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        arguments = orjson.dumps(arguments).decode() if arguments else ""
    if known is None:
        known = len(state.ids)
        state.ids.append(identity or f"call_{stream_id[-12:]}_{known}")
        state.calls[key] = known
        opening = {"id": state.ids[known], "type": call.get("type") or "function"}
        call.update(opening, index=known, function={**function, "arguments": arguments})
        call["function"]["name"] = function.get("name") or ""
    else:
        call.pop("id", None)
        call.pop("type", None)
        call.update(index=known, function={"arguments": arguments})
