"""Events as chunks, and a whole response as the same chunks.

https://platform.openai.com/docs/api-reference/responses-streaming: items open, grow and close; unknown events and
items are ignored, as new ones may come at any time.
"""

from collections.abc import Callable, Iterator
from typing import Any

from trunkline.errors import Failure
from trunkline.ports import PING
from trunkline.types import Json
from trunkline.wires.fields import as_objects, as_text, need_object, text_of
from trunkline.wires.replies import parse_object
from trunkline.wires.responses import reasoning
from trunkline.wires.responses.answers import annotations, finish_reason, logprobs, riders, usage
from trunkline.wires.responses.failures import error_inside
from trunkline.wires.responses.opened import Item, call_id, part_of, place_of
from trunkline.wires.tell import argued, call, choice, image
from trunkline.wires.tools import tool_call

CALLS = ("function_call", "custom_tool_call")
SAID_AS = {"output_text": ("text", "content"), "refusal": ("refusal", "refusal")}


class Message:
    """A Reader. `issuer`: who is answering, which goes with reasoning that only he can read again."""

    __slots__ = ("_begun", "_calls", "_details", "_images", "_issuer", "_items", "_notes", "_text", "done")

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        self._items: dict[Any, Item] = {}
        self._begun = False
        self._text = 0
        self._calls = 0
        self._details = 0
        self._images = 0
        self._notes: list[Json] = []
        self.done = False

    def take(self, name: str, data: bytes) -> Iterator[Json]:
        event = parse_object(data, "an event of the stream")
        kind = event.get("type") or name
        if kind == "error" or (not kind and event.get("error")):
            yield from self._failed({"response": {"error": event.get("error") or event}})
            return
        handle = HANDLERS.get(as_text(kind))
        if handle is not None:
            yield from handle(self, event)

    def end(self) -> Iterator[Json]:
        yield from ()

    def whole(self, response: Json) -> Iterator[Json]:
        """A body that came at once. Raises Failure where there is no answer in it."""
        status = "failed" if response.get("error") else response.get("status", "completed")
        close = CLOSERS.get(as_text(status))
        if close is None or not (response.get("error") or isinstance(response.get("output"), list)):
            raise Failure("invalid_response", f"the answer has no output; its status is {str(status)[:40]!r}")
        yield from self._began({"response": response})
        yield from close(self, {"response": response})

    def _began(self, event: Json) -> Iterator[Json]:
        if self._begun:
            yield PING
            return
        self._begun = True
        response = need_object(event, "response")
        identity = {"id": response.get("id"), "model": response.get("model"), "created": response.get("created_at")}
        yield {**identity, **choice({})}

    def _alive(self, _event: Json) -> Iterator[Json]:
        yield PING

    def _added(self, event: Json) -> Iterator[Json]:
        item = need_object(event, "item")
        known = self._items[place_of(event)] = Item(self._text, self._calls)
        if item.get("type") in CALLS:
            self._calls += 1
        if item.get("type") == "function_call":
            known.open = True
            yield call(known.calls, tool_call(call_id(item), text_of(item, "name"), "", frozenset()))

    def _said(self, event: Json) -> Iterator[Json]:
        delta = text_of(event, "delta")
        self._item(event).said.add(part_of(event))
        self._text += len(delta)
        if delta:
            yield choice({"content": delta}, logprobs=logprobs(event))

    def _refused(self, event: Json) -> Iterator[Json]:
        self._item(event).said.add(part_of(event))
        yield choice({"refusal": text_of(event, "delta")})

    def _argued(self, event: Json) -> Iterator[Json]:
        item = self._item(event)
        if item.open:
            item.said.add("arguments")
            yield argued(item.calls, text_of(event, "delta"))

    def _thought(self, event: Json) -> Iterator[Json]:
        name = "summary" if "summary_index" in event else "content"
        self._item(event).said.add(name)
        yield choice({"reasoning_content": text_of(event, "delta")})

    def _item(self, event: Json) -> Item:
        """A delta without an item that it belongs to opens one."""
        return self._items.setdefault(place_of(event), Item(self._text, self._calls))

    def _closed(self, event: Json) -> Iterator[Json]:
        """What an item says that has not gone out yet."""
        said = need_object(event, "item")
        if place_of(event) not in self._items:
            yield from self._added(event)
        close = ITEMS.get(as_text(said.get("type")))
        if close is not None:
            yield from close(self, said, self._items[place_of(event)])

    def _message(self, said: Json, item: Item) -> Iterator[Json]:
        start = item.text
        for index, part in enumerate(as_objects(said.get("content"))):
            name, ours = SAID_AS.get(str(part.get("type")), ("", ""))
            text = text_of(part, name) if name else ""
            if name and index not in item.said and text:
                self._text += len(text) if ours == "content" else 0
                yield choice({ours: text}, logprobs=logprobs(part))
            self._notes += annotations(part, start)
            start += len(text) if ours == "content" else 0
        if text_of(said, "phase"):
            yield self._detail([reasoning.phase(said["phase"], item.text, item.calls, self._issuer)])

    def _function_call(self, said: Json, item: Item) -> Iterator[Json]:
        if "arguments" not in item.said:
            yield argued(item.calls, text_of(said, "arguments"))

    def _custom_call(self, said: Json, item: Item) -> Iterator[Json]:
        """Whole: a stream's deltas know no calls of free text."""
        custom = {"name": text_of(said, "name"), "input": text_of(said, "input")}
        yield call(item.calls, {"id": call_id(said), "type": "custom", "custom": custom})

    def _reasoning(self, said: Json, item: Item) -> Iterator[Json]:
        for name in ("summary", "content"):
            text = "".join(reasoning.texts(said, name))
            if text and name not in item.said:
                yield choice({"reasoning_content": text})
        entries = reasoning.details(said, item.text, item.calls, self._issuer)
        if entries:
            yield self._detail(entries)

    def _image(self, said: Json, _item: Item) -> Iterator[Json]:
        """As a data URL, where other hosts tell of pictures, too."""
        picture, kind = text_of(said, "result"), text_of(said, "output_format") or "png"
        if picture:
            yield choice(image(self._images, f"data:image/{kind};base64,{picture}"))
            self._images += 1

    def _detail(self, entries: list[Json]) -> Json:
        """Each with an index of its own: it is whole."""
        first = self._details
        self._details += len(entries)
        return choice({"reasoning_details": [{**one, "index": first + n} for n, one in enumerate(entries)]})

    def _ended(self, event: Json) -> Iterator[Json]:
        response = need_object(event, "response")
        if not self._items:  # nothing of it was streamed
            for index, item in enumerate(as_objects(response.get("output"))):
                yield from self._closed({"item": item, "output_index": index})
        if self._notes:
            # Once and whole: SDKs cannot join lists (as with reasoning details).
            yield choice({"annotations": self._notes})
        finish = finish_reason(response, called=self._calls > 0)
        yield {**riders(response), **choice({}, finish), "usage": usage(response.get("usage"))}
        self.done = True

    def _failed(self, event: Json) -> Iterator[Json]:
        """A prompt that the provider blocks is an answer without words."""
        response = need_object(event, "response")
        error = response.get("error")
        if not (isinstance(error, dict) and error.get("code") == "content_filter"):
            raise error_inside({"error": error or "the provider ended its answer"})
        yield {**choice({}, "content_filter"), "usage": usage(response.get("usage"))}
        self.done = True


Handler = Callable[[Message, Json], Iterator[Json]]

CLOSERS: dict[str, Handler] = {
    "completed": Message._ended,
    "incomplete": Message._ended,
    "failed": Message._failed,
    "cancelled": Message._failed,
}
HANDLERS: dict[str, Handler] = {
    "response.created": Message._began,
    "response.in_progress": Message._began,
    "response.queued": Message._began,
    "keepalive": Message._alive,
    "response.web_search_call.searching": Message._alive,
    "response.output_item.added": Message._added,
    "response.output_text.delta": Message._said,
    "response.refusal.delta": Message._refused,
    "response.function_call_arguments.delta": Message._argued,
    "response.reasoning_summary_text.delta": Message._thought,
    "response.reasoning_text.delta": Message._thought,
    "response.output_item.done": Message._closed,
    **{f"response.{status}": close for status, close in CLOSERS.items()},
}
ITEMS: dict[str, Callable[[Message, Json, Item], Iterator[Json]]] = {
    "message": Message._message,
    "function_call": Message._function_call,
    "custom_tool_call": Message._custom_call,
    "reasoning": Message._reasoning,
    "image_generation_call": Message._image,
}
