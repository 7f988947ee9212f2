"""One candidate of an answer, as it grows: its parts as OpenAI's deltas.

https://ai.google.dev/api/generate-content#candidate: a stream tells each part in pieces, a whole answer at once, so
that one reader serves both.
"""

from collections.abc import Iterator
from typing import Any

from trunkline.errors import Failure
from trunkline.types import Json
from trunkline.wires.fields import as_object, as_objects, as_text
from trunkline.wires.gemini import reasoning
from trunkline.wires.gemini.answers import finish_reason, logprobs
from trunkline.wires.gemini.calling import Calling
from trunkline.wires.gemini.grounding import annotations
from trunkline.wires.tell import image

# Of a candidate, what OpenAI has no field for, told once and whole at its end.
EXTRAS = ("groundingMetadata", "urlContextMetadata", "citationMetadata", "safetyRatings", "continuationToken")


class Candidate:
    """`seed` makes ids for calls that have none; `custom`: names of the tools whose calls are free text."""

    __slots__ = (
        "_calling",
        "_details",
        "_extras",
        "_images",
        "_kept",
        "_length",
        "_starts",
        "_text",
        "index",
    )

    def __init__(self, index: int, seed: str, custom: frozenset[str]) -> None:
        self.index = index
        self._text: list[str] = []
        self._length = 0
        self._starts: list[int] = []
        self._calling = Calling(f"call_{seed[-12:]}_{f'{index}_' if index else ''}", custom)
        self._details = 0
        self._images = 0
        self._kept: list[Json] = []
        self._extras: Json = {}

    def take(self, said: Json) -> Iterator[Json]:
        """The choices that one piece of it comes to. Raises Failure."""
        deltas = [delta for part in _parts(said) for delta in self._part(part)]
        self._extras |= {name: said[name] for name in EXTRAS if said.get(name)}
        known = logprobs(said.get("logprobsResult"))
        for place, delta in enumerate(deltas):
            yield self._choice(delta, logprobs=known if place == len(deltas) - 1 else None)
        if known and not deltas:
            yield self._choice({"content": ""}, logprobs=known)
        reason = said.get("finishReason")
        if isinstance(reason, str) and reason:
            yield from self._finished(reason, said.get("finishMessage"))

    def blocked(self, feedback: Json) -> Iterator[Json]:
        """The prompt was: an answer without words, and why."""
        yield self._choice({"extra_content": {"google": {"promptFeedback": feedback}}})
        yield self._choice({}, "content_filter")

    def _finished(self, reason: str, message: Any) -> Iterator[Json]:
        finish = finish_reason(reason, message, called=self._calling.count > 0, said=bool(self._text or self._images))
        yield from (self._choice({"tool_calls": [piece]}) for piece in self._calling.close())
        notes = annotations(self._extras.get("groundingMetadata"), "".join(self._text), self._starts)
        # Once and whole: SDKs cannot join lists.
        if notes:
            yield self._choice({"annotations": notes})
        if self._kept:
            self._extras["parts"] = self._kept
        if self._extras:
            yield self._choice({"extra_content": {"google": self._extras}})
        yield self._choice({}, finish)

    def _part(self, part: Json) -> Iterator[Json]:
        signature = as_text(part.get("thoughtSignature")) or None
        self._starts.append(self._length)
        if isinstance(part.get("functionCall"), dict):
            yield from self._call(part["functionCall"], signature)
        elif part.get("text") is not None:
            yield from self._say(part, signature)
        elif _is_image(part):
            yield from self._draw(part, signature)
        elif part:
            self._kept.append({"part": part, **self._position()})

    def _say(self, part: Json, signature: str | None) -> Iterator[Json]:
        text = part["text"]
        if not isinstance(text, str):
            raise Failure("invalid_response", "`text` of the answer is not a string")
        thought = part.get("thought") is True
        position = self._position() if signature else {}
        if text and not thought:
            self._text.append(text)
            self._length += len(text)
        if text:
            yield {"reasoning_content" if thought else "content": text}
        if signature and thought:
            yield self._detail(reasoning.of_thought(signature, text, self._details, position))
        elif signature:
            yield self._detail(reasoning.of_text(signature, len(text), self._details, position))

    def _call(self, call: Json, signature: str | None) -> Iterator[Json]:
        identity, pieces = self._calling.take(call)
        extra = {"extra_content": {"google": {"thought_signature": signature}}} if signature else {}
        for piece in pieces:
            yield {"tool_calls": [{**piece, **(extra if piece.get("id") == identity else {})}]}
        if signature:
            yield self._detail(reasoning.of_call(signature, identity, self._details))

    def _draw(self, part: Json, signature: str | None) -> Iterator[Json]:
        """As OpenRouter tells pictures. Those of a thought are drafts."""
        if part.get("thought") is True:
            return
        data = part["inlineData"]
        index = self._images
        self._images += 1
        yield image(index, f"data:{data['mimeType']};base64,{data['data']}")
        if signature:
            yield self._detail(reasoning.of_image(signature, index, self._details))

    def _detail(self, entry: Json) -> Json:
        self._details += 1
        return {"reasoning_details": [entry]}

    def _position(self) -> Json:
        """How much came before, which OpenAI's message does not keep."""
        calls = self._calling.count
        return {**({"text": self._length} if self._length else {}), **({"calls": calls} if calls else {})}

    def _choice(self, delta: Json, finish: str | None = None, logprobs: Json | None = None) -> Json:
        told: Json = {"index": self.index, "delta": delta, "finish_reason": finish}
        return {**told, "logprobs": logprobs} if logprobs else told


def _parts(said: Json) -> list[Json]:
    """A candidate without content is one that was filtered."""
    return as_objects(as_object(said.get("content")).get("parts"))


def _is_image(part: Json) -> bool:
    data = as_object(part.get("inlineData"))
    return isinstance(data.get("data"), str) and as_text(data.get("mimeType")).startswith("image/")
