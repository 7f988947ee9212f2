"""A whole answer as a completion."""

from collections.abc import Callable

from trunkline.errors import Failure
from trunkline.types import Json
from trunkline.wires import tell
from trunkline.wires.bedrock import reasoning
from trunkline.wires.bedrock.answers import THEIRS, Asked, finish_reason, notes, tier, tool_call, usage
from trunkline.wires.fields import as_objects, dumps, object_of, text_of

EXTRA = "additionalModelResponseFields"


class Said:
    """A message while its blocks are read."""

    __slots__ = ("annotations", "asked", "calls", "citations", "details", "text", "thought")

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.text = ""
        self.thought = ""
        self.calls: list[Json] = []
        self.details: list[Json] = []
        self.annotations: list[Json] = []
        self.citations: list[Json] = []

    def read_text(self, block: Json) -> None:
        self.text += text_of(block, "text")

    def read_use(self, block: Json) -> None:
        use = object_of(block, "toolUse")
        arguments = dumps(use.get("input"))
        if use.get("type") == THEIRS:
            return
        if self.asked.answer and use.get("name") == self.asked.answer:
            self.text += arguments
        else:
            self.calls.append(tool_call(use, arguments, self.asked))

    def read_reasoning(self, block: Json) -> None:
        content = object_of(block, "reasoningContent")
        told = {**object_of(content, "reasoningText"), "redactedContent": content.get("redactedContent")}
        self.thought += text_of(told, "text")
        place = (len(self.details), len(self.text), len(self.calls))
        self.details.append(reasoning.detail(told, self.asked.form, *place))

    def read_cited(self, block: Json) -> None:
        cited = object_of(block, "citationsContent")
        start = len(self.text)
        for piece in as_objects(cited.get("content")):
            self.read_text(piece)
        web, others = notes(as_objects(cited.get("citations")), start, len(self.text))
        self.annotations += web
        self.citations += others

    @property
    def message(self) -> Json:
        return tell.message(
            self.text,
            reasoning_content=self.thought,
            reasoning_details=self.details,
            annotations=self.annotations,
            citations=self.citations,
            tool_calls=self.calls,
        )


READERS: dict[str, Callable[[Said, Json], None]] = {
    "text": Said.read_text,
    "toolUse": Said.read_use,
    "reasoningContent": Said.read_reasoning,
    "citationsContent": Said.read_cited,
}


def completion(told: Json, asked: Asked) -> Json:
    """Raises Failure where there is no answer in it."""
    blocks = object_of(told, "output", "message").get("content")
    if not isinstance(blocks, list):
        raise Failure("invalid_response", "the answer has no content")
    said = Said(asked)
    for block in as_objects(blocks):
        for name in READERS.keys() & block.keys():
            READERS[name](said, block)
    extra = {EXTRA: told[EXTRA]} if told.get(EXTRA) else {}
    return {**tell.completion(said.message, _finish(told, said), usage(told.get("usage"))), **tier(told), **extra}


def _finish(told: Json, said: Said) -> str:
    finish = finish_reason(told.get("stopReason"), called=bool(said.calls))
    return "stop" if finish == "tool_calls" and not said.calls and said.asked.answer else finish
