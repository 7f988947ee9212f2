"""The chunks of a stream, held to the letter of `chat.completion.chunk`.

What each rule protects stands in the SDKs' own accumulators: Python's concatenates repeated roles, ids and names
and fails on a tool call without an index; every client takes a missing finish reason for the end.
"""

from typing import Any

from trunkline.errors import Failure
from trunkline.hub.reasoning import Details
from trunkline.hub.shape import CHOICE, SAID, arguments, mend_reasoning, require, seconds_or, text_or
from trunkline.hub.usage import Usage, read_usage
from trunkline.types import Json

FINISHES = frozenset({"stop", "length", "tool_calls", "content_filter", "function_call"})
# OpenAI says them on every chunk, that with usage too: clients believe the last one.
RIDERS = ("system_fingerprint", "service_tier")
MOST_CHOICES = 128  # what `n` may ask for
OF_A_CHOICE = frozenset({"index", "delta", "finish_reason", "logprobs"})
CONTENT = ("content", "reasoning_content", "refusal", "tool_calls", "audio", "images", "function_call")


class Choice:
    """What one choice has said so far. `calls`: the provider's index (or id) of a tool call -> ours, from 0."""

    __slots__ = ("calls", "details", "finish", "ids", "opened")

    def __init__(self) -> None:
        self.opened = False
        self.details: Details | None = None
        self.finish: str | None = None
        self.calls: dict[Any, int] = {}
        self.ids: list[str] = []


