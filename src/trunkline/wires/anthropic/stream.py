"""The event stream as chunks.

https://platform.claude.com/docs/en/build-with-claude/streaming: blocks open, grow and close, by index; unknown events
and blocks are ignored, as new ones may come at any time.
"""

from collections.abc import Callable, Iterator
from typing import Any

import orjson

from trunkline.ports import PING
from trunkline.types import Json
from trunkline.wires.anthropic import reasoning
from trunkline.wires.anthropic.answers import (
    THINKING,
    TOLD,
    annotations,
    finish_reason,
    paused,
    refusal,
    usage,
)
from trunkline.wires.anthropic.failures import error_inside
from trunkline.wires.anthropic.turn import Turn, added
from trunkline.wires.fields import as_text, dumps, key_of, need_object, text_of
from trunkline.wires.replies import parse_object
from trunkline.wires.tell import argued, call, choice
from trunkline.wires.tools import tool_call


class Block:
    """An open block. `start`: characters of text before it; `said`: its arguments so far; `whole`: nothing came for it
    that we do not know."""

    __slots__ = ("call", "citations", "opening", "said", "start", "whole")

    def __init__(self, opening: Json, start: int, call: int) -> None:
        self.opening = opening
        self.start = start
        self.call = call
        self.said: list[str] = []
        self.citations: list[Any] = []
        self.whole = True

    def kept(self) -> Json | None:
        """What OpenAI has no word for, whole; None for all else and for what was cut off."""
        if self.opening.get("type") in TOLD or not self.whole:
            return None
        try:
            return {**self.opening, "input": orjson.loads("".join(self.said))} if self.said else self.opening
        except orjson.JSONDecodeError:
            return None


class Message:
    """A Reader. `custom`: names of the tools whose calls are free text; `paused`: the turn goes on elsewhere."""

    __slots__ = ("_blocks", "_custom", "_opened_blocks", "_turn", "_usage", "done", "paused")

    def __init__(self, custom: frozenset[str], turn: Turn) -> None:
        self._custom = custom
        self._turn = turn
        self._blocks: dict[Any, Block] = {}
        self._opened_blocks = 0
        self._usage: Json = {}
        self.done = False
        self.paused = False

    def take(self, _name: str, data: bytes) -> Iterator[Json]:
        event = parse_object(data, "an event of the stream")
        kind = event.get("type")
        if kind == "error" or (kind is None and event.get("error")):
            raise error_inside(event)
        handle = HANDLERS.get(as_text(kind))
        if handle is not None:
            yield from handle(self, event)

    def end(self) -> Iterator[Json]:
        yield from ()

    def _started(self, event: Json) -> Iterator[Json]:
        message = need_object(event, "message")
        self._count(message.get("usage"))
        yield {"id": message.get("id"), "model": message.get("model"), **choice({})}

    def _opened(self, event: Json) -> Iterator[Json]:
        opening = need_object(event, "content_block")
        turn = self._turn
        block = self._blocks[key_of(event, "index")] = Block(opening, turn.length, turn.calls)
        self._opened_blocks += 1
        kind = opening.get("type")
        if kind == "text":
            yield from self._say(block, {"text": opening.get("text"), "citations": opening.get("citations")})
        elif kind in THINKING:
            yield from self._think(event, opening)
        elif kind == "tool_use":
            turn.calls += 1
            if text_of(opening, "name") not in self._custom:
                yield call(block.call, tool_call(text_of(opening, "id"), text_of(opening, "name"), "", self._custom))

    def _grew(self, event: Json) -> Iterator[Json]:
        delta, block = need_object(event, "delta"), self._blocks.get(key_of(event, "index"))
        kind = delta.get("type")
        if block is None:
            return
        if kind in ("text_delta", "citations_delta"):
            yield from self._say(block, {"text": delta.get("text"), "citations": [delta.get("citation")]})
        elif kind in ("thinking_delta", "signature_delta"):
            yield from self._think(event, {**delta, "type": "thinking"})
        elif kind == "input_json_delta":
            yield from self._argue(block, text_of(delta, "partial_json"))
        else:
            block.whole = False

    def _closed(self, event: Json) -> Iterator[Json]:
        block = self._blocks.pop(key_of(event, "index"), None)
        if block is None:
            return
        self._turn.notes += annotations(block.citations, block.start, self._turn.length)
        if kept := block.kept():
            yield choice({"reasoning_details": [self._detail(event, kept, block.start, block.call)]})
        if block.opening.get("type") != "tool_use":
            return
        said = "".join(block.said) or dumps(block.opening.get("input"))
        name = text_of(block.opening, "name")
        if name in self._custom:
            yield call(block.call, tool_call(text_of(block.opening, "id"), name, said, self._custom))
        elif not block.said:
            # The `input` of its opening is a placeholder unless no delta comes.
            yield argued(block.call, said)

    def _say(self, block: Block, said: Json) -> Iterator[Json]:
        text = text_of(said, "text")
        self._turn.say(text)
        if isinstance(said["citations"], list):
            block.citations += said["citations"]
        if text:
            yield choice({"content": text})

    def _think(self, event: Json, block: Json) -> Iterator[Json]:
        thinking = text_of(block, "thinking")
        said = {"reasoning_content": thinking} if thinking else {}
        yield choice({**said, "reasoning_details": [self._detail(event, block, self._turn.length, self._turn.calls)]})

    def _detail(self, event: Json, block: Json, text: int, calls: int) -> Json:
        index = key_of(event, "index")
        index = self._turn.first + (index if isinstance(index, int) else 0)
        return self._turn.keep(reasoning.detail(block, index, text, calls))

    def _argue(self, block: Block, piece: str) -> Iterator[Json]:
        if piece:
            block.said.append(piece)
            if block.opening.get("type") == "tool_use" and text_of(block.opening, "name") not in self._custom:
                yield argued(block.call, piece)

    def _ended(self, event: Json) -> Iterator[Json]:
        self._count(event.get("usage"))
        delta = need_object(event, "delta")
        reason = delta.get("stop_reason")
        if reason == "pause_turn" and self._turn.pause(self._usage, self._opened_blocks):
            self.paused = True
            return
        counted = usage(added(self._turn.spent, self._usage)) if self._usage else None
        if reason is None:
            yield {"choices": [], "usage": counted}
            return
        if self._turn.notes:
            # Once and whole: SDKs cannot join lists (as with reasoning details).
            yield choice({"annotations": self._turn.notes})
        why = refusal(delta.get("stop_details")) if reason == "refusal" else None
        finish = finish_reason(reason, called=self._turn.calls > 0)
        yield {**choice({"refusal": why} if why else {}, finish, **paused(reason)), "usage": counted}

    def _count(self, said: Any) -> None:
        """Counts are cumulative: a later one replaces an earlier one."""
        if isinstance(said, dict):
            self._usage |= {name: value for name, value in said.items() if value is not None}

    def _stopped(self, _event: Json) -> Iterator[Json]:
        self.done = True
        yield from ()

    def _alive(self, _event: Json) -> Iterator[Json]:
        yield PING


HANDLERS: dict[str, Callable[[Message, Json], Iterator[Json]]] = {
    "message_start": Message._started,
    "content_block_start": Message._opened,
    "content_block_delta": Message._grew,
    "content_block_stop": Message._closed,
    "message_delta": Message._ended,
    "message_stop": Message._stopped,
    "ping": Message._alive,
}
