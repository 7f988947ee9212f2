"""The event stream as chunks.

https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStreamOutput.html: blocks grow and close by
index; text opens without a word, and what the answer cost follows its end.
"""

from collections.abc import Callable, Iterator
from typing import Any

from trunkline.eventstream import FAILED
from trunkline.types import Json
from trunkline.wires.bedrock import reasoning
from trunkline.wires.bedrock.answers import THEIRS, Asked, finish_reason, notes, tier, tool_call, usage
from trunkline.wires.bedrock.failures import exception
from trunkline.wires.bedrock.whole import EXTRA
from trunkline.wires.fields import key_of, object_of, text_of
from trunkline.wires.replies import parse_object
from trunkline.wires.tell import argued, call, choice


class Block:
    """An open block. `start`: characters of text before it; `call`: the index of its tool call; `said`: its arguments
    so far."""

    __slots__ = ("call", "citations", "said", "start", "use")

    def __init__(self, start: int, call: int, use: Json) -> None:
        self.start = start
        self.call = call
        self.use = use
        self.said: list[str] = []
        self.citations: list[Any] = []


class Message:
    """A Reader."""

    __slots__ = ("_annotations", "_asked", "_blocks", "_calls", "_citations", "_finished", "_text", "done")

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._blocks: dict[Any, Block] = {}
        self._text = 0
        self._calls = 0
        self._annotations: list[Json] = []
        self._citations: list[Json] = []
        self._finished = False
        self.done = False

    def take(self, name: str, data: bytes) -> Iterator[Json]:
        """Unknown events are ignored, as new ones may come at any time."""
        if name.startswith(FAILED):
            raise exception(name.removeprefix(FAILED), data)
        handle = HANDLERS.get(name)
        if handle is not None:
            yield from handle(self, parse_object(data, "an event of the stream"))

    def end(self) -> Iterator[Json]:
        yield from ()

    def _started(self, _event: Json) -> Iterator[Json]:
        yield choice({})

    def _opened(self, event: Json) -> Iterator[Json]:
        use = object_of(event, "start", "toolUse")
        block = self._blocks[key_of(event, "contentBlockIndex")] = Block(self._text, self._calls, use)
        if use and not self._is_text(use) and use.get("type") != THEIRS:
            self._calls += 1
            if text_of(use, "name") not in self._asked.custom:
                yield call(block.call, tool_call(use, "", self._asked))

    def _grew(self, event: Json) -> Iterator[Json]:
        delta, index = object_of(event, "delta"), key_of(event, "contentBlockIndex")
        block = self._blocks.get(index)
        if block is None:
            block = self._blocks[index] = Block(self._text, self._calls, {})
        yield from self._say(text_of(delta, "text"))
        yield from self._argue(block, text_of(object_of(delta, "toolUse"), "input"))
        thought = object_of(delta, "reasoningContent")
        if thought:
            yield self._think(thought, index)
        if delta.get("citation"):
            block.citations.append(delta["citation"])

    def _say(self, text: str) -> Iterator[Json]:
        if text:
            self._text += len(text)
            yield choice({"content": text})

    def _think(self, content: Json, index: Any) -> Json:
        text = text_of(content, "text")
        number = index if isinstance(index, int) else 0
        detail = reasoning.detail(content, self._asked.form, number, self._text, self._calls)
        return choice({**({"reasoning_content": text} if text else {}), "reasoning_details": [detail]})

    def _argue(self, block: Block, piece: str) -> Iterator[Json]:
        if not piece or not block.use:
            return
        block.said.append(piece)
        if self._is_text(block.use):
            yield from self._say(piece)
        elif block.use.get("type") != THEIRS and text_of(block.use, "name") not in self._asked.custom:
            yield argued(block.call, piece)

    def _closed(self, event: Json) -> Iterator[Json]:
        yield from self._close(self._blocks.pop(key_of(event, "contentBlockIndex"), None))

    def _close(self, block: Block | None) -> Iterator[Json]:
        if block is None:
            return
        web, others = notes(block.citations, block.start, self._text)
        self._annotations += web
        self._citations += others
        use, said = block.use, "".join(block.said) or "{}"
        if not use or use.get("type") == THEIRS:
            return
        if self._is_text(use):
            yield from self._say("" if block.said else said)
        elif text_of(use, "name") in self._asked.custom:
            yield call(block.call, tool_call(use, said, self._asked))
        elif not block.said:
            yield argued(block.call, said)

    def _ended(self, event: Json) -> Iterator[Json]:
        """Told at once: the counts that follow are waited for with an answer that is complete already."""
        for block in list(self._blocks.values()):
            yield from self._close(block)
        self._blocks = {}
        finish = finish_reason(event.get("stopReason"), called=self._calls > 0)
        if finish == "tool_calls" and not self._calls and self._asked.answer:
            finish = "stop"
        # Once and whole: SDKs cannot join lists (as with reasoning details).
        said = {"annotations": self._annotations, "citations": self._citations}
        if any(said.values()):
            yield choice({name: value for name, value in said.items() if value})
        self._finished = True
        extra = {EXTRA: event[EXTRA]} if event.get(EXTRA) else {}
        yield {**choice({}, finish), **extra}

    def _counted(self, event: Json) -> Iterator[Json]:
        counted = usage(event.get("usage"))
        yield {"choices": [], "usage": counted, **tier(event)}
        # Another may come before it, with measurements alone.
        self.done = self._finished and counted is not None

    def _is_text(self, use: Json) -> bool:
        """The call by which the model gives its answer."""
        return bool(self._asked.answer) and use.get("name") == self._asked.answer


HANDLERS: dict[str, Callable[[Message, Json], Iterator[Json]]] = {
    "messageStart": Message._started,
    "contentBlockStart": Message._opened,
    "contentBlockDelta": Message._grew,
    "contentBlockStop": Message._closed,
    "messageStop": Message._ended,
    "metadata": Message._counted,
}
