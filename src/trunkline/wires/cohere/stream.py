"""The event stream as chunks.

https://docs.cohere.com/v2/docs/streaming: content blocks and tool calls have counters of their own; unknown events are
ignored.
"""

from collections.abc import Callable, Iterator
from typing import Any

from trunkline.hub.shape import arguments
from trunkline.types import Json
from trunkline.wires.cohere import reasoning
from trunkline.wires.cohere.answers import citations, cited, finish_reason, logprobs, tool_call, usage
from trunkline.wires.cohere.failures import error_inside, failed
from trunkline.wires.cohere.names import Names
from trunkline.wires.fields import as_text, key_of, object_of, text_of
from trunkline.wires.replies import parse_object
from trunkline.wires.tell import argued, call, choice


class OpenCall:
    """A tool call whose arguments may still come. `index`: ours."""

    __slots__ = ("free", "identity", "index", "name", "said")

    def __init__(self, index: int, identity: str, name: str, *, free: bool) -> None:
        self.index = index
        self.identity = identity
        self.name = name
        self.free = free
        self.said = ""


class Message:
    """A Reader."""

    __slots__ = ("_called", "_citations", "_names", "_open", "_starts", "_text", "done")

    def __init__(self, names: Names) -> None:
        self._names = names
        self._called = 0
        self._open: dict[Any, OpenCall] = {}
        self._citations: list[Json] = []
        self._starts: dict[Any, int] = {}
        self._text = 0
        self.done = False

    def take(self, name: str, data: bytes) -> Iterator[Json]:
        event = parse_object(data, "an event of the stream")
        kind = event.get("type", name)
        handle = HANDLERS.get(as_text(kind))
        if handle is not None:
            yield from handle(self, event)
        elif isinstance(event.get("message"), str) or event.get("error"):
            raise error_inside(event)

    def end(self) -> Iterator[Json]:
        yield from ()

    def _started(self, event: Json) -> Iterator[Json]:
        yield {"id": event.get("id"), **choice({})}

    def _spoke(self, event: Json) -> Iterator[Json]:
        """A block's opening may hold characters, too."""
        content = object_of(event, "delta", "message", "content")
        index = key_of(event, "index")
        self._starts.setdefault(index, self._text)
        text, thought = text_of(content, "text"), text_of(content, "thinking")
        self._text += len(text)
        delta: Json = {"content": text} if text else {}
        if thought:
            delta |= {"reasoning_content": thought, "reasoning_details": [reasoning.thought(thought, index)]}
        known = logprobs(event.get("logprobs")) if text else None
        if delta:
            yield choice(delta, logprobs=known)

    def _planned(self, event: Json) -> Iterator[Json]:
        plan = text_of(object_of(event, "delta", "message"), "tool_plan")
        if plan:
            yield choice({"reasoning_content": plan, "reasoning_details": [reasoning.plan(plan)]})

    def _opened(self, event: Json) -> Iterator[Json]:
        """The one call is an object, not a list."""
        said = object_of(event, "delta", "message", "tool_calls")
        function = object_of(said, "function")
        name = text_of(function, "name")
        free = self._names.ours.get(name, name) in self._names.custom
        opened = OpenCall(self._called, text_of(said, "id"), name, free=free)
        self._called += 1
        yield from self._close(key_of(event, "index"))
        self._open[key_of(event, "index")] = opened
        if not free:
            yield call(opened.index, tool_call(opened.identity, name, "", self._names))
        yield from self._argue(opened, function)

    def _argued(self, event: Json) -> Iterator[Json]:
        opened = self._open.get(key_of(event, "index"))
        if opened is not None:
            yield from self._argue(opened, object_of(event, "delta", "message", "tool_calls", "function"))

    def _argue(self, opened: OpenCall, function: Json) -> Iterator[Json]:
        piece = arguments(function.get("arguments"))
        if piece:
            opened.said += piece
            if not opened.free:
                yield argued(opened.index, piece)

    def _closed(self, event: Json) -> Iterator[Json]:
        yield from self._close(key_of(event, "index"))

    def _close(self, index: Any, *, cut: bool = False) -> Iterator[Json]:
        """`cut`: it is over before it was whole."""
        opened = self._open.pop(index, None)
        if opened is None:
            return
        if opened.free:
            yield call(opened.index, tool_call(opened.identity, opened.name, opened.said, self._names))
        elif not opened.said and not cut:
            # Nothing is streamed for a tool without arguments.
            yield argued(opened.index, "{}")

    def _cited(self, event: Json) -> Iterator[Json]:
        self._citations += citations(object_of(event, "delta", "message").get("citations"))
        yield from ()

    def _ended(self, event: Json) -> Iterator[Json]:
        delta = object_of(event, "delta")
        reason = delta.get("finish_reason")
        failure = failed(reason, delta.get("error"), delta.get("error_type"))
        if failure is not None:
            raise failure
        finish = finish_reason(reason, called=self._called > 0)
        for index in list(self._open):
            yield from self._close(index, cut=finish == "length")
        notes = cited(self._citations, self._starts)
        if notes:
            # Once and whole: SDKs cannot join lists.
            yield choice(notes)
        counted = usage(delta.get("usage"))
        yield {**(choice({}, finish) if finish else {"choices": []}), **({"usage": counted} if counted else {})}
        self.done = True


HANDLERS: dict[str, Callable[[Message, Json], Iterator[Json]]] = {
    "message-start": Message._started,
    "content-start": Message._spoke,
    "content-delta": Message._spoke,
    "tool-plan-delta": Message._planned,
    "tool-call-start": Message._opened,
    "tool-call-delta": Message._argued,
    "tool-call-end": Message._closed,
    "citation-start": Message._cited,
    "message-end": Message._ended,
}