class ChunkStream:
    """One stream's memory: what stays constant, what is said once, what comes at the end.

    `expected`: how many choices were asked for.
    """

    __slots__ = ("_choices", "_expected", "_riders", "_told", "created", "id", "model", "raw_usage")

    def __init__(self, call_id: str, created: int, model: str, expected: int = 1) -> None:
        self.id = f"chatcmpl-{call_id}"
        self._expected = expected
        self.created = created
        self.model = model
        self.raw_usage: Json | None = None
        self._choices: dict[int, Choice] = {}
        self._riders: Json = {}
        self._told = False

    @property
    def usage(self) -> Usage | None:
        return read_usage(self.raw_usage)

    @property
    def finished(self) -> bool:
        """Every choice that began has its finish reason."""
        return bool(self._choices) and all(choice.finish for choice in self._choices.values())

    @property
    def complete(self) -> bool:
        """So has every choice that was asked for: whatever happens now, the answer is whole."""
        return len(self._choices) >= self._expected and self.finished

    def conform(self, chunk: Json) -> list[Json]:
        """The chunk as the client may see it: one, none when nothing of it is left, or two where reasoning details
        end with it. Changes it in place.

        Usage is taken out and kept: providers put it on any chunk, the client gets it in one of its own.
        """
        if not self._told:
            self._adopt(chunk)
        self._riders.update((name, chunk[name]) for name in RIDERS if name in chunk)
        if chunk.get("usage"):
            self.raw_usage = chunk["usage"]
        chunk.pop("usage", None)
        chunk.pop("obfuscation", None)
        chunk["id"] = self.id
        chunk["object"] = "chat.completion.chunk"
        chunk["created"] = self.created
        chunk["model"] = self.model
        given = chunk.get("choices")
        choices = [c for c in given if self._keep(c)] if isinstance(given, list) else []
        if not choices and not chunk.get("moderation"):
            return []
        self._told = True
        if len(choices) > 1:
            choices.sort(key=_index)
        if choices and choices[-1]["index"]:
            choices[:0] = self._opened_below(choices[-1]["index"])
        chunk["choices"] = choices
        ending = [c for c in choices if c["finish_reason"] and self._choices[c["index"]].details]
        return self._with_details(chunk, ending) if ending else [chunk]

    def usage_chunk(self) -> Json:
        """The one chunk that carries usage, after the last finish reason."""
        return {**self._frame(), **self._riders, "choices": [], "usage": self.raw_usage}

    def _frame(self) -> Json:
        return {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.model,
        }

    def _adopt(self, chunk: Json) -> None:
        """The identity of the first chunk that goes out; Azure sends one of empty strings before it."""
        self.id = text_or(chunk.get("id"), self.id)
        self.model = text_or(chunk.get("model"), self.model)
        self.created = seconds_or(chunk.get("created"), self.created)

    def _keep(self, choice: Any) -> bool:
        if not isinstance(choice, dict):
            raise Failure("invalid_response", "a choice of the stream is not an object")
        index = choice.get("index")
        if not isinstance(index, int):
            index = choice["index"] = 0
        if not 0 <= index < MOST_CHOICES:
            raise Failure("invalid_response", f"the stream has a choice {index}, which nobody can have asked for")
        state = self._choices.get(index)
        if state is None:
            state = self._choices[index] = Choice()
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = choice["delta"] = {}
        if "tool_calls" in delta:
            _conform_calls(state, delta, self.id)
        mend_reasoning(delta)
        require(delta, SAID)
        require(choice, CHOICE)
        if "reasoning_details" in delta:
            state.details = state.details or Details()
            state.details.add(delta.pop("reasoning_details"))
        finish = choice.get("finish_reason") or None
        choice["finish_reason"] = finish_reason(finish, calls=bool(state.ids)) if finish else None
        if not _say_role(state, choice, delta):
            return False
        state.finish = choice["finish_reason"] or state.finish
        return True

    def _opened_below(self, highest: int) -> list[Json]:
        """Choices that a later one overtook, opened before it: clients index by position (wire section 8)."""
        below: list[Json] = []
        for index in range(highest):
            if index not in self._choices:
                self._choices[index] = Choice()
                self._choices[index].opened = True
                delta = {"role": "assistant", "content": ""}
                below.append({"index": index, "delta": delta, "finish_reason": None})
        return below

    def _with_details(self, chunk: Json, ending: list[Json]) -> list[Json]:
        """The reasoning details of choices that finish here, each whole in a delta of its own before the finish."""
        details, ends = [], []
        for choice in ending:
            state = self._choices[choice["index"]]
            whole, state.details = state.details.whole if state.details else [], None
            if whole:
                details.append({"index": choice["index"], "delta": {"reasoning_details": whole}, "finish_reason": None})
            said = {key: choice.pop(key) for key in choice.keys() - OF_A_CHOICE}  # of its end, most likely
            ends.append({"index": choice["index"], "delta": {}, "finish_reason": choice["finish_reason"], **said})
            choice["finish_reason"] = None
        before = [c for c in chunk["choices"] if c["delta"] or c["finish_reason"] or c.get("logprobs")]
        return [{**chunk, "choices": choices} for choices in (before, details, ends) if choices]


def _index(choice: Json) -> int:
    index: int = choice["index"]
    return index


def _say_role(state: Choice, choice: Json, delta: Json) -> bool:
    """The role once, in the first delta; a delta with nothing left to say is dropped."""
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


def finish_reason(given: Any, *, calls: bool) -> str:
    """One of OpenAI's; of those it does not know, with `calls` the one by which agents go on. Raises Failure for the
    one by which OpenRouter tells of an error."""
    if given == "error":
        raise Failure("server_error", "the provider ended its answer with an error")
    if isinstance(given, str) and given in FINISHES:
        return given
    return "tool_calls" if calls else "stop"


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
    opens = known is None
    if known is None:
        known = len(state.ids)
        state.ids.append(identity or f"call_{stream_id[-12:]}_{known}")
        state.calls[key] = known
        call.update(id=state.ids[known], type=text_or(call.get("type"), "function"))
    else:
        call.pop("id", None)
        call.pop("type", None)
    call["index"] = known
    if not isinstance(call.get("custom"), dict):
        call.pop("custom", None)
        call["function"] = _function(function, opens=opens)


def _function(function: Json, *, opens: bool) -> Json:
    said = arguments(function.get("arguments"))
    if not opens:
        return {"arguments": said}
    return {**function, "name": text_or(function.get("name"), ""), "arguments": said}
